package program_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/program"
)

// TestUnitsAreComparedWithBefore: a board says of each unit below how it stood
// a month ago, from the days that were closed, and nothing where there was
// nothing.
func TestUnitsAreComparedWithBefore(t *testing.T) {
	t.Parallel()
	w := newTown(t, 4)
	w.at(t, "2026-09-01 08:00:00")
	p := w.publish(t, w.definition(w.courses[1]))
	w.drain(t)
	w.at(t, "2026-09-11 08:00:00")
	w.complete(t, w.people[0].ID, w.courses[1])
	w.drain(t)
	board := func(moment string) (lines []program.UnitLine) {
		w.at(t, moment)
		w.drain(t)
		for _, only := range []*program.Program{nil, p} {
			b, err := w.service.Board(ctx, w.province, w.Province.Code, idOf(only))
			must(t, err)
			lines = b.Units
			if len(lines) != 2 || lines[0].Counts.Percent()+lines[1].Counts.Percent() != 50 {
				t.Fatalf("%s: %+v", moment, lines)
			}
		}
		return lines
	}
	for _, line := range board("2026-09-15 08:00:00") {
		if line.Ago != nil {
			t.Errorf("before the programme: %+v", line.Ago)
		}
	}
	for moment, percent := range map[string]int{"2026-10-10 08:00:00": 0, "2026-10-11 08:00:00": 50} {
		for _, line := range board(moment) {
			want := percent
			if line.Counts.Percent() == 0 {
				want = 0
			}
			on := w.now.AddDate(0, 0, -program.Ago).Format(time.DateOnly)
			if line.Ago == nil || line.Ago.Percent() != want || line.Ago.Required != 2 || line.Ago.Day.Format(time.DateOnly) != on {
				t.Errorf("%s, %s: %+v, not %d%% on %s", moment, line.Name, line.Ago, want, on)
			}
		}
	}
}

func idOf(p *program.Program) *uuid.UUID {
	if p == nil {
		return nil
	}
	return &p.ID
}
