// Package course owns courses, their immutable versions, lessons and pictures,
// who is enrolled and how far they are, and the progress events that every
// figure is summed from.
//
// It must never decide whether an answer is right (quiz) nor sum figures (pilot).
package course

import (
	"slices"
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

// Track is whom a course is for.
type Track string

// The tracks.
const (
	Residents Track = "residents"
	Officials Track = "officials"
	Teams     Track = "teams" // community digital teams
)

// Skills are the six basic skills in the order of the programme.
var Skills = []Skill{Internet, Email, Shopping, Payment, PublicServices, Safety}

// Course is a course in general; what it says is in its versions.
type Course struct {
	bun.BaseModel `bun:"table:courses,alias:c"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	Slug      string
	Track     Track
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

	// What goes with the course on paper and through loudspeakers; HTML,
	// sanitised at import. Empty where there is none.
	Handout     string
	Loudspeaker string
	Guide       string

	Slug      string      `bun:",scanonly"` // of the course
	Track     Track       `bun:",scanonly"` // of the course
	Skill     Skill       `bun:",scanonly"` // of the course
	Lessons   []*Lesson   `bun:"rel:has-many,join:id=version_id"`
	Practices []*Practice `bun:"rel:has-many,join:id=version_id"`
}

// Practice is a scenario that stands in a course and counts for its completion.
type Practice struct {
	bun.BaseModel `bun:"table:course_practices,alias:cp"`

	VersionID uuid.UUID `bun:",pk,type:uuid"`
	Scenario  string    `bun:",pk"` // slug
	After     int       // position of the lesson that it follows
	Title     string    // as the scenario was called when the course was imported
	Minutes   int
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
	Skills     []Skill  `bun:",array"`
	HTML       string   // sanitised at import; safe to write as it is
	Audio      string   // asset name of its recording, or ""

	Translations []*Translation `bun:"rel:has-many,join:id=lesson_id"`
}

// Translation is a lesson in a language besides Vietnamese. Empty texts are
// shown in Vietnamese.
type Translation struct {
	bun.BaseModel `bun:"table:lesson_translations,alias:lt"`

	LessonID   uuid.UUID `bun:",pk,type:uuid"`
	Language   string    `bun:",pk"` // ISO 639-3
	Title      string
	PictureAlt string
	Summary    string
	Todo       string
	HTML       string
	Audio      string
}

// Term is a word of the glossary.
type Term struct {
	bun.BaseModel `bun:"table:glossary_terms,alias:gt"`

	Slug    string `bun:",pk"`
	Term    string
	Also    []string `bun:",array"`
	Meaning string
	Skills  []Skill `bun:",array"`
}

// Asset is a picture or a sound, named by its content so that it may be cached for ever.
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
	Practised map[string]bool    // slugs of the finished practices
}

// Percent is the bar's length, 0 to 100: every finished lesson and practice is
// one step and a passed quiz is the last step; all steps are equal.
func (p *Progress) Percent() int {
	done := len(p.Finished)
	for _, practice := range p.Version.Practices {
		if p.Practised[practice.Scenario] {
			done++
		}
	}
	if p.Enrolment.PassedAt != nil {
		done++
	}
	return done * 100 / (len(p.Version.Lessons) + len(p.Version.Practices) + 1)
}

// Next is the first step not finished: a lesson or a practice. Both are nil
// when only the quiz is left.
func (p *Progress) Next() (*Lesson, *Practice) {
	for _, lesson := range p.Version.Lessons {
		if !p.Finished[lesson.ID] {
			return lesson, nil
		}
		for _, practice := range p.Version.PracticesAfter(lesson) {
			if !p.Practised[practice.Scenario] {
				return nil, practice
			}
		}
	}
	return nil, nil
}

// HasPractice tells whether a scenario stands in the course.
func (v *Version) HasPractice(scenario string) bool {
	return slices.ContainsFunc(v.Practices, func(p *Practice) bool { return p.Scenario == scenario })
}

// PracticesAfter lists the practices that follow a lesson.
func (v *Version) PracticesAfter(lesson *Lesson) []*Practice {
	var after []*Practice
	for _, practice := range v.Practices {
		if practice.After == lesson.Position {
			after = append(after, practice)
		}
	}
	return after
}
