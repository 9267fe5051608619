package program

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

var (
	one, two, three = uuid.UUID{1}, uuid.UUID{2}, uuid.UUID{3}
	started         = on("2026-01-05")
)

func on(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr(text string) *time.Time { return day(on(text)) }

// learned is a person who completed courses on days.
func learned(days map[uuid.UUID][]string) *Facts {
	f := &Facts{Awake: true, Began: map[uuid.UUID]time.Time{}, Learned: map[uuid.UUID][]time.Time{}}
	for course, all := range days {
		for _, d := range all {
			f.Learned[course] = append(f.Learned[course], on(d))
		}
		f.Began[course] = f.Learned[course][0]
	}
	return f
}

func terms(d Definition) *Terms {
	return &Terms{Definition: &d, Published: started, Minutes: map[uuid.UUID]int{one: 45, two: 90, three: 20}}
}

// TestEveryTransition walks through every state and every way between them, at
// the edges of days.
func TestEveryTransition(t *testing.T) {
	once := terms(Definition{Courses: []uuid.UUID{one, two}, DueOn: ptr("2026-03-31"), DueSoon: 14, Newcomer: 30, Rhythm: Once})
	renew := terms(Definition{Courses: []uuid.UUID{one}, DueOn: ptr("2026-03-31"), DueSoon: 14, Rhythm: Renew, ValidFor: 12, RenewAhead: 60})
	yearly := terms(Definition{Courses: []uuid.UUID{one}, DueOn: ptr("2026-06-30"), DueSoon: 14, Rhythm: Yearly, Newcomer: 30})
	half := map[uuid.UUID][]string{one: {"2026-02-01"}}
	whole := map[uuid.UUID][]string{one: {"2026-02-01"}, two: {"2026-02-10"}}
	for _, c := range []struct {
		name    string
		terms   *Terms
		learned map[uuid.UUID][]string
		ruling  Ruling
		joined  string
		today   string
		want    State
		next    string // the first day of another state, "" for never
	}{
		{"given", once, nil, Ruling{}, "2026-01-05", "2026-01-05", Assigned, "2026-03-17"},
		{"the last day before it is near", once, nil, Ruling{}, "2026-01-05", "2026-03-16", Assigned, "2026-03-17"},
		{"near", once, nil, Ruling{}, "2026-01-05", "2026-03-17", DueSoon, "2026-04-01"},
		{"the last day in time", once, nil, Ruling{}, "2026-01-05", "2026-03-31", DueSoon, "2026-04-01"},
		{"late", once, nil, Ruling{}, "2026-01-05", "2026-04-01", Overdue, ""},
		{"begun", once, half, Ruling{}, "2026-01-05", "2026-02-02", InProgress, "2026-03-17"},
		{"begun and near", once, half, Ruling{}, "2026-01-05", "2026-03-20", DueSoon, "2026-04-01"},
		{"begun and late", once, half, Ruling{}, "2026-01-05", "2026-05-01", Overdue, ""},
		{"done", once, whole, Ruling{}, "2026-01-05", "2026-02-10", Completed, ""},
		{"done stays done", once, whole, Ruling{}, "2026-01-05", "2036-02-10", Completed, ""},
		{"done late", once, map[uuid.UUID][]string{one: {"2026-04-20"}, two: {"2026-04-21"}}, Ruling{}, "2026-01-05", "2026-04-21", Completed, ""},
		{"let off", once, nil, Ruling{Exempt: true}, "2026-01-05", "2026-05-01", Exempt, ""},
		{"let off until a day, on that day", once, nil, Ruling{Exempt: true, ExemptUntil: ptr("2026-05-01")}, "2026-01-05", "2026-05-01", Exempt, "2026-05-02"},
		{"no longer let off", once, nil, Ruling{Exempt: true, ExemptUntil: ptr("2026-05-01")}, "2026-01-05", "2026-05-02", Overdue, ""},
		{"given longer", once, nil, Ruling{Extended: map[int]time.Time{1: on("2026-04-30")}}, "2026-01-05", "2026-04-01", Assigned, "2026-04-16"},
		{"given longer, and near", once, nil, Ruling{Extended: map[int]time.Time{1: on("2026-04-30")}}, "2026-01-05", "2026-04-30", DueSoon, "2026-05-01"},
		{"given longer, and late", once, nil, Ruling{Extended: map[int]time.Time{1: on("2026-04-30")}}, "2026-01-05", "2026-05-01", Overdue, ""},
		{"joined just before the deadline has days", once, nil, Ruling{}, "2026-03-30", "2026-04-01", Assigned, "2026-04-15"},
		{"joined after the deadline has days", once, nil, Ruling{}, "2026-06-01", "2026-07-01", DueSoon, "2026-07-02"},

		{"valid", renew, half, Ruling{}, "2026-01-05", "2026-12-02", Completed, "2026-12-03"},
		{"the window opens", renew, half, Ruling{}, "2026-01-05", "2026-12-03", Expiring, "2027-02-01"},
		{"the last valid day", renew, half, Ruling{}, "2026-01-05", "2027-01-31", Expiring, "2027-02-01"},
		{"run out", renew, half, Ruling{}, "2026-01-05", "2027-02-01", Expired, ""},
		{"run out but given longer", renew, half, Ruling{Extended: map[int]time.Time{2: on("2027-02-15")}}, "2026-01-05", "2027-02-15", Expiring, "2027-02-16"},
		{"a check before the window renews nothing", renew, map[uuid.UUID][]string{one: {"2026-02-01", "2026-12-02"}}, Ruling{}, "2026-01-05", "2026-12-03", Expiring, "2027-02-01"},
		{"renewed in the window keeps its anniversary", renew, map[uuid.UUID][]string{one: {"2026-02-01", "2026-12-03"}}, Ruling{}, "2026-01-05", "2026-12-03", Completed, "2027-12-03"},
		{"renewed late begins anew", renew, map[uuid.UUID][]string{one: {"2026-02-01", "2027-03-10"}}, Ruling{}, "2026-01-05", "2027-03-10", Completed, "2028-01-10"},
		{"renewed twice", renew, map[uuid.UUID][]string{one: {"2026-02-01", "2026-12-03", "2027-12-31"}}, Ruling{}, "2026-01-05", "2028-01-01", Completed, "2028-12-03"},
		{"what had run out before joining does not count", renew, map[uuid.UUID][]string{one: {"2024-11-01"}}, Ruling{}, "2026-01-05", "2026-01-06", Assigned, "2026-03-17"},
		{"what is still valid at joining counts", renew, map[uuid.UUID][]string{one: {"2025-08-01"}}, Ruling{}, "2026-01-05", "2026-01-06", Completed, "2026-06-02"},

		{"this year", yearly, nil, Ruling{}, "2026-01-05", "2026-06-15", Assigned, "2026-06-16"},
		{"late this year", yearly, nil, Ruling{}, "2026-01-05", "2026-07-01", Overdue, "2027-01-01"},
		{"done this year", yearly, half, Ruling{}, "2026-01-05", "2026-12-31", Completed, "2027-01-01"},
		{"a new year begins anew", yearly, half, Ruling{}, "2026-01-05", "2027-01-01", Assigned, "2027-06-16"},
		{"last year's check does not count for this year", yearly, map[uuid.UUID][]string{one: {"2026-12-31"}}, Ruling{}, "2026-01-05", "2027-07-01", Overdue, "2028-01-01"},
		{"done in the new year", yearly, map[uuid.UUID][]string{one: {"2026-02-01", "2027-01-01"}}, Ruling{}, "2026-01-05", "2027-01-01", Completed, "2028-01-01"},
		{"joined late in the year", yearly, nil, Ruling{}, "2026-12-20", "2026-12-31", DueSoon, "2027-01-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := learned(c.learned)
			s := c.terms.Stand(f, c.ruling, on(c.joined), on(c.today))
			if s.State != c.want {
				t.Errorf("%s, want %s: %+v", s.State, c.want, s)
			}
			next := ""
			if s.Next != nil {
				next = s.Next.Format(time.DateOnly)
			}
			if next != c.next {
				t.Errorf("changes on %q, want %q", next, c.next)
			}
			if s.Next == nil || c.next == "" {
				return
			}
			if eve := c.terms.Stand(f, c.ruling, on(c.joined), s.Next.AddDate(0, 0, -1)); eve.State != s.State || eve.Cycle != s.Cycle {
				t.Errorf("the day before %s it is already %s", next, eve.State)
			}
			if then := c.terms.Stand(f, c.ruling, on(c.joined), *s.Next); then.State == s.State && then.Cycle == s.Cycle {
				t.Errorf("on %s it still is %s", next, then.State)
			}
		})
	}
}

