package program

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// situation is everything that where somebody stands can depend on.
type situation struct{ terms, facts, ruling, joined, today int }

// possible is a small world in which all of the machine can happen: each list
// is one kind of thing that can be otherwise, days are edges of something.
var possible = struct {
	terms   []Definition
	facts   []map[uuid.UUID][]string
	rulings []Ruling
	joined  []string
	days    []string
}{
	terms: []Definition{
		{Courses: []uuid.UUID{one, two}, DueOn: ptr("2026-03-31"), DueSoon: 14, Rhythm: Once},
		{Courses: []uuid.UUID{one, two}, DueDays: 40, DueSoon: 7, Rhythm: Once},
		{Courses: []uuid.UUID{two}, Rhythm: Once},
		{Courses: []uuid.UUID{one}, DueOn: ptr("2026-03-31"), DueSoon: 14, Rhythm: Renew, ValidFor: 12, RenewAhead: 60},
		{Courses: []uuid.UUID{one, two}, DueDays: 30, DueSoon: 14, Rhythm: Renew, ValidFor: 6, RenewAhead: 30},
		{Courses: []uuid.UUID{one}, DueOn: ptr("2026-06-30"), DueSoon: 14, Rhythm: Yearly},
		{Courses: []uuid.UUID{one, two}, DueOn: ptr("2026-01-10"), DueSoon: 14, Rhythm: Yearly},
		{Tiet: 3, DueOn: ptr("2026-06-30"), DueSoon: 14, Rhythm: Yearly},
	},
	facts: []map[uuid.UUID][]string{
		{},
		{one: {"2025-03-01"}},
		{one: {"2026-02-01"}},
		{two: {"2026-02-10"}},
		{one: {"2026-02-01"}, two: {"2026-02-10"}},
		{one: {"2026-04-20"}, two: {"2026-04-21"}},
		{one: {"2026-02-01", "2026-12-03"}},
		{one: {"2026-02-01", "2026-07-20"}, two: {"2026-02-10", "2026-07-20"}},
		{one: {"2026-06-25"}, two: {"2026-06-25"}},
		{one: {"2026-08-10"}, two: {"2026-08-10"}},
		{one: {"2026-09-25"}, two: {"2026-09-25"}},
		{one: {"2026-02-01", "2027-01-01"}, two: {"2026-02-10", "2027-01-01"}},
		{one: {"2026-02-01", "2027-03-10"}},
	},
	rulings: []Ruling{
		{},
		{Exempt: true},
		{Exempt: true, ExemptUntil: ptr("2026-05-01")},
		{Extended: map[int]time.Time{1: on("2026-05-15"), 2: on("2027-02-15"), 2026: on("2026-08-30")}},
	},
	joined: []string{"2026-01-05", "2026-04-01", "2026-12-20"},
	days: []string{
		"2026-01-05", "2026-02-01", "2026-02-10", "2026-03-16", "2026-03-17", "2026-03-31", "2026-04-01", "2026-04-21", "2026-05-01", "2026-05-02",
		"2026-05-15", "2026-05-16", "2026-06-15", "2026-06-16", "2026-06-30", "2026-07-01", "2026-07-10", "2026-12-02", "2026-12-03", "2026-12-20", "2026-12-31",
		"2027-01-01", "2027-01-31", "2027-02-01", "2027-02-15", "2027-02-16", "2027-03-10", "2027-06-16", "2027-07-01",
	},
}

// atlas knows where somebody stands in every situation.
type atlas struct {
	terms []*Terms
	known map[situation]*Assignment
}

func newAtlas() *atlas {
	a := &atlas{known: map[situation]*Assignment{}}
	for i, d := range possible.terms {
		t := terms(d)
		t.Revision = i + 1
		a.terms = append(a.terms, t)
	}
	return a
}

func (a *atlas) stands(s situation) *Assignment {
	if known := a.known[s]; known != nil {
		return known
	}
	t, today, joined := a.terms[s.terms], on(possible.days[s.today]), on(possible.joined[s.joined])
	standing := t.Stand(seen(s.facts, today), possible.rulings[s.ruling], joined, today)
	found := &Assignment{State: Released, JoinedOn: joined}
	found.take(&standing, t.Revision, uuid.Nil, today)
	a.known[s] = found
	return found
}

