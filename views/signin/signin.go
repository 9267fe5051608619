// Package signin is the sign-in page.
package signin

import "hocso/internal/identity"

// Data is what the page shows.
type Data struct {
	Login string // as typed
	Next  string // where to go afterwards
	Error string // a catalogue key, or ""
	Demo  []DemoPerson
}

// DemoPerson is one of the demonstration's people; there are none outside demo mode.
type DemoPerson struct {
	Role identity.Role
	Name string
	Unit string
}
