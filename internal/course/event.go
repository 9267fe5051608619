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
	// EventIndependent: completed with every lesson and a passed quiz done alone.
	EventIndependent EventKind = "independent"
)

// Event is one thing that a learner did, written in the transaction that did
// it and never changed: every figure is a sum over events. What a guest does has no
// unit and is no event yet (see Store.Record).
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
	Weight      int       // 1; -1 takes an earlier event back
	Correction  uuid.UUID // what took it back or brought it again; zero for what a learner did
}

// EventOf makes an event of an enrolment that counts somewhere.
func EventOf(enrolment *Enrolment, kind EventKind, at time.Time) *Event {
	event := &Event{
		Kind: kind, At: at, Weight: 1, PersonID: enrolment.PersonID,
		CourseID: enrolment.CourseID, EnrolmentID: enrolment.ID,
	}
	if enrolment.UnitID != nil {
		event.UnitID = *enrolment.UnitID
	}
	return event
}
