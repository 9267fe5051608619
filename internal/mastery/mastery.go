// Package mastery says how well somebody has a skill, what is due to be
// repeated, and where to begin: worked out from graded attempts, practice runs
// and sittings whenever a page asks, so there is nothing of its own to lose.
//
// It must never count for a course, and never be a figure about others: it is
// the learner's own.
package mastery

import (
	"slices"
	"time"

	"hocso/internal/course"
)

// Level is how well somebody has a skill.
type Level string

// The levels.
const (
	None     Level = "none"     // nothing done yet
	Learning Level = "learning" // begun
	Able     Level = "able"     // most answers right
	Sure     Level = "sure"     // nearly all right, and practised without a hint
)

const (
	ableItems   = 5  // fewer answered questions say too little
	ablePercent = 60 // of the latest answer to each question
	surePercent = 80
)

// Evidence is one thing that shows a skill: an answer to a question, or a
// practice run.
type Evidence struct {
	Skills []course.Skill
	Item   string // the question or scenario; only the latest of each counts
	Run    bool   // a practice run
	Right  bool   // answered right; the goal reached
	Alone  bool   // of a run: without hints or a helper
	At     time.Time
}

// Mastery is how well somebody has one skill.
type Mastery struct {
	Skill   course.Skill
	Level   Level
	Percent int // of answered questions and practised scenarios whose latest was right
	Items   int // questions answered
	Runs    int // scenarios practised
}

// Of works out the mastery of each of the six skills, in their order.
func Of(evidence []Evidence) []Mastery {
	all := make([]Mastery, len(course.Skills))
	for i, skill := range course.Skills {
		all[i] = of(skill, latest(skill, evidence))
	}
	return all
}

// latest keeps the latest evidence of each item of a skill.
func latest(skill course.Skill, evidence []Evidence) []Evidence {
	byItem := map[string]Evidence{}
	for _, e := range evidence {
		if slices.Contains(e.Skills, skill) && !e.At.Before(byItem[e.Item].At) {
			byItem[e.Item] = e
		}
	}
	kept := make([]Evidence, 0, len(byItem))
	for _, e := range byItem {
		kept = append(kept, e)
	}
	return kept
}

func of(skill course.Skill, evidence []Evidence) Mastery {
	m := Mastery{Skill: skill, Level: None}
	right, practised := 0, false
	for _, e := range evidence {
		if e.Run {
			m.Runs++
			practised = practised || e.Right && e.Alone
		} else {
			m.Items++
		}
		if e.Right {
			right++
		}
	}
	if len(evidence) == 0 {
		return m
	}
	m.Percent = right * 100 / len(evidence)
	switch {
	case m.Items >= ableItems && m.Percent >= surePercent && practised:
		m.Level = Sure
	case m.Items >= ableItems && m.Percent >= ablePercent:
		m.Level = Able
	default:
		m.Level = Learning
	}
	return m
}
