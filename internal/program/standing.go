package program

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// State is where a person stands in a programme.
type State string

// The states. Who is no longer in the audience is Released: the row stays as
// history and counts nowhere.
const (
	Assigned   State = "assigned"    // nothing done yet
	InProgress State = "in-progress" // begun
	DueSoon    State = "due-soon"    // the deadline is near
	Overdue    State = "overdue"     // not done on the day after the deadline
	Completed  State = "completed"
	Exempt     State = "exempt"
	Expiring   State = "expiring" // completed, and the window for renewing is open
	Expired    State = "expired"  // was completed, and was not renewed in time
	Released   State = "released"
)

// States lists those that count, in the order in which pages show them.
var States = []State{Overdue, Expired, DueSoon, Expiring, InProgress, Assigned, Completed, Exempt}

// Behind tells whether somebody in this state is late.
func (s State) Behind() bool { return s == Overdue || s == Expired }

// Holds tells whether somebody in this state has what the programme asks for.
func (s State) Holds() bool { return s == Completed || s == Expiring }

// Open tells whether there is something left to do.
func (s State) Open() bool { return !s.Holds() && s != Exempt && s != Released || s == Expiring }

// Facts are what is known of one person, everything that a programme's rule or
// standing can depend on.
type Facts struct {
	PersonID uuid.UUID
	Awake    bool                      // registered, not suspended, not merged, not erased
	Home     *uuid.UUID                // unit
	Roles    []Post                    // held today
	Offices  []Post                    // held today
	Began    map[uuid.UUID]time.Time   // course → day of the first lesson or check
	Learned  map[uuid.UUID][]time.Time // course → days on which it was completed or its check passed again, alone or elsewhere; ascending
	Hours    []Hours                   // learned elsewhere without a course of ours
	Next     *time.Time                // when a role or an office begins or ends by itself
}

// Hours are minutes learned on a day.
type Hours struct {
	Day     time.Time
	Minutes int
}

// Ruling is what was decided for one person in one programme.
type Ruling struct {
	Extended    map[int]time.Time // cycle → last day in time
	Exempt      bool
	ExemptUntil *time.Time // the last day; nil for good
}

// Past is a cycle that is over.
type Past struct {
	Cycle       int        `json:"cycle"`
	DueOn       *time.Time `json:"due_on,omitempty"`
	CompletedOn *time.Time `json:"completed_on,omitempty"`
	ValidUntil  *time.Time `json:"valid_until,omitempty"`
}

// Standing is where somebody stands on a day.
type Standing struct {
	State       State
	Cycle       int
	WindowFrom  *time.Time
	DueOn       *time.Time
	CompletedOn *time.Time
	ValidUntil  *time.Time
	Steps, Done int
	Minutes     int // learned in this cycle
	Past        []Past
	// Next is the first day on which the state changes by time alone, nil for never.
	Next *time.Time
}

// Terms are a published definition with what its standing needs beside it.
type Terms struct {
	*Definition
	ID, OwnerID uuid.UUID
	Published   time.Time         // day
	Minutes     map[uuid.UUID]int // course → how long it takes
}

// Stand works out where a member of the audience stands today.
func (t *Terms) Stand(f *Facts, r Ruling, joined, today time.Time) Standing {
	s := t.cycles(f, r, joined, today)
	if s.Steps = t.Steps(); s.Done > s.Steps {
		s.Done = s.Steps
	}
	if r.Exempt && (r.ExemptUntil == nil || !today.After(*r.ExemptUntil)) {
		s.State, s.Next = Exempt, nil
		if r.ExemptUntil != nil {
			s.Next = day(r.ExemptUntil.AddDate(0, 0, 1))
		}
		return s
	}
	s.State, s.Next = t.name(f, &s, joined, today)
	return s
}

// cycles goes through the cycles up to the one of today.
func (t *Terms) cycles(f *Facts, r Ruling, joined, today time.Time) Standing {
	switch t.Rhythm {
	case Yearly:
		return t.years(f, r, joined, today)
	case Renew:
		return t.renewals(f, r, joined, today)
	}
	s := Standing{Cycle: 1, DueOn: t.due(r, 1, joined)}
	t.fill(&s, f, time.Time{})
	return s
}

