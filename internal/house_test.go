// Package internal_test keeps the house in order: who may import whom.
package internal_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "hocso"

// inside says what the rooms of one floor may import from each other.
type inside int

const (
	nothing   inside = iota
	leftwards        // only rooms listed before their own
	anything
)

// floors is the house from the ground up. A package imports from floors below
// its own, and inside its floor as that floor says. A room that ends in "/…"
// stands for every package below it.
var floors = []struct {
	inside inside
	rooms  []string
}{
	0: {nothing, []string{"content", "migrations"}},
	1: {anything, []string{"internal/platform/…"}},
	2: {leftwards, []string{
		"internal/org", "internal/audit", "internal/identity", "internal/notify", "internal/roster", "internal/course", "internal/quiz",
		"internal/practice", "internal/authoring", "internal/mastery", "internal/program", "internal/certificate", "internal/team", "internal/feedback",
		"internal/pilot", "internal/learner",
	}},
	3: {anything, []string{"views/…"}},
	4: {nothing, []string{"internal/web", "internal/jobs", "internal/demo"}},
	5: {leftwards, []string{"internal/bench", "cmd/…"}},
}

// testRooms are imported by tests and by each other only. top is the highest
// floor that each may import from.
var testRooms = []struct {
	room string
	top  int
}{
	{"internal/platform/testkit/…", 1},
	{"internal/worldtest", 2},
	{"internal/e2e", 5},
	{"internal/faults", 5},
	{"internal", 5}, // this test
}

// place is where a package lives: a floor and a room there, or a test room.
type place struct {
	floor, room int
	test        bool
}

func find(path string) (place, bool) {
	for i, t := range testRooms {
		if covers(t.room, path) {
			return place{floor: t.top, room: i, test: true}, true
		}
	}
	for f, floor := range floors {
		for r, room := range floor.rooms {
			if covers(room, path) {
				return place{floor: f, room: r}, true
			}
		}
	}
	return place{}, false
}

func covers(room, path string) bool {
	tree, all := strings.CutSuffix(room, "/…")
	return path == tree || all && strings.HasPrefix(path, tree+"/")
}

// objection says what is wrong with one import; nothing when it is right.
func objection(from, to place, inTest bool) string {
	switch {
	case to.test && !from.test && !inTest:
		return "a room for tests is imported by tests only"
	case to.test:
		return ""
	case from.test && to.floor > from.floor:
		return "this room for tests may not reach that floor"
	case from.test:
		return ""
	case to.floor > from.floor:
		return "the import goes up; what is needed belongs on a lower floor, or is passed in as a value or an interface"
	case to.floor < from.floor || to.room == from.room:
		return ""
	case floors[from.floor].inside == nothing:
		return "rooms of this floor do not import each other"
	case floors[from.floor].inside == leftwards && to.room > from.room:
		return "on this floor a room imports only those listed before it"
	}
	return ""
}

type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range packages(t) {
		path := local(p.ImportPath)
		from, ok := find(path)
		if !ok {
			t.Errorf("%s has no place in the house: add it to floors (or testRooms) in internal/house_test.go", path)
			continue
		}
		check := func(imports []string, inTest bool) {
			for _, imported := range slices.Compact(slices.Sorted(slices.Values(imports))) {
				if !strings.HasPrefix(imported, module+"/") {
					continue
				}
				to, ok := find(local(imported))
				if !ok {
					continue // it is told of as a package of its own
				}
				if why := objection(from, to, inTest); why != "" {
					t.Errorf("%s imports %s: %s", path, local(imported), why)
				}
			}
		}
		check(p.Imports, false)
		check(append(p.TestImports, p.XTestImports...), true)
	}
}

func local(path string) string { return strings.TrimPrefix(path, module+"/") }

func TestTheRuleItself(t *testing.T) {
	for _, x := range []struct {
		from, to    string
		inTest, may bool
	}{
		{"internal/quiz", "internal/course", false, true},
		{"internal/course", "internal/quiz", false, false},
		{"internal/quiz", "internal/platform/postgres", false, true},
		{"internal/quiz", "internal/web", true, false},
		{"internal/platform/queue", "internal/platform/clock", false, true},
		{"internal/platform/queue", "internal/org", false, false},
		{"internal/web", "internal/jobs", false, false},
		{"internal/web", "views/quiz", false, true},
		{"views/quiz", "views/layout", false, true},
		{"views/quiz", "internal/quiz", false, true},
		{"cmd/hocso", "internal/bench", false, true},
		{"internal/quiz", "internal/platform/testkit", true, true},
		{"internal/quiz", "internal/platform/testkit", false, false},
		{"internal/worldtest", "internal/platform/testkit", false, true},
		{"internal/platform/testkit/testenv", "internal/quiz", false, false},
		{"internal/e2e", "cmd/hocso", true, true},
	} {
		from, _ := find(x.from)
		to, _ := find(x.to)
		if why := objection(from, to, x.inTest); (why == "") != x.may {
			t.Errorf("%s → %s: %q", x.from, x.to, why)
		}
	}
	if _, ok := find("internal/attic"); ok {
		t.Error("a room that nobody named has a place")
	}
}
