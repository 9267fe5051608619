package course

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// EventKind is what happened.
type EventKind string

// The kinds of event. Each but EventGraded happens at most once per enrolment.
const (
	EventEnrolled  EventKind = "enrolled"
	EventStarted   EventKind = "started"
	EventPassed    EventKind = "passed"
	EventCompleted EventKind = "completed"
	EventGraded    EventKind = "graded" // once per attempt, with its score
)

// Event is one thing that a learner did, written in the transaction that did
// it and never changed: every figure is a sum over events.
type Event struct {
	bun.BaseModel `bun:"table:progress_events,alias:ev"`

	Kind        EventKind
	PersonID    uuid.UUID
	UnitID      uuid.UUID
	CourseID    uuid.UUID
	EnrolmentID uuid.UUID
	AttemptID   *uuid.UUID // EventGraded only
	Score       *int       // EventGraded only, 0 to 100
	At          time.Time
}

// EventOf makes an event of an enrolment.
func EventOf(enrolment *Enrolment, kind EventKind, at time.Time) *Event {
	return &Event{
		Kind: kind, At: at,
		PersonID: enrolment.PersonID, UnitID: enrolment.UnitID,
		CourseID: enrolment.CourseID, EnrolmentID: enrolment.ID,
	}
}
