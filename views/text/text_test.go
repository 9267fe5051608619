package text

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/pilot"
	"hocso/internal/platform/fault"
)

var (
	// literal is a string in Go or templ that looks like a key.
	literal = regexp.MustCompile(`"([a-z_]+\.[a-z_.-]+)"`)
	// family is the beginning of keys that are put together where they are used.
	family = regexp.MustCompile(`"([a-z_]+\.(?:[a-z_]+_)?)"\s*\+`)
	verbs  = regexp.MustCompile(`%[dsv%]`)
)

// madeUp are the keys that the code puts together from parts.
func madeUp() map[string]bool {
	keys := map[string]bool{}
	for _, role := range identity.Roles {
		keys["role."+string(role)], keys["role_sees."+string(role)] = true, true
	}
	for _, kind := range []fault.Kind{fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict, fault.TooLarge, fault.TooMany, fault.Unavailable, fault.Internal} {
		keys["fault."+string(kind)], keys["fault_todo."+string(kind)] = true, true
	}
	for _, action := range audit.Actions {
		keys["audit.action."+string(action)] = true
	}
	for _, field := range audit.Fields {
		keys["audit.field."+field] = true
	}
	for _, value := range []string{
		string(identity.Helped), string(identity.DoneFor), string(identity.BySelf), string(identity.Spoken), string(identity.Written),
	} {
		keys["audit.value."+value] = true
	}
	for _, column := range pilot.Columns {
		keys["pilot."+column] = true
	}
	return keys
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	for key, vi := range catalogue["vi"] {
		en, ok := catalogue["en"][key]
		if !ok {
			t.Errorf("en.yaml lacks %s", key)
			continue
		}
		if len(verbs.FindAllString(vi, -1)) != len(verbs.FindAllString(en, -1)) {
			t.Errorf("%s: %q and %q take different arguments", key, vi, en)
		}
		if !norm.NFC.IsNormalString(vi) {
			t.Errorf("%s is not in NFC", key)
		}
	}
	for key := range catalogue["en"] {
		if _, ok := catalogue["vi"][key]; !ok {
			t.Errorf("vi lacks %s", key)
		}
	}
}

func TestEveryKeyExistsAndIsUsed(t *testing.T) {
	used := madeUp()
	for _, root := range []string{"../../views", "../../internal"} {
		walk(t, root, func(path, source string) {
			for _, match := range family.FindAllStringSubmatch(source, -1) {
				for key := range catalogue["vi"] {
					if strings.HasPrefix(key, match[1]) {
						used[key] = true
					}
				}
			}
			for _, match := range literal.FindAllStringSubmatch(source, -1) {
				if _, ok := catalogue["vi"][match[1]]; ok {
					used[match[1]] = true
				} else if strings.HasSuffix(path, ".templ") && !strings.Contains(match[1], "static") && !known(match[1]) && !strings.HasSuffix(match[1], "_") {
					t.Errorf("%s: no text for %s", path, match[1])
				}
			}
		})
	}
	for key := range used {
		if _, ok := catalogue["vi"][key]; !ok {
			t.Errorf("vi lacks %s", key)
		}
	}
	for key := range catalogue["vi"] {
		if !used[key] {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// known tells apart file names, which look like keys.
func known(name string) bool {
	switch filepath.Ext(name) {
	case ".css", ".js", ".svg":
		return true
	}
	return false
}

// TestNoWordsInTempl: letters with Vietnamese marks belong into the catalogue.
func TestNoWordsInTempl(t *testing.T) {
	marked := regexp.MustCompile(`[à-ỹÀ-ỸđĐ]`)
	allowed := strings.NewReplacer("Học Số", "", "Tiếng Việt", "", "Tăng/Giảm tương phản", "")
	walk(t, "../../views", func(path, source string) {
		if !strings.HasSuffix(path, ".templ") {
			return
		}
		for i, line := range strings.Split(source, "\n") {
			if marked.MatchString(allowed.Replace(line)) {
				t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
			}
		}
	})
}

func walk(t *testing.T, root string, visit func(path, source string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && entry.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return err
		}
		if strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") ||
			filepath.Ext(path) != ".go" && filepath.Ext(path) != ".templ" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err == nil {
			visit(path, string(source))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
