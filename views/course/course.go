// Package course shows a course, a lesson, and what somebody learns.
package course

import (
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
	Lesson   *course.Lesson
	Progress *course.Progress // nil for who is not enrolled
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
	All []*course.Progress // the latest first
}

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
