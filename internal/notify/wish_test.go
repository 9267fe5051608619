package notify

import (
	"testing"
	"time"

	"hocso/internal/platform/clock"
)

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, clock.Zone)
}

func TestWhenSomethingMayBeSent(t *testing.T) {
	usual := DefaultWishes(newID())
	for _, c := range []struct {
		name        string
		from, until int
		daily       bool
		at, due     time.Time
	}{
		{"in the day", 21, 7, false, at(27, 12, 30), at(27, 12, 30)},
		{"a minute before quiet", 21, 7, false, at(27, 20, 59), at(27, 20, 59)},
		{"as quiet begins", 21, 7, false, at(27, 21, 0), at(28, 7, 0)},
		{"before midnight", 21, 7, false, at(27, 23, 59), at(28, 7, 0)},
		{"at midnight", 21, 7, false, at(28, 0, 0), at(28, 7, 0)},
		{"before quiet ends", 21, 7, false, at(28, 6, 59), at(28, 7, 0)},
		{"as quiet ends", 21, 7, false, at(28, 7, 0), at(28, 7, 0)},
		{"a rest at noon", 11, 14, false, at(27, 12, 0), at(27, 14, 0)},
		{"after a rest at noon", 11, 14, false, at(27, 14, 0), at(27, 14, 0)},
		{"no quiet at all", 0, 0, false, at(27, 3, 0), at(27, 3, 0)},
		{"once a day, early", 21, 7, true, at(27, 6, 0), at(27, 8, 0)},
		{"once a day, at its hour", 21, 7, true, at(27, 8, 0), at(28, 8, 0)},
		{"once a day, late", 21, 7, true, at(27, 22, 0), at(28, 8, 0)},
		{"once a day, in quiet hours", 7, 10, true, at(27, 6, 0), at(27, 10, 0)},
		{"the last day of a month", 21, 7, false, at(30, 22, 0), time.Date(2026, 12, 1, 7, 0, 0, 0, clock.Zone)},
	} {
		w := *usual
		w.QuietFrom, w.QuietUntil, w.Daily = c.from, c.until, c.daily
		if due := w.Due(c.at.UTC()); !due.Equal(c.due) {
			t.Errorf("%s: %v, want %v", c.name, due.In(clock.Zone), c.due)
		}
	}
	if tomorrow := usual.Tomorrow(at(27, 12, 0)); !tomorrow.Equal(at(28, 8, 0)) {
		t.Errorf("tomorrow is %v", tomorrow)
	}
	for _, group := range Groups {
		if !usual.Wants(group, Email) || usual.Wants(group, Text) {
			t.Errorf("%s: who chose nothing is told by e-mail alone", group)
		}
	}
}

func TestWaitsGrow(t *testing.T) {
	for attempts, want := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 8: 128 * time.Minute, 9: 4 * time.Hour, 16: 4 * time.Hour, 1000: 4 * time.Hour, 0: time.Minute} {
		if got := wait(attempts, 0); got != want {
			t.Errorf("after %d attempts: %v, want %v", attempts, got, want)
		}
		if got := wait(attempts, 1); got != want+want/2 {
			t.Errorf("after %d attempts at most: %v", attempts, got)
		}
	}
}

func TestMasks(t *testing.T) {
	for address, want := range map[string]string{"an@danang.gov.vn": "a…@danang.gov.vn", "@x.vn": "", "": "", "nobody": ""} {
		if got := mask(Email, address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
	if got := mask(Text, "0905123456"); got != "…456" {
		t.Errorf("a phone: %q", got)
	}
}