// TestWhatCounts: all, some of, in order, and hours.
func TestWhatCounts(t *testing.T) {
	courses := []uuid.UUID{one, two, three}
	for _, c := range []struct {
		name      string
		d         Definition
		learned   map[uuid.UUID][]string
		hours     []Hours
		done      int
		completed string
		minutes   int
	}{
		{"all of three, two done", Definition{Courses: courses}, map[uuid.UUID][]string{one: {"2026-02-01"}, three: {"2026-02-03"}}, nil, 2, "", 65},
		{"all of three", Definition{Courses: courses}, map[uuid.UUID][]string{one: {"2026-02-01"}, two: {"2026-03-02"}, three: {"2026-02-03"}}, nil, 3, "2026-03-02", 155},
		{"two of three", Definition{Courses: courses, Need: 2}, map[uuid.UUID][]string{one: {"2026-02-01"}, two: {"2026-03-02"}, three: {"2026-02-03"}}, nil, 2, "2026-02-03", 155},
		{"in order: the second waits for the first", Definition{Courses: courses, Ordered: true}, map[uuid.UUID][]string{two: {"2026-02-01"}}, nil, 0, "", 90},
		{"in order: the second counts once the first is done", Definition{Courses: courses, Ordered: true, Need: 2}, map[uuid.UUID][]string{two: {"2026-02-01"}, one: {"2026-02-20"}}, nil, 2, "2026-02-20", 135},
		{"hours of the year: not enough", Definition{Tiet: 4, Rhythm: Yearly}, map[uuid.UUID][]string{one: {"2026-02-01"}, two: {"2026-03-01"}}, nil, 0, "", 135},
		{"hours of the year: enough with those from elsewhere", Definition{Tiet: 4, Rhythm: Yearly}, map[uuid.UUID][]string{one: {"2026-02-01"}, two: {"2026-03-01"}},
			[]Hours{{on("2026-02-15"), 45}}, 0, "2026-03-01", 180},
		{"hours of another year do not count", Definition{Tiet: 2, Rhythm: Yearly}, map[uuid.UUID][]string{two: {"2025-03-01"}}, []Hours{{on("2027-01-01"), 900}}, 0, "", 0},
		{"a course counts its hours once in a year", Definition{Tiet: 3, Rhythm: Yearly}, map[uuid.UUID][]string{two: {"2026-03-01", "2026-04-01"}}, nil, 0, "", 90},
		{"courses and hours", Definition{Courses: []uuid.UUID{one}, Tiet: 3, Rhythm: Yearly}, map[uuid.UUID][]string{one: {"2026-02-01"}, two: {"2026-05-01"}}, nil, 1, "2026-05-01", 135},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := learned(c.learned)
			f.Hours = c.hours
			s := terms(c.d).Stand(f, Ruling{}, started, on("2026-12-01"))
			completed := ""
			if s.CompletedOn != nil {
				completed = s.CompletedOn.Format(time.DateOnly)
			}
			if s.Done != c.done || completed != c.completed || s.Minutes != c.minutes {
				t.Errorf("done %d on %q, %d minutes; want %d, %q, %d", s.Done, completed, s.Minutes, c.done, c.completed, c.minutes)
			}
		})
	}
}

