// Package quiz shows an attempt: the form, the receipt, the result.
package quiz

import (
	"hocso/internal/course"
	"hocso/internal/quiz"
)

// Data is what the page of an attempt shows.
type Data struct {
	Attempt    *quiz.Attempt
	Quiz       *quiz.Quiz
	Version    *course.Version
	Submission string            // the form's own id: the same form sent twice is one submission
	Errors     map[string]string // question key → catalogue key
}

func fieldID(question *quiz.Question) string { return "cau-" + question.Key }
func errorID(question *quiz.Question) string { return "loi-" + question.Key }

func inputType(question *quiz.Question) string {
	if question.Kind == quiz.Multiple {
		return "checkbox"
	}
	return "radio"
}

// lessonTitle names the lesson that answers a question.
func (d Data) lessonTitle(slug string) string {
	for _, lesson := range d.Version.Lessons {
		if lesson.Slug == slug {
			return lesson.Title
		}
	}
	return slug
}
