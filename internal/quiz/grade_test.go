package quiz

import (
	"testing"

	"hocso/internal/platform/fault"
)

func question(key string, kind Kind, right ...string) *Question {
	q := &Question{Key: key, Kind: kind}
	for _, option := range []string{"a", "b", "c", "d"} {
		correct := false
		for _, r := range right {
			correct = correct || r == option
		}
		q.Options = append(q.Options, Option{Key: option, Correct: correct})
	}
	return q
}

func TestRight(t *testing.T) {
	one, many := question("one", Single, "b"), question("many", Multiple, "a", "c")
	for _, test := range []struct {
		name     string
		question *Question
		chosen   []string
		right    bool
	}{
		{"the right one", one, []string{"b"}, true},
		{"a wrong one", one, []string{"a"}, false},
		{"nothing", one, nil, false},
		{"right and wrong", one, []string{"b", "a"}, false},
		{"an option that is not there", one, []string{"b", "z"}, false},
		{"all right ones", many, []string{"a", "c"}, true},
		{"in another order", many, []string{"c", "a"}, true},
		{"one twice", many, []string{"a", "c", "a"}, true},
		{"only some", many, []string{"a"}, false},
		{"one too many", many, []string{"a", "b", "c"}, false},
	} {
		if got := test.question.Right(test.chosen); got != test.right {
			t.Errorf("%s: Right(%q) = %v", test.name, test.chosen, got)
		}
	}
}

func TestGrade(t *testing.T) {
	quiz := &Quiz{PassPercent: 67, Questions: []*Question{question("1", Single, "a"), question("2", Single, "b"), question("3", Multiple, "c", "d")}}
	for _, test := range []struct {
		name    string
		answers Answers
		want    Grade
	}{
		{"all", Answers{"1": {"a"}, "2": {"b"}, "3": {"c", "d"}}, Grade{3, 100, true}},
		{"two of three is 66, rounded down, below 67", Answers{"1": {"a"}, "2": {"b"}}, Grade{2, 66, false}},
		{"none", Answers{}, Grade{0, 0, false}},
		{"nil", nil, Grade{0, 0, false}},
		{"foreign questions count nothing", Answers{"9": {"a"}}, Grade{0, 0, false}},
	} {
		if got := quiz.Grade(test.answers); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestCheck(t *testing.T) {
	quiz := &Quiz{Questions: []*Question{question("1", Single, "a"), question("2", Multiple, "b", "c")}}
	for _, test := range []struct {
		name     string
		answers  Answers
		complete bool
		field    string // "" when they are accepted
		message  string
	}{
		{"complete", Answers{"1": {"d"}, "2": {"a", "b"}}, true, "", ""},
		{"one left out", Answers{"1": {"d"}}, true, "2", "quiz.missing"},
		{"one left out, only saved", Answers{"1": {"d"}}, false, "", ""},
		{"two where one is asked for", Answers{"1": {"a", "b"}, "2": {"a"}}, true, "1", "quiz.too_many"},
		{"an option that is not there", Answers{"1": {"a"}, "2": {"z"}}, true, "2", "quiz.foreign"},
		{"a question of another quiz", Answers{"1": {"a"}, "2": {"a"}, "3": {"a"}}, true, "form", "quiz.foreign"},
	} {
		err := quiz.Check(test.answers, test.complete)
		if test.field == "" {
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[test.field] != test.message {
			t.Errorf("%s: %v, fields %v", test.name, err, fault.FieldsOf(err))
		}
	}
}
