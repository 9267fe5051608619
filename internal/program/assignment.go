package program

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Assignment is a person in a programme, as the worker last worked it out.
type Assignment struct {
	bun.BaseModel `bun:"table:program_assignments,alias:pa"`

	ID          uuid.UUID  `bun:",pk,type:uuid"`
	ProgramID   uuid.UUID  `bun:",type:uuid"`
	PersonID    uuid.UUID  `bun:",type:uuid"`
	UnitID      uuid.UUID  `bun:",type:uuid"` // where the rule found them
	State       State      `bun:",type:text"`
	Since       time.Time  `bun:",type:date"`
	JoinedOn    time.Time  `bun:",type:date"`
	Cycle       int        `bun:",type:int"`
	WindowFrom  *time.Time `bun:",type:date"` // what was done before does not count
	DueOn       *time.Time `bun:",type:date"`
	CompletedOn *time.Time `bun:",type:date"`
	ValidUntil  *time.Time `bun:",type:date"`
	Steps       int        `bun:",type:int"`
	Done        int        `bun:",type:int"`
	Minutes     int        `bun:",type:int"`
	Past        []Past     `bun:",type:jsonb"`
	RemindedOn  *time.Time `bun:",type:date"` // by the head of the unit
	Revision    int        `bun:",type:int"`  // of the definition by which it was worked out
}

// take takes over what a programme's terms came to.
func (a *Assignment) take(s *Standing, revision int, unit uuid.UUID, today time.Time) {
	if s.State != a.State || s.Cycle != a.Cycle {
		a.Since = today
	}
	if s.State.Behind() { // also when no worker ran on that day
		a.Since = later(a.JoinedOn, s.DueOn.AddDate(0, 0, 1))
	}
	a.Revision, a.UnitID, a.State, a.Cycle, a.WindowFrom, a.DueOn = revision, unit, s.State, s.Cycle, s.WindowFrom, s.DueOn
	a.CompletedOn, a.ValidUntil, a.Steps, a.Done, a.Minutes = s.CompletedOn, s.ValidUntil, s.Steps, s.Done, s.Minutes
	if a.Past = s.Past; a.Past == nil {
		a.Past = []Past{}
	}
}

// moved tells whether somebody stands elsewhere than before: in another state,
// or in a new cycle.
func (a *Assignment) moved(before *Assignment) bool {
	return a.State != before.State || a.Cycle != before.Cycle
}

// tidy brings what the database gave into the form in which days are compared.
func (a *Assignment) tidy() {
	a.Since, a.JoinedOn = asDay(a.Since), asDay(a.JoinedOn)
	for _, d := range []*time.Time{a.WindowFrom, a.DueOn, a.CompletedOn, a.ValidUntil, a.RemindedOn} {
		if d != nil {
			*d = asDay(*d)
		}
	}
}

// transition is one change of where somebody stands.
type transition struct {
	bun.BaseModel `bun:"table:program_transitions,alias:pt"`

	AssignmentID uuid.UUID `bun:",type:uuid"`
	At           time.Time
	Event        Event
	Before       State
	After        State
	Cycle        int
}
