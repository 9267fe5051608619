// Package course shows a course, a lesson, and what somebody learns.
package course

import (
	"slices"
	"strings"

	"hocso/internal/course"
	"hocso/internal/quiz"
)

// Data is what the course page shows.
type Data struct {
	Version  *course.Version
	Progress *course.Progress // nil for who is not enrolled
	Attempts []*quiz.Attempt  // the viewer's, the latest first
	SignedIn bool
}

// unfinished is the attempt that is open or waits for its grade, or nil.
func (d Data) unfinished() *quiz.Attempt {
	if len(d.Attempts) > 0 && d.Attempts[0].State != quiz.Graded {
		return d.Attempts[0]
	}
	return nil
}

// LessonData is what a lesson page shows.
type LessonData struct {
	Version  *course.Version
	Lesson   *course.Lesson   // in the reader's language, see course.Lesson.In
	Progress *course.Progress // nil for who is not enrolled

	Languages []string // besides Vietnamese, that the lesson is in
	Tongue    string   // that the reader chose, "vi" for none
}

// lang is what the lesson is shown in.
func (d LessonData) lang() string {
	if slices.Contains(d.Languages, d.Tongue) {
		return d.Tongue
	}
	return "vi"
}

// audio is the address of a lesson's recording, or "".
func audio(lesson *course.Lesson) string {
	if lesson.Audio == "" {
		return ""
	}
	return "/media/" + lesson.Audio
}

// previous and next are the neighbours, or nil.
func (d LessonData) previous() *course.Lesson { return d.at(d.Lesson.Position - 1) }
func (d LessonData) next() *course.Lesson     { return d.at(d.Lesson.Position + 1) }

func (d LessonData) at(position int) *course.Lesson {
	if position < 1 || position > len(d.Version.Lessons) {
		return nil
	}
	return d.Version.Lessons[position-1]
}

// MineData is what "my learning" shows.
type MineData struct {
	All   []*course.Progress // the latest first
	Guest bool
}

// NextPath is where somebody goes on: the first lesson or practice that they
// have not finished, or the course page, where the quiz begins.
func NextPath(p *course.Progress) string {
	switch lesson, practice := p.Next(); {
	case lesson != nil:
		return coursePath(p.Version, "lessons", lesson.Slug)
	case practice != nil:
		return practicePath(practice)
	}
	return coursePath(p.Version)
}

// NextKey is the catalogue key of what NextPath leads to.
func NextKey(p *course.Progress) string {
	switch lesson, practice := p.Next(); {
	case lesson != nil:
		return "course.continue"
	case practice != nil:
		return "course.practise"
	case p.Enrolment.PassedAt == nil:
		return "course.to_quiz"
	}
	return "course.look"
}

// onlyQuizLeft tells whether every lesson and practice is finished.
func onlyQuizLeft(p *course.Progress) bool {
	lesson, practice := p.Next()
	return lesson == nil && practice == nil
}

func practicePath(practice *course.Practice) string { return "/practice/" + practice.Scenario }

// module is a run of lessons under one title.
type module struct {
	title   string
	lessons []*course.Lesson
}

func modules(version *course.Version) []module {
	var all []module
	for _, lesson := range version.Lessons {
		if len(all) == 0 || all[len(all)-1].title != lesson.Module {
			all = append(all, module{title: lesson.Module})
		}
		last := &all[len(all)-1]
		last.lessons = append(last.lessons, lesson)
	}
	return all
}

func coursePath(version *course.Version, rest ...string) string {
	return strings.Join(append([]string{"/courses/" + version.Slug}, rest...), "/")
}
