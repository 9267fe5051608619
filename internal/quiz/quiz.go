// Package quiz owns questions, attempts and grading. An attempt is opened,
// submitted (the learner gets a receipt) and graded by a worker.
//
// It must never grade inside a request, and never twice: the state of an
// attempt in PostgreSQL says what is left to do.
package quiz

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
)

// Quiz is the check at the end of a course version.
type Quiz struct {
	bun.BaseModel `bun:"table:quizzes,alias:q"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	VersionID   uuid.UUID
	PassPercent int         // score needed to pass, 1 to 100
	Draw        *int        // questions that an attempt draws from the bank; nil: all
	Questions   []*Question `bun:"rel:has-many,join:id=quiz_id"`
}

// Kind is how a question is answered.
type Kind string

// The kinds of question. A multiple question is right only when all right
// options and no other are chosen.
const (
	Single   Kind = "single"
	Multiple Kind = "multiple"
	Boolean  Kind = "boolean" // options "true" and "false"
)

// Question is one item of a quiz.
type Question struct {
	bun.BaseModel `bun:"table:questions,alias:qu"`

	QuizID      uuid.UUID `bun:",pk,type:uuid"`
	Key         string    `bun:",pk"`
	Position    int       // from 1
	Kind        Kind
	Text        string
	Options     []Option `bun:",type:jsonb"`
	Explanation string
	Lesson      string         // slug of the lesson that answers it
	Digcomp     []string       `bun:",array"`
	Skills      []course.Skill `bun:",array"`
}

// Option is one possible answer.
type Option struct {
	Key     string `json:"key"`
	Text    string `json:"text"`
	Correct bool   `json:"correct,omitempty"`
}

// Answers are the chosen option keys by question key.
type Answers map[string][]string

// State is where an attempt stands.
type State string

// The states, in order; an attempt never goes back.
const (
	Open      State = "open"
	Submitted State = "submitted" // the learner holds a receipt; a worker has yet to grade
	Graded    State = "graded"
)

// Attempt is one go at a quiz.
type Attempt struct {
	bun.BaseModel `bun:"table:attempts,alias:at"`

	ID           uuid.UUID `bun:",pk,type:uuid"`
	EnrolmentID  uuid.UUID
	PersonID     uuid.UUID
	QuizID       uuid.UUID
	State        State
	OpenedAt     time.Time
	Drawn        []string `bun:",array"` // keys of the questions that it asks, in their order; nil: all of the quiz
	Answers      Answers  `bun:",type:jsonb"`
	SubmissionID *uuid.UUID
	Receipt      *string // 8 characters with a check character, shown as "ABCD-EFGH"
	SubmittedAt  *time.Time
	GradedAt     *time.Time
	RightAnswers *int
	Score        *int // 0 to 100
	Passed       *bool
	// Support is the most that the learner was helped, from opening to submitting.
	Support  identity.Support
	HelperID *uuid.UUID `bun:",type:uuid"` // who helped last
}

// note keeps the strongest support that an attempt ever had.
func (a *Attempt) note(by identity.Actor) {
	if by.Support.Exceeds(a.Support) {
		a.Support, a.HelperID = by.Support, by.HelperID
	}
}
