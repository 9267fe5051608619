package program_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/program"
)

// TestWay checks the shortest way to finish: what is left, in the order to take it.
func TestWay(t *testing.T) {
	long, short, begun, done := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	names := map[uuid.UUID]string{long: "long", short: "short", begun: "begun", done: "done"}
	learned := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	all := []program.Step{
		{CourseID: long, Minutes: 90}, {CourseID: short, Minutes: 45}, {CourseID: begun, Minutes: 135, Began: true}, {CourseID: done, Minutes: 45, LearnedOn: &learned},
	}
	duty := func(state program.State, need int, ordered bool, steps ...program.Step) *program.Duty {
		return &program.Duty{
			Assignment: &program.Assignment{State: state, Steps: need, Done: count(steps)},
			Terms:      &program.Terms{Definition: &program.Definition{Ordered: ordered}}, Steps: steps,
		}
	}
	other := duty(program.Overdue, 1, false, all[0]) // asks for the long one
	closed := duty(program.Completed, 1, false, all[0])
	for name, c := range map[string]struct {
		duty   *program.Duty
		beside *program.Duty
		want   []string
	}{
		"all, begun first, then the shortest":      {duty(program.InProgress, 4, false, all...), nil, []string{"begun", "short", "long"}},
		"so many of them":                          {duty(program.InProgress, 2, false, all...), nil, []string{"begun"}},
		"in order":                                 {duty(program.InProgress, 4, true, all...), nil, []string{"long", "short", "begun"}},
		"what another duty asks for costs nothing": {duty(program.InProgress, 2, false, all[0], all[1], all[3]), other, []string{"long"}},
		"what was asked for asks no more":          {duty(program.InProgress, 2, false, all[0], all[1], all[3]), closed, []string{"short"}},
		"completed":                                {duty(program.Completed, 4, false, all...), nil, nil},
		"exempt":                                   {duty(program.Exempt, 4, false, all...), nil, nil},
		"renewing":                                 {duty(program.Expiring, 1, false, all[1]), nil, []string{"short"}},
		"hours only":                               {duty(program.Assigned, 0, false), nil, nil},
	} {
		record := &program.Record{Duties: []*program.Duty{c.duty}}
		if c.beside != nil {
			record.Duties = append(record.Duties, c.beside)
		}
		var got []string
		for _, step := range c.duty.Way(record.Owed()) {
			got = append(got, names[step.CourseID])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
}

func count(steps []program.Step) (done int) {
	for _, step := range steps {
		if step.LearnedOn != nil {
			done++
		}
	}
	return done
}