// seen is what is known of somebody on a day: nothing of what lies ahead.
func seen(facts int, today time.Time) *Facts {
	f := learned(nil)
	for course, days := range possible.facts[facts] {
		for _, d := range days {
			if !on(d).After(today) {
				f.Learned[course] = append(f.Learned[course], on(d))
			}
		}
		if began := on(days[0]).AddDate(0, 0, -3); !began.After(today) {
			f.Began[course] = began
		}
	}
	return f
}

// way is one change: an event between two states.
type way struct {
	event    Event
	from, to State
}

// ways lists everything that the machine allows.
func ways() map[way]bool {
	all := map[way]bool{}
	for event, some := range moves {
		for _, m := range some {
			for _, from := range m.from {
				for _, to := range m.to {
					all[way{event, from, to}] = true
				}
			}
		}
	}
	return all
}

// walk notes the change from one situation to another, if it is one.
func (a *atlas) walk(from, to situation, met map[way]string) {
	before, after := a.stands(from), a.stands(to)
	if after.moved(before) {
		met[way{a.terms[to.terms].event(before, after), before.State, after.State}] = fmt.Sprint(from, " → ", to)
	}
}

// TestMachine walks all of the machine: everything that it allows happens in
// the small world, and nothing that it does not.
func TestMachine(t *testing.T) {
	t.Parallel()
	a, met := newAtlas(), map[way]string{}
	every := func(visit func(situation)) {
		for terms := range possible.terms {
			for facts := range possible.facts {
				for ruling := range possible.rulings {
					for joined, since := range possible.joined {
						for today := slices.Index(possible.days, since); today < len(possible.days); today++ {
							visit(situation{terms, facts, ruling, joined, today})
						}
					}
				}
			}
		}
	}
	var all []situation
	every(func(s situation) { all = append(all, s) })
	// Whoever joins or leaves.
	for _, s := range all {
		here, outside := a.stands(s), &Assignment{State: Released}
		if here.JoinedOn.Equal(on(possible.days[s.today])) {
			met[way{a.terms[s.terms].event(outside, here), Released, here.State}] = fmt.Sprint("joining ", s)
		}
		met[way{a.terms[s.terms].event(here, outside), here.State, Released}] = fmt.Sprint("leaving ", s)
	}
	// One thing changes at a time, or a day passes.
	for _, s := range all {
		for other := range possible.terms {
			a.walk(s, situation{other, s.facts, s.ruling, s.joined, s.today}, met)
		}
		for other := range possible.facts {
			a.walk(s, situation{s.terms, other, s.ruling, s.joined, s.today}, met)
		}
		for other := range possible.rulings {
			a.walk(s, situation{s.terms, s.facts, other, s.joined, s.today}, met)
		}
		if s.today+1 < len(possible.days) {
			a.walk(s, situation{s.terms, s.facts, s.ruling, s.joined, s.today + 1}, met)
		}
	}
	// Several at once, after a worker slept for long.
	random := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		from := all[random.IntN(len(all))]
		today := from.today + random.IntN(len(possible.days)-from.today)
		a.walk(from, situation{random.IntN(len(possible.terms)), random.IntN(len(possible.facts)), random.IntN(len(possible.rulings)), from.joined, today}, met)
		a.walk(from, situation{from.terms, random.IntN(len(possible.facts)), random.IntN(len(possible.rulings)), from.joined, today}, met)
	}
	allowed := ways()
	var wrong []string
	for w, where := range met {
		if !allowed[w] {
			wrong = append(wrong, fmt.Sprintf("not in the machine: %s: %s → %s (%s)", w.event, w.from, w.to, where))
		}
	}
	for w := range allowed {
		if _, happened := met[w]; !happened {
			wrong = append(wrong, fmt.Sprintf("never happens: %s: %s → %s", w.event, w.from, w.to))
		}
	}
	slices.Sort(wrong)
	if len(wrong) > 0 {
		t.Errorf("%d of %d ways:\n%s", len(wrong), len(allowed), strings.Join(wrong, "\n"))
	}
}
