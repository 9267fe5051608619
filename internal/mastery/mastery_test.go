package mastery_test

import (
	"fmt"
	"testing"
	"time"

	"hocso/internal/course"
	"hocso/internal/mastery"
)

func TestOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	answers := func(right, wrong int) (all []mastery.Evidence) {
		for i := range right + wrong {
			all = append(all, mastery.Evidence{Skills: []course.Skill{course.Payment}, Item: fmt.Sprint(i), Right: i < right, At: now})
		}
		return all
	}
	run := func(right, alone bool) mastery.Evidence {
		return mastery.Evidence{Skills: []course.Skill{course.Payment, course.Safety}, Item: "run", Run: true, Right: right, Alone: alone, At: now}
	}
	for name, test := range map[string]struct {
		evidence []mastery.Evidence
		level    mastery.Level
		percent  int
	}{
		"nothing":                    {nil, mastery.None, 0},
		"too few":                    {answers(4, 0), mastery.Learning, 100},
		"half":                       {answers(3, 3), mastery.Learning, 50},
		"most":                       {answers(3, 2), mastery.Able, 60},
		"all, never practised":       {answers(5, 0), mastery.Able, 100},
		"all, practised":             {append(answers(5, 0), run(true, true)), mastery.Sure, 100},
		"all, practised with a hint": {append(answers(5, 0), run(true, false)), mastery.Able, 100},
		"all, caught":                {append(answers(5, 0), run(false, true)), mastery.Able, 83},
		"the latest counts": {append(answers(5, 0), run(true, true), mastery.Evidence{
			Skills: []course.Skill{course.Payment}, Item: "run", Run: true, At: now.Add(time.Hour)}), mastery.Able, 83},
	} {
		for _, got := range mastery.Of(test.evidence) {
			if got.Skill == course.Payment && (got.Level != test.level || got.Percent != test.percent) {
				t.Errorf("%s: %s %d%%, want %s %d%%", name, got.Level, got.Percent, test.level, test.percent)
			}
			if got.Skill == course.Email && got.Level != mastery.None {
				t.Errorf("%s: e-mail is %s", name, got.Level)
			}
		}
	}
}
