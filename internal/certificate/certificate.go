// Package certificate owns records of completion: papers that say who
// completed what, when and how, with a code by which everybody can check them.
//
// A record is the province's own, internal to it: it must never look like a
// diploma, nor claim what only a law can give ("công nhận", "chứng chỉ"). What
// stands on a paper is frozen when it is issued and never changes; a record
// only comes to be revoked, superseded, expired or erased.
package certificate

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/program"
)

// Record is one record of completion.
type Record struct {
	bun.BaseModel `bun:"table:certificates,alias:ce"`

	ID              uuid.UUID  `bun:",pk,type:uuid"`
	Code            string     // see package shortcode
	StatusIndex     int        `bun:",nullzero,default:DEFAULT"` // its place in a status list; the database gives it
	PersonID        uuid.UUID  `bun:",type:uuid"`
	UnitID          uuid.UUID  `bun:",type:uuid"` // where the person belonged
	ProvinceID      uuid.UUID  `bun:",type:uuid"`
	Template        int        // revision of the province's template
	CourseID        *uuid.UUID `bun:",type:uuid"`
	ProgramID       *uuid.UUID `bun:",type:uuid"`
	Cycle           *int
	ProgramRevision *int
	Facts           Facts      `bun:",type:jsonb"`
	CompletedOn     time.Time  `bun:",type:date"`
	ValidUntil      *time.Time `bun:",type:date"` // the last day; nil for good
	IssuedAt        time.Time
	RevokedAt       *time.Time
	RevokedBy       *uuid.UUID `bun:",type:uuid"`
	Reason          Reason     `bun:",nullzero"`
	Note            string     // for the holder
	SupersededAt    *time.Time
	SuccessorID     *uuid.UUID `bun:",type:uuid"`
	ErasedAt        *time.Time
	WarnedAt        *time.Time // its end was near, and whoever had to be told was
}

// Facts are what a paper says besides its days and its code. They hold no year
// of birth: the name, the unit and the code tell whose paper it is, and the
// page that checks it is public.
type Facts struct {
	Name     string `json:"name"`
	Unit     string `json:"unit"`     // "Thôn 1, Xã Nam Trà My"
	Province string `json:"province"` // its name
	Title    string `json:"title"`    // of the course or the programme
	Minutes  int    `json:"minutes"`
	Year     int    `json:"year,omitempty"`     // of a programme that comes every year
	Decision string `json:"decision,omitempty"` // "12/QĐ-UBND ngày 01/02/2026"
	Parts    []Part `json:"parts"`              // the courses, by day
}

// Part is one course that was completed: alone, check included, unless it was
// learned elsewhere.
type Part struct {
	Title  string    `json:"title"`
	On     time.Time `json:"on"`               // a day, midnight UTC
	Issuer string    `json:"issuer,omitempty"` // who certified it elsewhere; "" when it was learned here
}

// Tiet is the length in lesson periods of 45 minutes.
func (f *Facts) Tiet() float64 { return float64(f.Minutes) / program.MinutesPerTiet }

// Reason is why a record was revoked, in words for the public.
type Reason string

// The reasons. Corrected is the worker's: what the record rests on was put right.
const (
	Corrected Reason = "corrected"
	Mistaken  Reason = "mistaken"
	Misused   Reason = "misused"
	Other     Reason = "other"
)

// Reasons are those that people give.
var Reasons = []Reason{Mistaken, Misused, Other}

// State is what a record is worth on a day.
type State string

// The states. One that was erased says nothing else of itself.
const (
	Valid      State = "valid"
	Expired    State = "expired"
	Superseded State = "superseded"
	Revoked    State = "revoked"
	Erased     State = "erased"
)

// State tells what a record is worth today, a day as clock.Day makes it.
func (r *Record) State(today time.Time) State {
	switch {
	case r.ErasedAt != nil:
		return Erased
	case r.RevokedAt != nil:
		return Revoked
	case r.SupersededAt != nil:
		return Superseded
	case r.ValidUntil != nil && today.After(*r.ValidUntil):
		return Expired
	}
	return Valid
}

// live tells whether a record counts, as the database's unique indexes see it.
func (r *Record) live() bool { return r.RevokedAt == nil && r.SupersededAt == nil }

// tidy brings days into the form in which they are compared.
func (r *Record) tidy() {
	r.CompletedOn = asDay(r.CompletedOn)
	if r.ValidUntil != nil {
		*r.ValidUntil = asDay(*r.ValidUntil)
	}
}

func asDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// source is what a record is for.
type source struct {
	course  uuid.UUID
	program uuid.UUID
	cycle   int
}

func (r *Record) source() source {
	if r.CourseID != nil {
		return source{course: *r.CourseID}
	}
	return source{program: *r.ProgramID, cycle: *r.Cycle}
}
