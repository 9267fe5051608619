package component

import (
	"hocso/internal/org"
)

// Input is a labelled line of a form with what is wrong with it beside it.
// Label, Hint and Error are catalogue keys; Hint and Error may be "".
type Input struct {
	Name, Value        string
	Label, Hint, Error string
	Type               string // "" for text
	Mode               string // inputmode: which keyboard a phone shows
	Autocomplete       string // "" for off
	Max                int    // characters; 0 for 120
	Required           bool
}

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) autocomplete() string {
	if i.Autocomplete == "" {
		return "off"
	}
	return i.Autocomplete
}

func (i Input) max() int {
	if i.Max == 0 {
		return 120
	}
	return i.Max
}

// described names what is said about the input: its error, its hint.
func (i Input) described() string {
	switch {
	case i.Error != "":
		return i.Name + "-error"
	case i.Hint != "":
		return i.Name + "-hint"
	}
	return ""
}

// UnitSelect is a list of units to choose one from. Error is a catalogue key or "".
type UnitSelect struct {
	Name, Label, Error string
	Choices            []*org.Choice
	Selected           string // code
	Empty              string // catalogue key of the line that stands for no choice, "" for none
}

// title names a unit so that hamlets of the same name differ.
func (UnitSelect) title(choice *org.Choice) string {
	if choice.Kind == org.Hamlet {
		return choice.Name + ", " + choice.Parent
	}
	return choice.Name
}
