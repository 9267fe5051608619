package audit_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/worldtest"
)

// log is a world with a log of a few entries.
type log struct {
	*worldtest.World
	t     *testing.T
	now   time.Time
	other *org.Unit // a province beside
}

func newLog(t *testing.T) *log {
	w := worldtest.New(t)
	other := &org.Unit{ID: worldtest.ID(), Code: "52", Name: "Tỉnh Gia Lai", Kind: org.Province, ValidFrom: w.Province.ValidFrom}
	must(t, org.NewStore(w.DB).Add(t.Context(), []*org.Unit{other}))
	return &log{World: w, t: t, now: clock.System(), other: other}
}

// add writes an entry about a unit, each a second after the one before.
func (l *log) add(by audit.By, unit *org.Unit, entry audit.Entry) {
	l.t.Helper()
	if unit != nil {
		entry.UnitID = &unit.ID
	}
	if entry.Action == "" {
		entry.Action = audit.PersonChange
	}
	l.now = l.now.Add(time.Second)
	must(l.t, audit.NewStore(l.DB).Add(context.Background(), by, l.now, &entry))
}

// named adds a person of that name, "" for a guest.
func (l *log) named(name string) (id uuid.UUID) {
	l.t.Helper()
	id = worldtest.ID()
	_, err := l.DB.NewRaw(`INSERT INTO people (id, full_name, search, home_unit_id, created_at, registered_at)
		VALUES (?0, ?1, ?2, ?3, now(), CASE WHEN ?1 <> '' THEN now() END)`, id, name, org.Fold(name), l.Communes[0].ID).Exec(context.Background())
	must(l.t, err)
	return id
}

// search gives the first page.
func (l *log) search(reach audit.Reach, f audit.Filter) []*audit.Line {
	l.t.Helper()
	lines, _, err := audit.NewStore(l.DB).Search(context.Background(), reach, f)
	must(l.t, err)
	return lines
}

func at(units ...*org.Unit) audit.Reach {
	var reach audit.Reach
	for _, unit := range units {
		reach.Scope.Units = append(reach.Scope.Units, unit.ID)
	}
	return reach
}

// where names the units of entries, the oldest first.
func where(lines []*audit.Line) (names []string) {
	for _, line := range slices.Backward(lines) {
		names = append(names, line.UnitName)
	}
	return names
}

