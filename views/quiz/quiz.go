// Package quiz shows an attempt: the form, the receipt, the result.
package quiz

import (
	"slices"

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

// chosen tells whether an option is (or was) chosen.
func (d Data) chosen(question *quiz.Question, option string) bool {
	return slices.Contains(d.Attempt.Answers[question.Key], option)
}

func (d Data) right(question *quiz.Question) bool {
	return question.Right(d.Attempt.Answers[question.Key])
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