// TestReminders: each mark once, none from before joining, none long after.
func TestReminders(t *testing.T) {
	tm := terms(Definition{Courses: []uuid.UUID{one}, DueOn: ptr("2026-03-31"), DueSoon: 14, Rhythm: Once,
		Remind: Reminders{Before: []int{14, 7, 3, 1}, After: []int{1, 7}}})
	for _, c := range []struct {
		joined, today string
		want          int
		is            bool
		next          string
	}{
		{"2026-01-05", "2026-03-16", 0, false, "2026-03-17"},
		{"2026-01-05", "2026-03-17", 14, true, "2026-03-24"},
		{"2026-01-05", "2026-03-19", 14, true, "2026-03-24"}, // no worker ran on the 17th
		{"2026-01-05", "2026-03-30", 1, true, "2026-04-01"},
		{"2026-01-05", "2026-03-31", 1, true, "2026-04-01"},
		{"2026-01-05", "2026-04-01", -1, true, "2026-04-07"},
		{"2026-01-05", "2026-04-07", -7, true, ""},
		{"2026-01-05", "2026-04-15", 0, false, ""},
		{"2026-03-26", "2026-03-26", 0, false, "2026-03-28"}, // what was before joining is not said
	} {
		s := tm.Stand(learned(nil), Ruling{}, on(c.joined), on(c.today))
		s.DueOn = tm.DueOn
		r, ok := tm.reminder(&s, on(c.joined), on(c.today))
		if ok != c.is || ok && r.mark != c.want {
			t.Errorf("joined %s, on %s: %v %v, want %v %v", c.joined, c.today, r.mark, ok, c.want, c.is)
		}
		next := ""
		if d := tm.nextReminder(&s, on(c.today)); d != nil {
			next = d.Format(time.DateOnly)
		}
		if next != c.next {
			t.Errorf("on %s the next is %q, want %q", c.today, next, c.next)
		}
	}
}
