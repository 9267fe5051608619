// Package practice owns safe practice: declarative scenarios of phone and
// browser screens, the runs of learners through them, and the replay that says
// what a run came to.
//
// It must never hold what somebody typed (a log names only which of the
// expected answers it was), never believe a log that the scenario could not
// have produced, and never show anything that could be paid or signed in with.
package practice

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
)

// Device is what the scenario is drawn on.
type Device string

// The devices.
const (
	Phone   Device = "phone"
	Browser Device = "browser"
)

// Scenario is a practice in general; what it shows is in its versions.
type Scenario struct {
	bun.BaseModel `bun:"table:scenarios,alias:sc"`

	Slug      string    `bun:",pk"`
	Position  int       // order on the list, from 1
	VersionID uuid.UUID // the version that a new run gets
}

// Version is what a scenario says; written once, never changed. A run keeps
// the version it began with.
type Version struct {
	bun.BaseModel `bun:"table:scenario_versions,alias:sv"`

	ID         uuid.UUID `bun:",pk,type:uuid"`
	Slug       string
	Number     int    // from 1
	Checksum   string // SHA-256 of the source, hex
	Title      string
	Summary    string
	Minutes    int
	Drill      bool           // a scam drill: honest and fraudulent variants are mixed, and it comes back
	Skills     []course.Skill `bun:",array"`
	Digcomp    []string       `bun:",array"` // DigComp 2.2 competences, "1.1"
	Script     Script         `bun:",type:jsonb"`
	ImportedAt time.Time
}

// Script is the play itself: pure data, from which everything follows.
type Script struct {
	Device   Device            `json:"device"`
	Story    string            `json:"story"` // what has happened before it begins
	Goal     string            `json:"goal"`  // what the learner is asked to do
	Variants []Variant         `json:"variants"`
	Screens  []Screen          `json:"screens"`
	Pictures map[string]string `json:"pictures,omitempty"` // asset names by the pictures' names in the script
}

// Variant is one way that the same scenario may go. The learner is not told which.
type Variant struct {
	ID     string            `json:"id"`
	Honest bool              `json:"honest"` // nobody cheats: refusing is a false alarm
	Start  string            `json:"start"`  // the first screen
	Values map[string]string `json:"values,omitempty"`
}

// Look is what a screen is drawn as.
type Look string

// Screen is what is seen at one moment.
type Screen struct {
	ID       string    `json:"id"`
	Look     Look      `json:"look"`
	Title    string    `json:"title"`             // the bar's title, the caller's name, the place
	Sub      string    `json:"sub,omitempty"`     // below the title: a number, a time
	Address  string    `json:"address,omitempty"` // what a browser shows in its address bar
	Hint     string    `json:"hint,omitempty"`    // after hesitation or a mistake
	Elements []Element `json:"elements,omitempty"`
	End      *End      `json:"end,omitempty"` // nothing goes on from here
}

// End is how a run may end.
type End struct {
	Outcome Outcome  `json:"outcome"` // Done, Caught or Alarmed
	Text    string   `json:"text"`
	Then    []string `json:"then,omitempty"` // what to do then, in real life
}

// Kind is what an element is.
type Kind string

// The kinds of element that a learner acts on; all others are looked at.
const (
	Button Kind = "button"
	Item   Kind = "item" // a row of a list: a mail, a message, an app
	Link   Kind = "link"
	Field  Kind = "field"
)

// Element is one thing on a screen.
type Element struct {
	ID      string   `json:"id,omitempty"` // of what is acted on, unique on its screen
	Kind    Kind     `json:"kind"`
	Text    string   `json:"text,omitempty"`
	Sub     string   `json:"sub,omitempty"`
	From    string   `json:"from,omitempty"` // who says it
	Value   string   `json:"value,omitempty"`
	Style   string   `json:"style,omitempty"`
	Picture string   `json:"picture,omitempty"`
	Icon    string   `json:"icon,omitempty"`
	Only    []string `json:"only,omitempty"`   // ids of the variants that have it
	If      string   `json:"if,omitempty"`     // shown once this flag is set
	Unless  string   `json:"unless,omitempty"` // shown until this flag is set

	// What acting on it does.
	Go      string   `json:"go,omitempty"`      // to this screen
	Set     string   `json:"set,omitempty"`     // sets this flag
	Needs   []string `json:"needs,omitempty"`   // these fields, typed right
	Good    string   `json:"good,omitempty"`    // what was good about it
	Mistake string   `json:"mistake,omitempty"` // what was not; said at once
	Danger  string   `json:"danger,omitempty"`  // where a scam would have caught them; said at the end

	// Of a field.
	Accept   []string `json:"accept,omitempty"`   // what may be typed, compared without case, marks and blanks
	Wrong    string   `json:"wrong,omitempty"`    // said when something else was
	Keyboard string   `json:"keyboard,omitempty"` // "number" or "text"
	Secret   bool     `json:"secret,omitempty"`   // drawn as dots
}

// Outcome is what a run came to.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"    // the goal, without a hint
	Helped  Outcome = "helped"  // the goal, with hints
	Caught  Outcome = "caught"  // a scam was missed
	Alarmed Outcome = "alarmed" // nobody cheated, and yet it was refused
)

// Reached tells whether the learner did what was to be done.
func (o Outcome) Reached() bool { return o == Done || o == Helped }

// State is where a run stands.
type State string

// The states, in order; a run never goes back.
const (
	Open      State = "open"
	Submitted State = "submitted" // a worker has yet to replay it
	Graded    State = "graded"
	Refused   State = "refused" // the scenario could not have produced this log
)

// Run is one learner's way through one variant of a scenario.
type Run struct {
	bun.BaseModel `bun:"table:practice_runs,alias:pr"`

	ID          uuid.UUID `bun:",pk,type:uuid"` // made where the button was drawn: pressed twice is one run
	PersonID    uuid.UUID
	Scenario    string // slug
	VersionID   uuid.UUID
	Variant     string
	State       State
	BegunAt     time.Time
	Steps       []Step `bun:",type:jsonb"`
	SubmittedAt *time.Time
	GradedAt    *time.Time
	Outcome     *Outcome
	Hints       int
	Mistakes    int
	Refusal     string // why the log was refused: a key of the text catalogue
	Support     identity.Support
	HelperID    *uuid.UUID `bun:",type:uuid"`
}
