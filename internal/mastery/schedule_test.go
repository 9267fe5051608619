package mastery_test

import (
	"testing"
	"time"

	"hocso/internal/mastery"
)

func TestDue(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	well := func(day int) mastery.Try { return mastery.Try{At: start.AddDate(0, 0, day), Well: true} }
	wrong := func(day int) mastery.Try { return mastery.Try{At: start.AddDate(0, 0, day)} }
	for name, test := range map[string]struct {
		tries  []mastery.Try
		day    int // -1: never
		repeat int
	}{
		"nothing":                      {nil, -1, 0},
		"never well":                   {[]mastery.Try{wrong(0), wrong(3)}, -1, 0},
		"once":                         {[]mastery.Try{well(0)}, 7, 1},
		"wrong, then well":             {[]mastery.Try{wrong(0), well(2)}, 9, 1},
		"before it is due":             {[]mastery.Try{well(0), well(5)}, 12, 1},
		"on the day":                   {[]mastery.Try{well(0), well(7)}, 37, 2},
		"late":                         {[]mastery.Try{well(0), well(20)}, 50, 2},
		"twice":                        {[]mastery.Try{well(0), well(7), well(37)}, 127, 3},
		"three times, then every 90":   {[]mastery.Try{well(0), well(7), well(37), well(127)}, 217, 4},
		"wrong: due at once":           {[]mastery.Try{well(0), well(7), wrong(40)}, 40, 1},
		"wrong, well: the first again": {[]mastery.Try{well(0), well(7), wrong(40), well(41)}, 48, 1},
		"in whatever order they are":   {[]mastery.Try{well(37), well(0), well(7)}, 127, 3},
	} {
		at, repeat, ok := mastery.Due(test.tries)
		if want := start.AddDate(0, 0, test.day); ok != (test.day >= 0) || ok && (!at.Equal(want) || repeat != test.repeat) {
			t.Errorf("%s: %v, repeat %d, %v; want day %d, repeat %d", name, at, repeat, ok, test.day, test.repeat)
		}
	}
}

func TestDueDrill(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		tries []mastery.Try
		at    time.Time // zero: never
	}{
		"never tried":        {nil, time.Time{}},
		"caught":             {[]mastery.Try{{At: start}}, start},
		"caught twice":       {[]mastery.Try{{At: start.AddDate(0, 0, 2)}, {At: start}}, start.AddDate(0, 0, 2)},
		"well":               {[]mastery.Try{{At: start, Well: true}}, start.AddDate(0, 0, 7)},
		"caught, then avoid": {[]mastery.Try{{At: start}, {At: start.AddDate(0, 0, 1), Well: true}}, start.AddDate(0, 0, 8)},
	} {
		if at, _, ok := mastery.DueDrill(test.tries); ok != !test.at.IsZero() || ok && !at.Equal(test.at) {
			t.Errorf("%s: %v, %v; want %v", name, at, ok, test.at)
		}
	}
}
