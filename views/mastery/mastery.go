// Package mastery shows a learner's own skills, and the few questions of a
// placement check or a repeat.
package mastery

import (
	"hocso/internal/course"
	"hocso/internal/mastery"
	"hocso/internal/quiz"
)

// SkillsData is the learner's page of skills.
type SkillsData struct {
	Profile *mastery.Profile
	IDs     []string // of the sittings that buttons begin: of the placement check, then of each skill
}

// SittingData is a sitting: its form, or what it came to.
type SittingData struct {
	Sitting   *mastery.Sitting
	Questions []*quiz.Question // by item; nil for one that is gone
	Begin     *course.Version  // the course that a placement check proposes, or nil
}

// results counts right answers by skill, in the order of the programme.
func (d SittingData) results() []result {
	var all []result
	for _, skill := range course.Skills {
		r := result{skill: skill}
		for i, question := range d.Questions {
			if question == nil || question.Skills[0] != skill {
				continue
			}
			r.of++
			if question.Right(d.Sitting.Answers[d.Sitting.Items[i].Name()]) {
				r.right++
			}
		}
		if r.of > 0 {
			all = append(all, r)
		}
	}
	return all
}

type result struct {
	skill     course.Skill
	right, of int
}
