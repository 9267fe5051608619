// Package signin is every way in: password and PIN, cards, join codes, a
// household's shared phone.
package signin

import (
	"strings"
	"unicode/utf8"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/views/people"
)

// Data is what the page shows.
type Data struct {
	Login  string // as typed
	Next   string // where to go afterwards
	Error  string // a catalogue key, or ""
	Demo   []DemoPerson
	Listed bool // asked to be remembered on this device

	Provider Provider
}

// DemoPerson is one of the demonstration's people; there are none outside demo mode.
type DemoPerson struct {
	Role identity.Role
	Name string
	Unit string
}

// ClaimData is what a guest learned, with the name of who signed in.
type ClaimData struct {
	All  []*course.Progress
	Name string
}

// JoinData is the form for the code of a hamlet or class.
type JoinData struct {
	Typed string
	Error string // catalogue key, or ""
}

// JoinRegisterData is the registration of somebody with a code.
type JoinRegisterData struct {
	Code    *identity.JoinCode
	Form    people.Form
	Errors  map[string]string // field → catalogue key
	Choices []*org.Choice     // the code's unit and what lies below it
	Guest   bool              // they learned on this device before
	Listed  bool
}

// selected is the unit chosen so far; where there is only one, that one.
func (d JoinRegisterData) selected() string {
	if d.Form.Unit == "" && len(d.Choices) == 1 {
		return d.Choices[0].Code
	}
	return d.Form.Unit
}

// CardData is a card whose holder points at their pictures.
type CardData struct {
	Token    string
	Name     string
	Choosing bool  // they have none yet and choose them now
	Chosen   []int // so far
	First    []int // chosen the first time; now they choose the same again
	Error    string
}

// HouseholdData is the people of a shared phone.
type HouseholdData struct {
	People   []*identity.DevicePerson
	Chosen   *identity.DevicePerson // who was tapped, or nil
	Pictures []int                  // pointed at so far
	Viewer   *identity.Viewer       // who is signed in, or nil
	Error    string                 // catalogue key, or ""
}

// initial is the first letter of the name that people are called by, the last one.
func initial(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first))
}
