package mastery

import (
	"slices"
	"time"
)

// intervals are after how many days something learnt comes back: forgetting is
// fastest at first (“mưa dầm thấm lâu”). After the last it comes back at the
// last one's distance.
var intervals = []int{7, 30, 90}

const day = 24 * time.Hour

// Try is one time that something was done, and whether it went well.
type Try struct {
	At   time.Time
	Well bool
}

// Due works out from all tries when something is to be repeated next, and
// which repeat that is, from 1. What never went well is not repeated but
// learnt: not ok. A try that went well when it was due takes it to the next
// interval; one that went well before begins the same interval anew; one that
// went wrong makes it due at once, and begins from the first interval.
func Due(tries []Try) (at time.Time, repeat int, ok bool) {
	tries = slices.Clone(tries)
	slices.SortStableFunc(tries, func(a, b Try) int { return a.At.Compare(b.At) })
	for _, try := range tries {
		switch {
		case !try.Well && ok:
			at, repeat = try.At, 0
		case !try.Well:
		case !ok:
			at, repeat, ok = try.At.Add(wait(1)), 1, true
		case try.At.Before(at):
			at = try.At.Add(wait(repeat))
		default:
			repeat++
			at = try.At.Add(wait(repeat))
		}
	}
	return at, max(repeat, 1), ok
}

// DueDrill is Due of a scam drill. No course teaches it, so whoever never came
// well through it is offered it again at once.
func DueDrill(tries []Try) (at time.Time, repeat int, ok bool) {
	if at, repeat, ok = Due(tries); ok || len(tries) == 0 {
		return at, repeat, ok
	}
	latest := slices.MaxFunc(tries, func(a, b Try) int { return a.At.Compare(b.At) })
	return latest.At, 1, true
}

// wait is how long before a repeat.
func wait(repeat int) time.Duration {
	return time.Duration(intervals[min(repeat, len(intervals))-1]) * day
}
