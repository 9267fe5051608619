// Package roster takes over lists of people from Excel and CSV files as offices
// really send them, and hands such lists out again.
//
// It must never take over a part of a list, never touch anybody outside of the
// unit that a list is for, and never keep a column that it does not know: such
// columns hold identity numbers.
package roster

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
)

// Kind is whom a list is of.
type Kind string

// The kinds of list.
const (
	Residents Kind = "residents"
	Officials Kind = "officials"
)

// Role is what everybody on a list of the kind is.
func (k Kind) Role() identity.Role {
	if k == Officials {
		return identity.Official
	}
	return identity.Resident
}

// Mode is what a list says about people whom it does not name.
type Mode string

// The modes.
const (
	Add  Mode = "add"  // nothing
	Full Mode = "full" // that they are gone: they are suspended
)

// State is where an import stands.
type State string

// The states. Reading, Checking and Committing are work for a worker.
const (
	Reading    State = "reading"
	Checking   State = "checking"
	Ready      State = "ready"
	Committing State = "committing"
	Done       State = "done"
	Failed     State = "failed"
	Cancelled  State = "cancelled"
)

// Import is one list on its way.
type Import struct {
	bun.BaseModel `bun:"table:roster_imports,alias:ri"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	UnitID      uuid.UUID
	Kind        Kind
	Mode        Mode
	State       State
	FileName    string
	SHA256      []byte   `bun:"sha256"`
	File        []byte   // until it has been read
	Manages     []string `bun:",array"` // roles; see identity.Viewer.GrantScope
	Layout      Layout   `bun:",type:jsonb"`
	Total       int
	Checked     int
	Counts      Counts     `bun:",type:jsonb"`
	Failure     string     // a catalogue key, "" when nothing failed
	MadeBy      *uuid.UUID `bun:",type:uuid"`
	MadeAt      time.Time
	CommittedBy *uuid.UUID `bun:",type:uuid"`
	Address     string
	EndedAt     *time.Time

	UnitName string `bun:",scanonly"`
	UnitCode string `bun:",scanonly"`
}

// Working tells whether a worker has something to do for the import.
func (i *Import) Working() bool {
	return i.State == Reading || i.State == Checking || i.State == Committing
}

// Percent is how much of the list has been checked.
func (i *Import) Percent() int {
	if i.Total == 0 {
		return 0
	}
	return i.Checked * 100 / i.Total
}

// Outcome is what becomes of a row.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"
	Change  Outcome = "change"  // of somebody known
	Same    Outcome = "same"    // as we know them already
	Move    Outcome = "move"    // to another unit inside of the import's
	Wrong   Outcome = "problem" // nothing is taken over until it is mended
	Suspect Outcome = "suspect" // new, but looks like somebody known
	Suspend Outcome = "suspend" // missing from a full list
)

// Outcomes lists them in the order in which pages show them.
var Outcomes = []Outcome{Wrong, Suspect, Suspend, Move, Change, New, Same}

// Counts are how many rows have each outcome.
type Counts struct {
	New     int `json:"new"`
	Change  int `json:"change"`
	Same    int `json:"same"`
	Move    int `json:"move"`
	Problem int `json:"problem"`
	Suspect int `json:"suspect"`
	Suspend int `json:"suspend"`
	Mended  int `json:"mended"` // rows in which something was put right
	People  int `json:"people"` // of the kind in the unit, before the import
}

// Of is the count of one outcome.
func (c Counts) Of(outcome Outcome) int {
	return map[Outcome]int{New: c.New, Change: c.Change, Same: c.Same, Move: c.Move, Wrong: c.Problem, Suspect: c.Suspect, Suspend: c.Suspend}[outcome]
}

// Heavy is how many people lose their place by the import.
func (c Counts) Heavy() int { return c.Move + c.Suspend }

// NeedsNumber tells whether so many people lose their place that whoever
// commits has to type their number: a wrong file must not empty a unit.
func (c Counts) NeedsNumber() bool { return c.Heavy() > max(5, c.People/10) }
