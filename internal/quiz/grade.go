package quiz

import (
	"fmt"
	"slices"

	"hocso/internal/platform/fault"
)

// Grade is what an attempt comes to.
type Grade struct {
	Right  int  // questions answered right
	Score  int  // Right as a percentage of all questions, rounded down, 0 to 100
	Passed bool // Score reaches the quiz's PassPercent
}

// Grade marks answers. It is total: whatever is missing or unknown is wrong.
func (q *Quiz) Grade(answers Answers) Grade {
	var grade Grade
	for _, question := range q.Questions {
		if question.Right(answers[question.Key]) {
			grade.Right++
		}
	}
	if len(q.Questions) > 0 {
		grade.Score = grade.Right * 100 / len(q.Questions)
	}
	grade.Passed = grade.Score >= q.PassPercent
	return grade
}

// Right tells whether the chosen options are exactly the right ones; order and
// repetition do not matter.
func (q *Question) Right(chosen []string) bool {
	for _, option := range q.Options {
		if option.Correct != slices.Contains(chosen, option.Key) {
			return false
		}
	}
	for _, key := range chosen {
		if !q.has(key) {
			return false
		}
	}
	return true
}

// Known leaves those of the chosen options that the question has.
func (q *Question) Known(chosen []string) []string {
	return slices.DeleteFunc(slices.Clone(chosen), func(key string) bool { return !q.has(key) })
}

func (q *Question) has(key string) bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.Key == key })
}

// Check says what is wrong with answers before they are accepted: a question
// or an option that the quiz does not have, several answers where one is
// asked for, and, when complete is asked for, questions left out. The error is
// a fault.Invalid whose fields are question keys.
func (q *Quiz) Check(answers Answers, complete bool) error {
	fields := map[string]string{}
	known := 0
	for _, question := range q.Questions {
		chosen, given := answers[question.Key]
		if given {
			known++
		}
		switch {
		case len(chosen) == 0 && complete:
			fields[question.Key] = "quiz.missing"
		case len(chosen) > 1 && question.Kind != Multiple:
			fields[question.Key] = "quiz.too_many"
		case slices.ContainsFunc(chosen, func(key string) bool { return !question.has(key) }):
			fields[question.Key] = "quiz.foreign"
		}
	}
	if known < len(answers) {
		fields["form"] = "quiz.foreign"
	}
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.Invalid, What: fmt.Sprintf("%d answers", len(fields)), Fields: fields}
	}
	return nil
}
