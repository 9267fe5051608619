// Package course owns courses, their immutable versions, lessons and pictures,
// who is enrolled and how far they are, and the progress events that every
// figure is summed from.
//
// It must never decide whether an answer is right (quiz) nor sum figures (pilot).
package course

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Skill is one of the six basic digital skills of the province's programme.
type Skill string

// The six basic skills.
const (
	Internet       Skill = "internet"
	Email          Skill = "email"
	Shopping       Skill = "shopping"
	Payment        Skill = "payment"
	PublicServices Skill = "public-services"
	Safety         Skill = "safety"
)

// Course is a course in general; what it says is in its versions.
type Course struct {
	bun.BaseModel `bun:"table:courses,alias:c"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	Slug      string
	Skill     Skill
	Position  int       // order on the home page, from 1
	VersionID uuid.UUID // the version that a new learner gets
}

// Version is what a course says; written once, never changed. A learner keeps
// the version they began with.
type Version struct {
	bun.BaseModel `bun:"table:course_versions,alias:cv"`

	ID         uuid.UUID `bun:",pk,type:uuid"`
	CourseID   uuid.UUID
	Number     int    // from 1
	Checksum   string // SHA-256 of the source, hex
	Title      string
	Summary    string
	Minutes    int
	Cover      string // asset name, see Asset
	CoverAlt   string
	ImportedAt time.Time

	Slug    string    `bun:",scanonly"` // of the course
	Skill   Skill     `bun:",scanonly"` // of the course
	Lessons []*Lesson `bun:"rel:has-many,join:id=version_id"`
}

// Lesson is one page of one idea, read in 3 to 5 minutes.
type Lesson struct {
	bun.BaseModel `bun:"table:lessons,alias:l"`

	ID         uuid.UUID `bun:",pk,type:uuid"`
	VersionID  uuid.UUID
	Position   int // from 1, over the whole course
	Slug       string
	Module     string // title of the module it stands in
	Title      string
	Minutes    int
	Picture    string // asset name
	PictureAlt string
	Summary    string   // "điều cần nhớ"
	Todo       string   // "làm ngay"
	OnPhone    bool     // the learner is asked to do it on their own phone
	Digcomp    []string `bun:",array"` // DigComp 2.2 competences, "1.1"
	HTML       string   // sanitised at import; safe to write as it is
}

// Asset is a picture, named by its content so that it may be cached for ever.
type Asset struct {
	bun.BaseModel `bun:"table:assets,alias:a"`

	Name  string `bun:",pk"` // 16 hex digits of the SHA-256 and the ending: "0123456789abcdef.svg"
	Mime  string
	Bytes []byte
}

// Enrolment is one person in one course.
type Enrolment struct {
	bun.BaseModel `bun:"table:enrolments,alias:e"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	PersonID    uuid.UUID
	CourseID    uuid.UUID
	VersionID   uuid.UUID
	UnitID      *uuid.UUID `bun:",type:uuid"` // the learner's unit when enrolling; figures count there. nil for a guest
	EnrolledAt  time.Time
	StartedAt   *time.Time // first lesson finished, or the quiz begun
	PassedAt    *time.Time // first passed quiz
	CompletedAt *time.Time // every lesson finished and the quiz passed
	BestScore   *int       // 0 to 100
	// IndependentAt is when the last of it was done alone: every lesson and a
	// passed quiz with identity.Self. Only this counts for a record of completion.
	IndependentAt *time.Time
	MergedInto    *uuid.UUID `bun:",type:uuid"` // the enrolment that counts instead, since its person was merged
}

// Progress is how far a learner is: an enrolment with what it takes to draw it.
type Progress struct {
	Enrolment *Enrolment
	Version   *Version
	Finished  map[uuid.UUID]bool // ids of the finished lessons
}

// Percent is the bar's length, 0 to 100: every finished lesson is one step and
// a passed quiz is the last step; all steps are equal.
func (p *Progress) Percent() int {
	done := len(p.Finished)
	if p.Enrolment.PassedAt != nil {
		done++
	}
	return done * 100 / (len(p.Version.Lessons) + 1)
}

// Next is the first lesson not finished, or nil when only the quiz is left.
func (p *Progress) Next() *Lesson {
	for _, lesson := range p.Version.Lessons {
		if !p.Finished[lesson.ID] {
			return lesson
		}
	}
	return nil
}