func TestReadersSeeTheirSubtree(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	for _, unit := range []*org.Unit{l.Province, l.Communes[0], l.Hamlets[0], l.Communes[1], l.other, nil} {
		l.add(audit.By{}, unit, audit.Entry{})
	}
	province, first, second, hamlet, other := l.Province.Name, l.Communes[0].Name, l.Communes[1].Name, l.Hamlets[0].Name, l.other.Name
	unplaced := at(l.other)
	unplaced.Unplaced = true
	for _, test := range []struct {
		name  string
		reach audit.Reach
		want  []string
	}{
		{"the unit itself and below", at(l.Communes[0]), []string{first, hamlet}},
		{"a sibling", at(l.Communes[1]), []string{second}},
		{"below only", at(l.Hamlets[0]), []string{hamlet}},
		{"a hamlet without entries", at(l.Hamlets[3]), nil},
		{"the parent", at(l.Province), []string{province, first, hamlet, second}},
		{"another province", at(l.other), []string{other}},
		{"two units, one in the other", at(l.Communes[0], l.Hamlets[0]), []string{first, hamlet}},
		{"with what belongs to no unit", unplaced, []string{other, ""}},
		{"only what belongs to no unit", audit.Reach{Unplaced: true}, []string{""}},
		{"nowhere", audit.Reach{}, nil},
	} {
		if got := where(l.search(test.reach, audit.Filter{})); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	for _, test := range []struct {
		unit *org.Unit
		want []string
	}{{l.Province, []string{first, hamlet}}, {l.Hamlets[0], []string{hamlet}}, {l.Communes[1], nil}, {l.other, nil}} {
		if got := where(l.search(at(l.Communes[0]), audit.Filter{Unit: test.unit.ID})); !slices.Equal(got, test.want) {
			t.Errorf("filtered by %s: %q, want %q", test.unit.Name, got, test.want)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	zoram, ho := l.named("Zơrâm Thị Đào"), l.named("Hồ Văn Tư")
	day := time.Date(2026, 3, 10, 0, 0, 0, 0, clock.Zone)
	for i, entry := range []struct {
		by      audit.By
		subject *uuid.UUID
		at      time.Time
		action  audit.Action
	}{
		{audit.By{ActorID: &zoram}, &ho, day.Add(-time.Second), audit.PersonChange},
		{audit.By{ActorID: &ho, HelperID: &zoram}, &ho, day, audit.PersonChange},
		{audit.By{ActorID: &ho}, nil, day.Add(24*time.Hour - time.Microsecond), audit.JoinCodeMake},
		{audit.By{}, &zoram, day.Add(24 * time.Hour), audit.PersonChange},
	} {
		l.now = entry.at.Add(-time.Second)
		changes := []audit.Change{{Field: "role", After: fmt.Sprint(i)}}
		l.add(entry.by, l.Communes[0], audit.Entry{Action: entry.action, SubjectID: entry.subject, Changes: changes})
	}
	for _, test := range []struct {
		name           string
		person         string
		action         audit.Action
		from, to, want string
	}{
		{name: "all", want: "3210"},
		{name: "actor, subject or helper, without marks", person: "zoram dao", want: ""},
		{name: "a part of a name", person: "ZORAM thi", want: "310"},
		{name: "with marks", person: "Thị Đào", want: "310"},
		{name: "another person", person: "van tu", want: "210"},
		{name: "nobody", person: "khong co ai", want: ""},
		{name: "no letters", person: "%", want: "3210"},
		{name: "an action", action: audit.JoinCodeMake, want: "2"},
		{name: "one day in Việt Nam", from: "2026-03-10", to: "2026-03-10", want: "21"},
		{name: "from a day", from: "2026-03-11", want: "3"},
		{name: "to a day", to: "2026-03-09", want: "0"},
		{name: "all at once", person: "van tu", action: audit.PersonChange, from: "2026-03-10", to: "2026-03-11", want: "1"},
	} {
		since, until, err := audit.Days(test.from, test.to)
		must(t, err)
		got := ""
		for _, line := range l.search(at(l.Province), audit.Filter{Person: test.person, Action: test.action, Since: since, Until: until}) {
			got += line.Changes[0].After
		}
		if got != test.want {
			t.Errorf("%s: entries %q, want %q", test.name, got, test.want)
		}
	}
}

// TestCommonNames: a name that many bear is looked for another way.
func TestCommonNames(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	people := make([]uuid.UUID, 300)
	for i := range people {
		people[i] = l.named("Nguyễn Thị Hoa")
	}
	l.add(audit.By{ActorID: &people[7]}, l.Communes[0], audit.Entry{})
	l.add(audit.By{}, l.Communes[0], audit.Entry{SubjectID: &people[299]})
	l.add(audit.By{}, l.Communes[0], audit.Entry{})
	if got := l.search(at(l.Communes[0]), audit.Filter{Person: "nguyen thi hoa"}); len(got) != 2 {
		t.Errorf("%d entries, want 2", len(got))
	}
}

func TestNamesAreTodays(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	actor, subject, guest := l.named("Hồ Văn Tư"), l.named("Alăng Bé"), l.named("")
	moved := []audit.Change{{Field: "unit", Before: l.Hamlets[0].ID.String(), After: l.Hamlets[1].ID.String()}}
	l.add(audit.By{ActorID: &actor, HelperID: &guest, Address: "203.0.113.9"}, l.Communes[0], audit.Entry{SubjectID: &subject, Changes: moved})
	_, err := l.DB.NewRaw("UPDATE people SET full_name = '', search = '', erased_at = now() WHERE id = ?", subject).Exec(t.Context())
	must(t, err)
	lines := l.search(at(l.Province), audit.Filter{})
	line := lines[0]
	if line.ActorName == nil || *line.ActorName != "Hồ Văn Tư" || line.HelperName == nil || *line.HelperName != "" || line.SubjectName != nil {
		t.Errorf("actor %v, helper %v, subject %v", line.ActorName, line.HelperName, line.SubjectName)
	}
	if line.UnitCode != "20242" || line.Address != "203.0.113.9" || line.System() {
		t.Errorf("%+v", line)
	}
	if named := audit.UnitsNamed(lines); !slices.Equal(named, []uuid.UUID{l.Hamlets[0].ID, l.Hamlets[1].ID}) {
		t.Errorf("units in changes: %v", named)
	}
}

// TestPagesNeitherRepeatNorMiss pages through entries, many of one moment,
// while others are added.
func TestPagesNeitherRepeatNorMiss(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	store, ctx := audit.NewStore(l.DB), context.Background()
	const entries = 3*audit.PageOfLines + 7
	var all []*audit.Entry
	for range entries {
		all = append(all, &audit.Entry{Action: audit.CardMake, UnitID: &l.Communes[0].ID})
	}
	must(t, store.Add(ctx, audit.By{}, l.now, all[:100]...)) // all at the same time
	for _, entry := range all[100:] {
		l.now = l.now.Add(time.Microsecond)
		must(t, store.Add(ctx, audit.By{}, l.now, entry))
	}
	seen := map[uuid.UUID]bool{}
	filter, pages := audit.Filter{}, 0
	for more := true; more; pages++ {
		lines, next, err := store.Search(ctx, at(l.Communes[0]), filter)
		must(t, err)
		for _, line := range lines {
			if seen[line.ID] {
				t.Errorf("page %d repeats %s", pages, line.ID)
			}
			seen[line.ID] = true
		}
		l.add(audit.By{}, l.Communes[0], audit.Entry{})
		filter.After, more = next, next != ""
	}
	if pages != 4 {
		t.Errorf("%d pages, want 4", pages)
	}
	for _, entry := range all {
		if !seen[entry.ID] {
			t.Errorf("%s was missed", entry.ID)
		}
	}
	if len(seen) != entries {
		t.Errorf("saw %d entries, want the %d that were there", len(seen), entries)
	}
}

func TestExportIsCut(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	var entries []*audit.Entry
	for range 2500 {
		entries = append(entries, &audit.Entry{Action: audit.CardMake, UnitID: &l.Communes[0].ID})
	}
	must(t, audit.NewStore(l.DB).Add(t.Context(), audit.By{}, l.now, entries...))
	for _, test := range []struct {
		most, want int
		cut        bool
	}{{1, 1, true}, {1000, 1000, true}, {2001, 2001, true}, {2499, 2499, true}, {2500, 2500, false}, {9999, 2500, false}} {
		seen := map[uuid.UUID]bool{}
		cut, err := audit.NewStore(l.DB).Export(t.Context(), at(l.Province), audit.Filter{}, test.most, func(lines []*audit.Line) error {
			for _, line := range lines {
				seen[line.ID] = true
			}
			return nil
		})
		must(t, err)
		if len(seen) != test.want || cut != test.cut {
			t.Errorf("at most %d: %d entries, cut %v", test.most, len(seen), cut)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
