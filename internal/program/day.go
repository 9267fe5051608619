package program

import "time"

func date(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// inMonth is a day of a month, the last when the month has no such day.
func inMonth(year int, month time.Month, d int) time.Time {
	return earlier(date(year, month, d), date(year, month+1, 0))
}

// afterMonths is the first day after months that begin on a day. A month that
// has no such day ends with its last (civil code 2015, article 148.3).
func afterMonths(from time.Time, months int) time.Time {
	year, month, d := from.Date()
	return earlier(date(year, month+time.Month(months), d), date(year, month+time.Month(months)+1, 1))
}

func day(t time.Time) *time.Time { return &t }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func sameDay(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}
