package practice

import (
	"slices"

	"hocso/internal/platform/fault"
)

const (
	// maxSteps is several times the longest honest way through a scenario.
	maxSteps = 400
	// maxLength is how long a run may take, in milliseconds: a day.
	maxLength = 24 * 60 * 60 * 1000
)

// Step is one thing that a learner did: acted on an element, or took a hint.
// What was typed is never in it.
type Step struct {
	Element string `json:"e,omitempty"`
	Hint    bool   `json:"h,omitempty"`
	// Answer is, for a field, which of its accepted texts was typed, from 1;
	// 0 for any other text.
	Answer int `json:"v,omitempty"`
	Time   int `json:"t"` // milliseconds since the run began; never less than the step before
}

// Note is something that was good, wrong or dangerous about a step.
type Note struct {
	Screen string // where it happened: the screen's title
	Kind   NoteKind
	Text   string
}

// NoteKind is what a note says of a step.
type NoteKind string

// The kinds of note.
const (
	Good    NoteKind = "good"
	Mistake NoteKind = "mistake"
	Danger  NoteKind = "danger"
)

// Situation is where a run stands after some steps: a pure function of the
// script, the variant and the steps.
type Situation struct {
	Screen   *Screen
	Flags    map[string]bool
	Answers  map[string]int // of the fields of this screen, see Step.Answer
	Notes    []Note
	Hints    int
	Hinted   bool  // a hint of this screen was taken
	LastNote *Note // what the last step deserves to be told at once
	Time     int
	script   *Script
	variant  *Variant
}

// Begin is the situation before the first step.
func (s *Script) Begin(variant string) (*Situation, error) {
	i := slices.IndexFunc(s.Variants, func(v Variant) bool { return v.ID == variant })
	if i < 0 {
		return nil, refuse("unknown_variant")
	}
	now := &Situation{Flags: map[string]bool{}, script: s, variant: &s.Variants[i]}
	return now, now.open(s.Variants[i].Start)
}

// Replay takes the steps one after the other. The error is a fault.Invalid
// whose field "log" says what the scenario could not have produced.
func (s *Script) Replay(variant string, steps []Step) (*Situation, error) {
	now, err := s.Begin(variant)
	if err != nil {
		return nil, err
	}
	if len(steps) > maxSteps {
		return nil, refuse("too_long")
	}
	for _, step := range steps {
		if err := now.Take(step); err != nil {
			return nil, err
		}
	}
	return now, nil
}

// Take takes one step.
func (now *Situation) Take(step Step) error {
	switch {
	case now.Screen.End != nil:
		return refuse("after_end")
	case step.Time < now.Time, step.Time > maxLength:
		return refuse("time")
	case step.Hint && (step.Element != "" || step.Answer != 0 || now.Screen.Hint == ""):
		return refuse("hint")
	}
	now.Time, now.LastNote = step.Time, nil
	if step.Hint {
		now.Hinted = true
		now.Hints++
		return nil
	}
	element := now.find(step.Element)
	switch {
	case element == nil:
		return refuse("unknown_element")
	case element.Kind == Field:
		return now.answer(element, step.Answer)
	case step.Answer != 0:
		return refuse("answer")
	}
	return now.act(element)
}

// answer notes what was typed into a field.
func (now *Situation) answer(field *Element, answer int) error {
	if answer < 0 || answer > len(field.Accept) {
		return refuse("answer")
	}
	now.Answers[field.ID] = answer
	return nil
}

// act does what an element does; nothing while a field it needs is wrong.
func (now *Situation) act(element *Element) error {
	for _, id := range element.Needs {
		if field := now.find(id); field != nil && now.Answers[id] == 0 {
			now.note(Mistake, field.Wrong)
			return nil
		}
	}
	now.note(Good, element.Good)
	now.note(Danger, element.Danger)
	now.note(Mistake, element.Mistake)
	if element.Set != "" {
		now.Flags[element.Set] = true
	}
	if element.Go != "" {
		return now.open(element.Go)
	}
	return nil
}

func (now *Situation) note(kind NoteKind, text string) {
	if text == "" {
		return
	}
	note := Note{Screen: now.Screen.Title, Kind: kind, Text: text}
	if kind == Mistake {
		now.LastNote = &note
	}
	if !slices.Contains(now.Notes, note) {
		now.Notes = append(now.Notes, note)
	}
}

func (now *Situation) open(id string) error {
	screen := now.script.screen(id)
	if screen == nil {
		return refuse("unknown_screen")
	}
	now.Screen, now.Answers, now.Hinted = screen, map[string]int{}, false
	return nil
}

// find finds an element that is to be seen now.
func (now *Situation) find(id string) *Element {
	for i := range now.Screen.Elements {
		if element := &now.Screen.Elements[i]; id != "" && element.ID == id && element.In(now.variant.ID) && element.Shown(now.Flags) {
			return element
		}
	}
	return nil
}

// Ended tells whether the run has come to an end, and what it came to.
func (now *Situation) Ended() (Outcome, bool) {
	if now.Screen.End == nil {
		return "", false
	}
	outcome := now.Screen.End.Outcome
	if outcome == Done && now.Hints > 0 {
		outcome = Helped
	}
	return outcome, true
}

// Mistakes counts the notes of that kind.
func (now *Situation) Mistakes() int {
	count := 0
	for _, note := range now.Notes {
		if note.Kind == Mistake {
			count++
		}
	}
	return count
}

// Of lists the notes of a kind, each once.
func (now *Situation) Of(kind NoteKind) []Note {
	var notes []Note
	for _, note := range now.Notes {
		if note.Kind == kind {
			notes = append(notes, note)
		}
	}
	return notes
}

// In tells whether a variant has the element.
func (e *Element) In(variant string) bool {
	return len(e.Only) == 0 || slices.Contains(e.Only, variant)
}

// Shown tells whether the element is to be seen with these flags set.
func (e *Element) Shown(flags map[string]bool) bool {
	return (e.If == "" || flags[e.If]) && (e.Unless == "" || !flags[e.Unless])
}

// Acts tells whether a learner acts on the element.
func (e *Element) Acts() bool {
	return e.Kind == Field || e.Go != "" || e.Set != "" || e.Good != "" || e.Mistake != "" || e.Danger != ""
}

// Reachable lists the screens that a variant may show, in their order.
func (s *Script) Reachable(variant string) []Screen {
	seen := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		screen := s.screen(id)
		if screen == nil || seen[id] {
			return
		}
		seen[id] = true
		for _, element := range screen.Elements {
			if element.In(variant) && element.Go != "" {
				visit(element.Go)
			}
		}
	}
	for _, v := range s.Variants {
		if v.ID == variant {
			visit(v.Start)
		}
	}
	var screens []Screen
	for _, screen := range s.Screens {
		if seen[screen.ID] {
			screens = append(screens, screen)
		}
	}
	return screens
}

func (s *Script) screen(id string) *Screen {
	for i := range s.Screens {
		if s.Screens[i].ID == id {
			return &s.Screens[i]
		}
	}
	return nil
}

// refuse says why a log cannot be; the text is practice.refused_<why>.
func refuse(why string) error { return fault.InvalidField("log", "practice.refused_"+why) }