// years has one cycle for each calendar year since joining.
func (t *Terms) years(f *Facts, r Ruling, joined, today time.Time) Standing {
	var past []Past
	for year := joined.Year(); ; year++ {
		from, until := date(year, 1, 1), date(year, 12, 31)
		s := Standing{Cycle: year, WindowFrom: &from, DueOn: &until}
		if t.DueOn != nil {
			_, month, dayOf := t.DueOn.Date()
			s.DueOn = day(date(year, month, dayOf))
		}
		// Whoever joins late in the year has their days, but not beyond the year.
		if late := earlier(joined.AddDate(0, 0, t.Newcomer), until); year == joined.Year() && joined.After(t.Published) && s.DueOn.Before(late) {
			s.DueOn = &late
		}
		if extended, ok := r.Extended[year]; ok {
			s.DueOn = &extended
		}
		t.fill(&s, f, from)
		if s.CompletedOn != nil {
			s.ValidUntil = &until
		}
		if year >= today.Year() {
			s.Past = past
			return s
		}
		past = append(past, Past{Cycle: year, DueOn: s.DueOn, CompletedOn: s.CompletedOn, ValidUntil: s.ValidUntil})
	}
}

// renewals has a new cycle whenever the window for renewing opens. A
// completion that had run out before joining does not count.
func (t *Terms) renewals(f *Facts, r Ruling, joined, today time.Time) Standing {
	s := Standing{Cycle: 1, DueOn: t.due(r, 1, joined)}
	from := joined.AddDate(0, -t.ValidFor, 1)
	s.WindowFrom = &from
	t.fill(&s, f, from)
	for s.CompletedOn != nil {
		// Renewed in the window keeps its anniversary; renewed late begins anew.
		base := *s.CompletedOn
		if n := len(s.Past); n > 0 && !s.CompletedOn.After(*s.Past[n-1].ValidUntil) {
			base = s.Past[n-1].ValidUntil.AddDate(0, 0, 1)
		}
		s.ValidUntil = day(base.AddDate(0, t.ValidFor, -1))
		opens := t.opens(*s.CompletedOn, *s.ValidUntil)
		if today.Before(opens) {
			return s
		}
		past := append(slices.Clone(s.Past), Past{Cycle: s.Cycle, DueOn: s.DueOn, CompletedOn: s.CompletedOn, ValidUntil: s.ValidUntil})
		s = Standing{Cycle: s.Cycle + 1, WindowFrom: &opens, DueOn: s.ValidUntil, Past: past}
		if extended, ok := r.Extended[s.Cycle]; ok {
			s.DueOn = &extended
		}
		t.fill(&s, f, opens)
	}
	return s
}

// opens is the first day on which a completion may be renewed: what completed
// one cycle never counts for the next.
func (t *Terms) opens(completed, validUntil time.Time) time.Time {
	return later(validUntil.AddDate(0, 0, 1-t.RenewAhead), completed.AddDate(0, 0, 1))
}

// due is the last day in time of the first cycle, nil when there is no deadline.
func (t *Terms) due(r Ruling, cycle int, joined time.Time) *time.Time {
	if extended, ok := r.Extended[cycle]; ok {
		return &extended
	}
	switch {
	case t.DueDays > 0:
		return day(joined.AddDate(0, 0, t.DueDays))
	case t.DueOn == nil:
		return nil
	}
	if late := joined.AddDate(0, 0, t.Newcomer); joined.After(t.Published) && t.DueOn.Before(late) {
		return &late
	}
	return t.DueOn
}

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

// name gives a standing its state, and the first day on which that changes by
// itself.
func (t *Terms) name(f *Facts, s *Standing, joined, today time.Time) (State, *time.Time) {
	if s.CompletedOn != nil {
		switch t.Rhythm {
		case Yearly:
			return Completed, day(s.ValidUntil.AddDate(0, 0, 1))
		case Renew:
			return Completed, day(t.opens(*s.CompletedOn, *s.ValidUntil))
		}
		return Completed, nil
	}
	if s.Cycle > 1 && t.Rhythm == Renew {
		if today.After(*s.DueOn) {
			return Expired, nil
		}
		return Expiring, day(s.DueOn.AddDate(0, 0, 1))
	}
	state := Assigned
	if s.Done > 0 || s.Minutes > 0 || t.begun(f, s) {
		state = InProgress
	}
	next := t.nextYear(s)
	if s.DueOn == nil {
		return state, next
	}
	near := s.DueOn.AddDate(0, 0, -t.DueSoon)
	switch {
	case today.After(*s.DueOn):
		return Overdue, next
	case !today.Before(near):
		return DueSoon, day(s.DueOn.AddDate(0, 0, 1))
	}
	return state, day(near)
}

// nextYear is when a yearly programme begins anew.
func (t *Terms) nextYear(s *Standing) *time.Time {
	if t.Rhythm != Yearly {
		return nil
	}
	return day(date(s.Cycle+1, 1, 1))
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

func date(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
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
