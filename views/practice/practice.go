// Package practice shows safe practice: the list, the story before, the drawn
// phone or browser, and what a run came to.
package practice

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"hocso/internal/course"
	"hocso/internal/practice"
)

// ListData is what the list shows.
type ListData struct {
	Skills []SkillPractices
}

// SkillPractices are the scenarios of one skill, each where its first skill is.
type SkillPractices struct {
	Skill     course.Skill
	Scenarios []Listed
}

// Listed is one scenario on the list, with how the viewer did it last.
type Listed struct {
	Version *practice.Version
	Last    *practice.Outcome // nil: never
}

// IntroData is the page before a run.
type IntroData struct {
	Version *practice.Version
	RunID   string // of the run that the button begins
}

// RunData is a run as it stands.
type RunData struct {
	Run       *practice.Run
	Version   *practice.Version
	Situation *practice.Situation
	Screens   []practice.Screen // that the player may show; the page itself shows Situation's
	Errors    map[string]string // catalogue keys by field id
	Next      string            // where a course goes on, or ""
	NewRunID  string            // of the run that "again" begins
}

func (d RunData) variant() *practice.Variant {
	for i := range d.Version.Script.Variants {
		if variant := &d.Version.Script.Variants[i]; variant.ID == d.Run.Variant {
			return variant
		}
	}
	return &practice.Variant{}
}

// say puts the variant's values into a text.
func (d RunData) say(text string) string { return d.variant().Say(text) }

// path is the run's address.
func (d RunData) path(rest string) string { return "/practice/runs/" + d.Run.ID.String() + rest }

// picture is the address of a picture of the script.
func (d RunData) picture(name string) string { return "/media/" + d.Version.Script.Pictures[name] }

// screen is one drawn screen with what the elements on it need.
type screen struct {
	RunData
	practice.Screen
	live bool // it is the one to be seen; the others wait in templates
}

// elements are those of the variant. On the live screen what flags hide is
// left out; in templates the player decides.
func (s screen) elements() []practice.Element {
	var all []practice.Element
	for _, element := range s.Screen.Elements {
		if element.In(s.Run.Variant) && (!s.live || element.Shown(s.Situation.Flags)) {
			all = append(all, element)
		}
	}
	return all
}

// icons and the rest are drawn apart: icons in a grid, calls at the bottom.
func (s screen) of(styles ...string) []practice.Element {
	var some []practice.Element
	for _, element := range s.elements() {
		for _, style := range styles {
			if element.Kind == practice.Button && element.Style == style {
				some = append(some, element)
			}
		}
	}
	return some
}

// plain are the elements that stand in the flow of the page, and the buttons
// at its end, which stand at the bottom of the screen as they do in an app.
func (s screen) plain() (flow, actions []practice.Element) {
	for _, element := range s.elements() {
		switch {
		case element.Kind != practice.Button:
			flow, actions = append(append(flow, actions...), element), nil
		case element.Style != "icon" && element.Style != "answer" && element.Style != "hangup":
			actions = append(actions, element)
		}
	}
	return flow, actions
}

// address is where a browser is: the part that says whose page it is, and the rest.
func (s screen) address() (host, path string) {
	host, path, found := strings.Cut(s.say(s.Screen.Address), "/")
	if found {
		path = "/" + path
	}
	return host, path
}

// id is the DOM id of an element of the live screen.
func (s screen) id(element practice.Element) string { return "e-" + s.Screen.ID + "-" + element.ID }

// accepted are the texts that a field takes, for the player.
func accepted(element practice.Element) string {
	text, _ := json.Marshal(element.Accept) // strings always encode
	return string(text)
}

// stages splits the text of a row of steps, and tells which one it stands at.
func stages(element practice.Element) (names []string, at int) {
	at, _ = strconv.Atoi(element.Value)
	return strings.Split(element.Text, "|"), at
}

// stars is how many stars a review gives.
func stars(element practice.Element) int {
	n, _ := strconv.Atoi(element.Value)
	return min(max(n, 1), 5)
}

// initial is the first letter of a name.
func initial(name string) string {
	letter, _ := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(letter))
}

// notes are the notes of a kind.
func (d RunData) notes(kind practice.NoteKind) []practice.Note { return d.Situation.Of(kind) }

// tone is the class of the notice that says what a run came to.
func tone(outcome practice.Outcome) string {
	if outcome.Reached() {
		return "notice-good"
	}
	return "notice-warn"
}

// style is how a button is drawn.
func style(element practice.Element) string {
	if element.Style == "" {
		return "plain"
	}
	return element.Style
}

func fieldType(element practice.Element) string {
	if element.Secret {
		return "password"
	}
	return "text"
}

// notReal is the pattern that a browser without our scripts holds a field to:
// no eight digits in a row but those that the scenario itself gives. The same
// rule as practice.Element.LooksReal.
func notReal(element practice.Element) string {
	pattern := `(?!.*(\p{Nd}[^\p{L}\p{Nd}]*){8}).*`
	for _, accepted := range element.Accept {
		if practice.LongNumber(accepted) {
			pattern += "|" + regexp.QuoteMeta(accepted)
		}
	}
	return pattern
}

// needs names the fields that must be typed right before a button works.
func needs(s screen, element practice.Element) templ.Attributes {
	if s.live || len(element.Needs) == 0 {
		return nil
	}
	return templ.Attributes{"data-needs": strings.Join(element.Needs, " ")}
}
