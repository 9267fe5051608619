package mastery

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/quiz"
)

// SittingKind is what a sitting is for.
type SittingKind string

// The kinds.
const (
	Placement SittingKind = "placement" // proposes where to begin
	Review    SittingKind = "review"    // repeats a skill
)

const (
	placementItems = 8 // in three minutes
	reviewItems    = 5
)

// Sitting is a few questions out of the banks. It counts for no course.
type Sitting struct {
	bun.BaseModel `bun:"table:sittings,alias:si"`

	ID           uuid.UUID `bun:",pk,type:uuid"`
	PersonID     uuid.UUID
	Kind         SittingKind
	Skill        course.Skill // of a review
	Items        []Item       `bun:",type:jsonb"`
	BegunAt      time.Time
	SubmittedAt  *time.Time
	Answers      quiz.Answers `bun:",type:jsonb"` // by Item.Name
	RightAnswers int
	Support      identity.Support
	HelperID     *uuid.UUID `bun:",type:uuid"`
}

// Item names a question of a bank.
type Item struct {
	Quiz uuid.UUID `json:"quiz"`
	Key  string    `json:"key"`
}

// Name is the item as one word, for form fields and answers.
func (i Item) Name() string { return i.Quiz.String() + "/" + i.Key }

// Well tells whether a submitted sitting went well.
func (s *Sitting) Well() bool {
	return len(s.Items) > 0 && s.RightAnswers*100 >= surePercent*len(s.Items)
}

// candidate is a question that may be drawn.
type candidate struct {
	item   Item
	skills []course.Skill
	missed bool // the learner's latest answer was wrong
}

// place draws the questions of a placement check: one of each skill in turn.
func place(candidates []candidate) []Item {
	shuffle(candidates)
	var items []Item
	taken := map[Item]bool{}
	for len(items) < placementItems {
		before := len(items)
		for _, skill := range course.Skills {
			i := slices.IndexFunc(candidates, func(c candidate) bool { return c.skills[0] == skill && !taken[c.item] })
			if i >= 0 && len(items) < placementItems {
				taken[candidates[i].item] = true
				items = append(items, candidates[i].item)
			}
		}
		if len(items) == before {
			break // the banks have no more
		}
	}
	return items
}

// review draws the questions of a repeat: first those last answered wrong.
func review(skill course.Skill, candidates []candidate) []Item {
	shuffle(candidates)
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		switch {
		case a.missed == b.missed:
			return 0
		case a.missed:
			return -1
		}
		return 1
	})
	var items []Item
	for _, c := range candidates {
		if slices.Contains(c.skills, skill) && len(items) < reviewItems {
			items = append(items, c.item)
		}
	}
	return items
}

func shuffle(candidates []candidate) {
	rand.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
}
