package program

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// fill works out what was done from a day on, within the cycle's year if it is
// yearly, and when that was enough.
func (t *Terms) fill(s *Standing, f *Facts, from time.Time) {
	until := time.Time{}
	if t.Rhythm == Yearly {
		until = date(s.Cycle+1, 1, 1)
	}
	var days []time.Time // on which a further course counted
	latest := time.Time{}
	for _, course := range t.Courses {
		learned, ok := firstFrom(f.Learned[course], from, until)
		if !ok {
			if t.Ordered {
				break
			}
			continue
		}
		if t.Ordered && learned.Before(latest) {
			learned = latest // waited for the courses before it
		}
		latest = learned
		days = append(days, learned)
	}
	slices.SortFunc(days, time.Time.Compare)
	s.Done = len(days)
	enough := t.hours(s, f, from, until)
	if steps := t.Steps(); len(days) >= steps && enough != nil {
		completed := *enough
		if steps > 0 {
			completed = later(completed, days[steps-1])
		}
		s.CompletedOn = &completed
	}
}

// hours sums what was learned in the cycle and tells on which day it was
// enough, nil when it is not. A course counts once.
func (t *Terms) hours(s *Standing, f *Facts, from, until time.Time) *time.Time {
	var learned []Hours
	for course, days := range f.Learned {
		if first, ok := firstFrom(days, from, until); ok && (t.Tiet > 0 || slices.Contains(t.Courses, course)) {
			learned = append(learned, Hours{Day: first, Minutes: t.Minutes[course]})
		}
	}
	for _, other := range f.Hours {
		if t.Tiet > 0 && !other.Day.Before(from) && (until.IsZero() || other.Day.Before(until)) {
			learned = append(learned, other)
		}
	}
	slices.SortFunc(learned, func(a, b Hours) int { return a.Day.Compare(b.Day) })
	enough := &time.Time{}
	if t.Tiet > 0 {
		enough = nil
	}
	for _, h := range learned {
		s.Minutes += h.Minutes
		if enough == nil && s.Minutes >= t.Tiet*MinutesPerTiet {
			enough = day(h.Day)
		}
	}
	return enough
}

// begun tells whether one of the courses was begun in the cycle.
func (t *Terms) begun(f *Facts, s *Standing) bool {
	return slices.ContainsFunc(t.Courses, func(course uuid.UUID) bool {
		began, ok := f.Began[course]
		return ok && (s.WindowFrom == nil || !began.Before(*s.WindowFrom))
	})
}

// firstFrom finds the first of ascending days in [from, until); a zero until
// has no end.
func firstFrom(days []time.Time, from, until time.Time) (time.Time, bool) {
	for _, d := range days {
		if !d.Before(from) {
			return d, until.IsZero() || d.Before(until)
		}
	}
	return time.Time{}, false
}
