package learner

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
)

// moved is what a merge moved, written down for taking it back.
type moved struct {
	Brought      []brought   `json:"brought,omitempty"`    // courses that kept did not have
	Enrolments   []uuid.UUID `json:"enrolments,omitempty"` // the same, of merges before Brought was written
	Guest        bool        `json:"guest,omitempty"`      // they counted nowhere before
	Absorbed     []absorbed  `json:"absorbed,omitempty"`   // courses that kept had, too
	Runs         []uuid.UUID `json:"runs,omitempty"`       // of practice
	Sittings     []uuid.UUID `json:"sittings,omitempty"`
	Logins       []string    `json:"logins,omitempty"`
	Account      bool        `json:"account,omitempty"` // kept had nothing to prove themselves with
	Secrets      []secret    `json:"secrets,omitempty"`
	Cards        []uuid.UUID `json:"cards,omitempty"`
	Devices      []uuid.UUID `json:"devices,omitempty"` // that did not know kept
	Listed       []uuid.UUID `json:"listed,omitempty"`  // devices that knew kept and did not offer them
	Consents     []uuid.UUID `json:"consents,omitempty"`
	Grants       []uuid.UUID `json:"grants,omitempty"`
	Appointments []uuid.UUID `json:"appointments,omitempty"`
	Requests     []uuid.UUID `json:"requests,omitempty"`  // open corrections
	Externals    []uuid.UUID `json:"externals,omitempty"` // certificates of other platforms
	Extensions   []uuid.UUID `json:"extensions,omitempty"`
	Exemptions   []uuid.UUID `json:"exemptions,omitempty"`
	Certificates []uuid.UUID `json:"certificates,omitempty"` // records of completion
	Superseded   []uuid.UUID `json:"superseded,omitempty"`   // of those, the ones that kept had, too
	Notices      []uuid.UUID `json:"notices,omitempty"`
	Told         []string    `json:"told,omitempty"`       // tables of how they are told, see byPerson
	Identities   []string    `json:"identities,omitempty"` // issuer and subject, a line break between
}

// brought is an enrolment whose course only the merged record had, as it was.
type brought struct {
	Enrolment uuid.UUID   `json:"enrolment"`
	Attempts  []uuid.UUID `json:"attempts,omitempty"`
	Open      *uuid.UUID  `json:"open,omitempty"` // that of the attempts which was not submitted
	Lessons   []lesson    `json:"lessons,omitempty"`
}

// absorbed is an enrolment whose course kept was enrolled in, too.
type absorbed struct {
	From     uuid.UUID   `json:"from"`
	Into     uuid.UUID   `json:"into"`
	Attempts []uuid.UUID `json:"attempts,omitempty"` // that moved
	Open     *uuid.UUID  `json:"open,omitempty"`     // that of them which was not submitted
	Lessons  []lesson    `json:"lessons,omitempty"`  // of kept's enrolment, as they were before
}

// lesson is a finished lesson of kept's enrolment before a merge changed it,
// and as the merge left it.
type lesson struct {
	LessonID uuid.UUID `json:"lesson"`
	Before   *finished `json:"before,omitempty"` // nil when kept had not finished it
	After    finished  `json:"after"`
}

type finished struct {
	FinishedAt time.Time        `json:"finished_at"`
	Support    identity.Support `json:"support"`
	HelperID   *uuid.UUID       `json:"helper,omitempty"`
	AloneAt    *time.Time       `json:"alone_at,omitempty"`
}

func (f finished) equal(other finished) bool {
	same := f.AloneAt == nil && other.AloneAt == nil || f.AloneAt != nil && other.AloneAt != nil && f.AloneAt.Equal(*other.AloneAt)
	return same && f.FinishedAt.Equal(other.FinishedAt) && f.Support == other.Support
}

// own is what is left of a lesson for kept when the merge is taken back: what
// they had before it, with what they did since; nil when that is nothing. A
// lesson that stands otherwise than the merge left it was done again with less
// help; when that was is known only of who then did it alone.
func (l lesson) own(now finished, merged time.Time) *finished {
	if now.equal(l.After) {
		return l.Before
	}
	own := now
	switch {
	case l.Before != nil:
		own.FinishedAt = l.Before.FinishedAt
	case now.AloneAt != nil:
		own.FinishedAt = *now.AloneAt
	default:
		own.FinishedAt = merged
	}
	return &own
}

// progress is a row of lesson_progress.
type progress struct {
	bun.BaseModel `bun:"table:lesson_progress,alias:lp"`

	EnrolmentID uuid.UUID `bun:",pk,type:uuid"`
	LessonID    uuid.UUID `bun:",pk,type:uuid"`
	finished
}
