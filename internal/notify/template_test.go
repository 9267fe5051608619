package notify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestEveryKindHasWords walks the constants of all rooms: whatever kind of
// notice the code can queue has a template that says something in every form.
func TestEveryKindHasWords(t *testing.T) {
	found := map[Kind]bool{}
	check(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && isKind(file.Name.Name, spec.Type) {
				for _, value := range spec.Values {
					kind, err := strconv.Unquote(value.(*ast.BasicLit).Value)
					check(t, err)
					found[Kind(kind)] = true
				}
			}
			return true
		})
		return nil
	}))
	if len(found) < 14 {
		t.Errorf("only %d kinds were found", len(found))
	}
	for kind := range found {
		original := Originals[kind]
		if original == nil {
			t.Errorf("content/notices/%s.yaml is missing", kind)
			continue
		}
		if kind != AddressConfirm && original.Group == "" {
			t.Errorf("%s belongs to no group: nobody could choose how to be told of it", kind)
		}
		for name, v := range original.Variables {
			if v.About == "" || v.Example == "" {
				t.Errorf("%s: {%s} has no meaning or no example", kind, name)
			}
		}
		words := original.Fill(original.Examples())
		for _, said := range []string{words.Subject, words.Text, words.Short} {
			if said == "" || strings.ContainsAny(said, "{}") {
				t.Errorf("%s says %q", kind, said)
			}
		}
	}
	for kind := range Originals {
		if !found[kind] {
			t.Errorf("nothing queues %s", kind)
		}
	}
}

// isKind tells whether a type that a package names is Kind.
func isKind(in string, t ast.Expr) bool {
	switch typed := t.(type) {
	case *ast.Ident:
		return in == "notify" && typed.Name == "Kind"
	case *ast.SelectorExpr:
		room, ok := typed.X.(*ast.Ident)
		return ok && room.Name == "notify" && typed.Sel.Name == "Kind"
	}
	return false
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWordsAreChecked(t *testing.T) {
	due, confirm := Originals["program-due"], Originals[AddressConfirm]
	good := Words{Subject: "Nhắc: {program}", Text: "Hạn {due}.\r\nCòn {days} ngày.", Short: "{program} {days}"}
	for _, c := range []struct {
		name     string
		template *Template
		change   func(*Words)
		field    string
		want     Wrong
	}{
		{"good", due, func(*Words) {}, "", Wrong{}},
		{"empty", due, func(w *Words) { w.Subject = " \n " }, "subject", Wrong{Key: "notify.template_empty"}},
		{"unknown", due, func(w *Words) { w.Text = "{ten}" }, "text", Wrong{"notify.template_unknown", "{ten}"}},
		{"with a space", due, func(w *Words) { w.Text = "{program }" }, "text", Wrong{"notify.template_unknown", "{program }"}},
		{"of another kind", due, func(w *Words) { w.Short = "{head}" }, "short", Wrong{"notify.template_unknown", "{head}"}},
		{"a brace alone", due, func(w *Words) { w.Text = "{program" }, "text", Wrong{Key: "notify.template_brace"}},
		{"a brace over lines", due, func(w *Words) { w.Text = "{pro\ngram}" }, "text", Wrong{Key: "notify.template_brace"}},
		{"as long as may be", due, func(w *Words) { w.Short = strings.Repeat("ữ", 200) }, "", Wrong{}},
		{"too long", due, func(w *Words) { w.Short = strings.Repeat("ữ", 201) }, "short", Wrong{"notify.template_long", "200"}},
		{"without its link", confirm, func(w *Words) { *w = Words{"Xác nhận", "Bấm vào", "Bấm {link}"} }, "text", Wrong{"notify.template_lacks", "{link}"}},
	} {
		words := good
		c.change(&words)
		_, wrong := c.template.Check(words)
		if c.field == "" && len(wrong) > 0 || c.field != "" && wrong[c.field] != c.want {
			t.Errorf("%s: %v", c.name, wrong)
		}
	}
	tidy, _ := due.Check(Words{Subject: " Hạn\n{program} ", Text: "Hoà\r\n\r\nbình ", Short: "x"})
	if tidy.Subject != "Hạn {program}" || tidy.Text != "Hoà\n\nbình" {
		t.Errorf("%+v", tidy)
	}
}

func TestFilling(t *testing.T) {
	words := Words{Subject: "{program}: còn {days}", Text: "{program}\n{none}\n{days}", Short: "{program}"}.Fill(map[string]string{"program": "A\r\nBcc: x {days}", "days": "7"})
	if words.Subject != "A Bcc: x {days}: còn 7" {
		t.Errorf("a title with line breaks and braces makes %q", words.Subject)
	}
	if words.Text != "A\r\nBcc: x {days}\n\n7" {
		t.Errorf("text %q", words.Text)
	}
	if got := cut(strings.Repeat("ữ", 200)); len([]rune(got)) != mostShort || !strings.HasSuffix(got, "…") {
		t.Errorf("cut to %d", len([]rune(got)))
	}
}
