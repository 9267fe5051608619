// Package shelf shows what goes with the courses: the glossary, the papers
// that are printed or read out, and which skill is covered by what.
package shelf

import (
	"slices"
	"strconv"

	"hocso/internal/course"
	"hocso/internal/practice"
	"hocso/internal/quiz"
)

// PaperData is a paper of a course.
type PaperData struct {
	Name    string // "handout", "loudspeaker" or "guide"
	Version *course.Version
	HTML    string // sanitised at import
}

// Coverage counts what covers each skill and each competence.
type Coverage struct {
	Skills  []SkillCover   // the six, in their order
	Digcomp []DigcompCover // the 21 competences of DigComp 2.2, in their order
	Drills  []Drill        // how scam drills go; nil for who is not to see it
}

// Drill is how a scam drill goes, of everybody.
type Drill struct {
	Title string
	practice.Wariness
}

// share writes a part of a whole as a percentage, "–" of nothing.
func share(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return strconv.Itoa(part*100/whole) + "%"
}

// SkillCover is what covers one skill.
type SkillCover struct {
	Skill     course.Skill
	Courses   []*course.Version // that have at least one lesson of the skill
	Practices []*practice.Version
	Lessons   int
	Questions int
}

// Gap tells what the skill lacks; nothing when it has lessons, questions and practice.
func (s SkillCover) Gap() bool { return s.Lessons == 0 || s.Questions == 0 || len(s.Practices) == 0 }

// DigcompCover is what covers one competence.
type DigcompCover struct {
	Code                          string
	Lessons, Questions, Practices int
}

// Gap tells whether nothing at all covers it.
func (d DigcompCover) Gap() bool { return d.Lessons+d.Questions+d.Practices == 0 }

// competences are the codes of DigComp 2.2.
var competences = []string{
	"1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3", "5.4",
}

// NewCoverage begins to count.
func NewCoverage() *Coverage {
	c := &Coverage{}
	for _, skill := range course.Skills {
		c.Skills = append(c.Skills, SkillCover{Skill: skill})
	}
	for _, code := range competences {
		c.Digcomp = append(c.Digcomp, DigcompCover{Code: code})
	}
	return c
}

// AddCourse counts a course with its bank, which may be nil.
func (c *Coverage) AddCourse(version *course.Version, bank *quiz.Quiz) {
	for i := range c.Skills {
		cover, before := &c.Skills[i], c.Skills[i].Lessons
		for _, lesson := range version.Lessons {
			if slices.Contains(lesson.Skills, cover.Skill) {
				cover.Lessons++
			}
		}
		if cover.Lessons > before {
			cover.Courses = append(cover.Courses, version)
		}
		if bank == nil {
			continue
		}
		for _, question := range bank.Questions {
			if slices.Contains(question.Skills, cover.Skill) {
				cover.Questions++
			}
		}
	}
	for i := range c.Digcomp {
		cover := &c.Digcomp[i]
		for _, lesson := range version.Lessons {
			if slices.Contains(lesson.Digcomp, cover.Code) {
				cover.Lessons++
			}
		}
		if bank == nil {
			continue
		}
		for _, question := range bank.Questions {
			if slices.Contains(question.Digcomp, cover.Code) {
				cover.Questions++
			}
		}
	}
}

// AddPractice counts a scenario.
func (c *Coverage) AddPractice(version *practice.Version) {
	for i := range c.Skills {
		if slices.Contains(version.Skills, c.Skills[i].Skill) {
			c.Skills[i].Practices = append(c.Skills[i].Practices, version)
		}
	}
	for i := range c.Digcomp {
		if slices.Contains(version.Digcomp, c.Digcomp[i].Code) {
			c.Digcomp[i].Practices++
		}
	}
}
