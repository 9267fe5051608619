package program

import (
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/clock"
)

// Facts are what is known of one person, everything that a programme's rule or
// standing can depend on.
type Facts struct {
	PersonID uuid.UUID
	Awake    bool                      // registered, not suspended, not merged, not erased
	Home     *uuid.UUID                // unit
	Roles    []Post                    // held today
	Offices  []Post                    // held today
	Began    map[uuid.UUID]time.Time   // course → day of the first lesson or check
	Learned  map[uuid.UUID][]time.Time // course → days on which it was completed or its check passed again, alone or elsewhere; ascending
	Hours    []Hours                   // learned elsewhere without a course of ours
	Next     *time.Time                // when a role or an office begins or ends by itself
}

// Hours are minutes learned on a day.
type Hours struct {
	Day     time.Time
	Minutes int
}

// Ruling is what was decided for one person in one programme.
type Ruling struct {
	Extended    map[int]time.Time // cycle → last day in time
	Exempt      bool
	ExemptUntil *time.Time // the last day; nil for good
}

// Past is a cycle that is over.
type Past struct {
	Cycle       int        `json:"cycle"`
	DueOn       *time.Time `json:"due_on,omitempty"`
	CompletedOn *time.Time `json:"completed_on,omitempty"`
	ValidUntil  *time.Time `json:"valid_until,omitempty"`
}

// Standing is where somebody stands on a day.
type Standing struct {
	State       State
	Cycle       int
	WindowFrom  *time.Time
	DueOn       *time.Time
	CompletedOn *time.Time
	ValidUntil  *time.Time
	Steps, Done int
	Minutes     int // learned in this cycle
	Past        []Past
	// Next is the first day on which the state changes by time alone, nil for never.
	Next *time.Time
}

// Terms are a published definition with what its standing needs beside it.
type Terms struct {
	*Definition
	ID, OwnerID uuid.UUID
	Revision    int               // of the definition
	Published   time.Time         // day
	Minutes     map[uuid.UUID]int // course → how long it takes
}

// terms puts a definition together with what its standing needs.
func (p *Program) terms(d *Definition, minutes map[uuid.UUID]int) *Terms {
	t := &Terms{Definition: d, ID: p.ID, OwnerID: p.OwnerID, Revision: p.PublishedRevision, Minutes: minutes}
	if p.PublishedAt != nil {
		t.Published = clock.Day(*p.PublishedAt)
	}
	return t
}

// Stand works out where a member of the audience stands today.
func (t *Terms) Stand(f *Facts, r Ruling, joined, today time.Time) Standing {
	s := t.cycles(f, r, joined, today)
	if s.Steps = t.Steps(); s.Done > s.Steps {
		s.Done = s.Steps
	}
	if r.Exempt && (r.ExemptUntil == nil || !today.After(*r.ExemptUntil)) {
		s.State, s.Next = Exempt, nil
		if r.ExemptUntil != nil {
			s.Next = day(r.ExemptUntil.AddDate(0, 0, 1))
		}
		return s
	}
	s.State, s.Next = t.name(f, &s, joined, today)
	return s
}

// name gives a standing its state, and the first day on which that changes by
// itself.
func (t *Terms) name(f *Facts, s *Standing, joined, today time.Time) (State, *time.Time) {
	if s.CompletedOn != nil {
		switch t.Rhythm {
		case Yearly:
			return Completed, day(s.ValidUntil.AddDate(0, 0, 1))
		case Renew:
			return Completed, day(t.opens(*s.CompletedOn, *s.ValidUntil))
		}
		return Completed, nil
	}
	if s.Cycle > 1 && t.Rhythm == Renew {
		if today.After(*s.DueOn) {
			return Expired, nil
		}
		return Expiring, day(s.DueOn.AddDate(0, 0, 1))
	}
	state := Assigned
	if s.Done > 0 || s.Minutes > 0 || t.begun(f, s) {
		state = InProgress
	}
	next := t.nextYear(s)
	if s.DueOn == nil {
		return state, next
	}
	near := s.DueOn.AddDate(0, 0, -t.DueSoon)
	switch {
	case today.After(*s.DueOn):
		return Overdue, next
	case !today.Before(near):
		return DueSoon, day(s.DueOn.AddDate(0, 0, 1))
	}
	return state, day(near)
}
