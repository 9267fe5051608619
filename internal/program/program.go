// Package program owns required learning: what has to be learned, by whom as a
// rule says, by when, for how long it holds, and where each person stands.
//
// Where somebody stands is always worked out anew from facts (their posts, what
// they completed, what was decided for them) by pure functions; the worker
// writes it down so that pages and figures need not. It must never be changed
// by hand, and never decide what a completed course is (course, quiz).
package program

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Program is a set of courses that somebody has to complete.
type Program struct {
	bun.BaseModel `bun:"table:programs,alias:pg"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	OwnerID     uuid.UUID `bun:",type:uuid"` // its audience lies inside this unit's subtree
	State       Status
	Definition  *Definition `bun:"type:jsonb,nullzero"` // what holds; nil until it is published
	Draft       *Definition `bun:"type:jsonb,nullzero"` // what is being edited; nil when nothing is
	Revision    int         // grows with every change
	MadeBy      *uuid.UUID  `bun:",type:uuid"`
	MadeAt      time.Time
	PublishedAt *time.Time
	ClosedAt    *time.Time

	OwnerName string `bun:",scanonly"`
	OwnerCode string `bun:",scanonly"`
	// PublishedRevision is the one that holds; read where terms are.
	PublishedRevision int `bun:",scanonly"`
}

// Status is where a programme is in its own life.
type Status string

// The statuses of a programme.
const (
	Drafted   Status = "draft"
	Published Status = "published"
	Closed    Status = "closed" // nobody has to do it any more; what was done stays
)

// Latest is the definition that an editor sees: the draft when there is one.
func (p *Program) Latest() *Definition {
	if p.Draft != nil {
		return p.Draft
	}
	return p.Definition
}

// Rhythm is whether a programme comes again.
type Rhythm string

// The rhythms.
const (
	Once   Rhythm = "once"   // completed once and for all
	Renew  Rhythm = "renew"  // a completion is valid for some months and renewed in a window before it ends
	Yearly Rhythm = "yearly" // anew in every calendar year
)

// Rhythms lists them in the order in which pages offer them.
var Rhythms = []Rhythm{Once, Renew, Yearly}

// Definition says what a programme asks for. Days are midnight UTC, as
// clock.Day makes them.
type Definition struct {
	Title   string `json:"title"`
	Summary string `json:"summary,omitempty"` // for those who have to do it

	Decision Decision `json:"decision"` // why it has to be

	Courses []uuid.UUID `json:"courses"`           // what has to be learned, in order
	Need    int         `json:"need,omitempty"`    // so many of the courses; 0 for all
	Ordered bool        `json:"ordered,omitempty"` // a course counts when those before it are done
	Tiet    int         `json:"tiet,omitempty"`    // lesson periods of 45 minutes to be learned in the year, of any course; Yearly only

	Audience Rule `json:"audience"`

	DueOn    *time.Time `json:"due_on,omitempty"`   // the last day in time; of a yearly programme its day and month count
	DueDays  int        `json:"due_days,omitempty"` // or: so many days after joining
	Newcomer int        `json:"newcomer,omitempty"` // whoever joins after publishing has at least so many days

	Rhythm     Rhythm `json:"rhythm"`
	ValidFor   int    `json:"valid_for,omitempty"`   // months, Renew only
	RenewAhead int    `json:"renew_ahead,omitempty"` // days before the end of validity in which it may be renewed, Renew only

	DueSoon int       `json:"due_soon"` // days before the deadline from which it is called near
	Remind  Reminders `json:"remind"`
	Record  bool      `json:"record"` // completing it gives a record of completion
}

// Decision is the paper that a programme rests on.
type Decision struct {
	Number string     `json:"number,omitempty"` // "123/QĐ-UBND"
	Date   *time.Time `json:"date,omitempty"`
	FileID *uuid.UUID `json:"file_id,omitempty"`
}

// Reminders says when people are reminded by themselves.
type Reminders struct {
	Before   []int `json:"before"`             // days before the deadline
	After    []int `json:"after"`              // days after it
	Escalate int   `json:"escalate,omitempty"` // days after it the head of the unit is told; 0 for never
}

// New is a definition with the usual answers, for an editor to begin with.
func New() *Definition {
	return &Definition{
		Rhythm: Once, Newcomer: 30, DueSoon: 14, ValidFor: 12, RenewAhead: 60, Record: true,
		Remind: Reminders{Before: []int{14, 7, 3, 1}, After: []int{1, 3, 7, 14}, Escalate: 3},
	}
}

// Steps is how many courses have to be completed.
func (d *Definition) Steps() int {
	if d.Need > 0 && d.Need < len(d.Courses) {
		return d.Need
	}
	return len(d.Courses)
}

// MinutesPerTiet is one lesson period, tiết, of the officials' training rules.
const MinutesPerTiet = 45
