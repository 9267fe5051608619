package notify

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"

	"hocso/content"
)

// Group is what people choose the channels of, together.
type Group string

// The groups.
const (
	Assignments  Group = "assignments"  // what somebody has to learn, and what was decided about it
	Reminders    Group = "reminders"    // of deadlines
	Heads        Group = "heads"        // what the head of a unit answers for
	Certificates Group = "certificates" // records of completion
)

// Groups lists them in the order in which pages show them.
var Groups = []Group{Assignments, Reminders, Heads, Certificates}

// How long words may be, in characters.
const (
	maxSubject = 120
	maxText    = 2000
	maxShort   = 200
)

// Words are what one kind of notice says. {name} stands for a variable.
type Words struct {
	Subject string `yaml:"subject"` // one line
	Text    string `yaml:"text"`
	Short   string `yaml:"short"` // one sentence, for a telephone
}

// Variable is what a template can have filled in.
type Variable struct {
	About    string `yaml:"about"`
	Example  string `yaml:"example"`
	Required bool   `yaml:"required"` // says nothing without it
}

// Template is one kind of notice.
type Template struct {
	Kind      Kind  `yaml:"-"`
	Group     Group `yaml:"group"` // "" for what is no notice of the inbox
	Words     `yaml:",inline"`
	Variables map[string]Variable `yaml:"variables"`
}

// Names lists the variables in the order of the alphabet.
func (t *Template) Names() []string {
	var names []string
	for name := range t.Variables {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Examples fill every variable, to show what it looks like.
func (t *Template) Examples() map[string]string {
	data := map[string]string{}
	for name, v := range t.Variables {
		data[name] = v.Example
	}
	return data
}

// variable is what is filled in, or would be if it were written rightly.
var variable = regexp.MustCompile(`\{([^{}\n]*)\}`)

// Fill puts data into words. A variable that is not there leaves nothing behind.
func (w Words) Fill(data map[string]string) Words {
	fill := func(s string) string {
		return variable.ReplaceAllStringFunc(s, func(found string) string { return data[found[1:len(found)-1]] })
	}
	return Words{Subject: oneLine(fill(w.Subject)), Text: strings.TrimSpace(fill(w.Text)), Short: oneLine(fill(w.Short))}
}

// oneLine takes out of a line what would make it several: a title may hold it,
// a header may not.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Wrong is what is wrong with one field of a template.
type Wrong struct {
	Key  string // of the catalogue, with one argument
	What string // the variable that nobody knows or that is missing, or the longest that is allowed
}

// Check makes words tidy and says what is wrong with them: field ("subject",
// "text", "short") → Wrong; nothing when all is well.
func (t *Template) Check(w Words) (Words, map[string]Wrong) {
	wrong := map[string]Wrong{}
	tidy := func(field, s string, most int) string {
		s = norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")))
		if found, ok := t.wrong(s, most); ok {
			wrong[field] = found
		}
		return s
	}
	w = Words{Subject: tidy("subject", oneLine(w.Subject), maxSubject), Text: tidy("text", w.Text, maxText), Short: tidy("short", oneLine(w.Short), maxShort)}
	for _, name := range t.Names() {
		if _, already := wrong["text"]; t.Variables[name].Required && !already && !strings.Contains(w.Text, "{"+name+"}") {
			wrong["text"] = Wrong{"notify.template_lacks", "{" + name + "}"}
		}
	}
	return w, wrong
}

func (t *Template) wrong(s string, most int) (Wrong, bool) {
	switch {
	case s == "":
		return Wrong{Key: "notify.template_empty"}, true
	case utf8.RuneCountInString(s) > most:
		return Wrong{"notify.template_long", fmt.Sprint(most)}, true
	}
	for _, found := range variable.FindAllStringSubmatch(s, -1) {
		if _, known := t.Variables[found[1]]; !known {
			return Wrong{"notify.template_unknown", found[0]}, true
		}
	}
	if left := variable.ReplaceAllString(s, ""); strings.ContainsAny(left, "{}") {
		return Wrong{Key: "notify.template_brace"}, true
	}
	return Wrong{}, false
}

// Originals are the templates that come with the program, by kind.
var Originals = must(readTemplates(content.FS))

// Kinds lists the kinds that have a template, group by group.
func Kinds() []Kind {
	var kinds []Kind
	for kind := range Originals {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b Kind) int {
		if by := slices.Index(Groups, Originals[a].Group) - slices.Index(Groups, Originals[b].Group); by != 0 {
			return by
		}
		return strings.Compare(string(a), string(b))
	})
	return kinds
}

// GroupOf is the group of a kind; one that has no template yet is told of in
// the inbox alone.
func GroupOf(kind Kind) Group {
	if t := Originals[kind]; t != nil {
		return t.Group
	}
	return ""
}

func readTemplates(files fs.FS) (map[Kind]*Template, error) {
	names, err := fs.Glob(files, "notices/*.yaml")
	if err != nil {
		return nil, err
	}
	all := map[Kind]*Template{}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		t := &Template{Kind: Kind(strings.TrimSuffix(path.Base(name), ".yaml"))}
		if err := yaml.UnmarshalWithOptions(raw, t, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if t.Group != "" && !slices.Contains(Groups, t.Group) {
			return nil, fmt.Errorf("%s: no group %q", name, t.Group)
		}
		words, wrong := t.Check(t.Words)
		if len(wrong) > 0 {
			return nil, fmt.Errorf("%s: %v", name, wrong)
		}
		t.Words, all[t.Kind] = words, t
	}
	return all, nil
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) // the files are part of the program; a test reads them
	}
	return value
}
