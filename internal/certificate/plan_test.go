package certificate

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

var (
	someCourse  = source{course: uuid.MustParse("00000000-0000-7000-8000-000000000001")}
	someProgram = uuid.MustParse("00000000-0000-7000-8000-000000000002")
)

func onDay(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func cycleOf(n int) source { return source{program: someProgram, cycle: n} }

// done is a completion on a day of January, by revision 1, that gives a record.
func earnedOn(s source, day int) *earned {
	return &earned{source: s, revision: 1, completedOn: onDay(day), gives: true}
}

func having(s source, day int) *Record {
	r := &Record{ID: uuid.New(), CompletedOn: onDay(day)}
	if s.course != uuid.Nil {
		r.CourseID = &s.course
	} else {
		revision := 1
		r.ProgramID, r.Cycle, r.ProgramRevision = &s.program, &s.cycle, &revision
	}
	return r
}

func revokedFor(r *Record, reason Reason) *Record {
	now := time.Now()
	r.RevokedAt, r.Reason = &now, reason
	return r
}

func TestReconcile(t *testing.T) {
	renewed := func(e *earned, gives bool) *earned {
		e.renews, e.gives = true, gives
		return e
	}
	exempt := earnedOn(cycleOf(1), 3)
	exempt.gives = false
	later := earnedOn(cycleOf(1), 3)
	later.revision = 2
	in := func(revision int, released bool) map[uuid.UUID]standing {
		return map[uuid.UUID]standing{someProgram: {revision, released}}
	}
	for name, test := range map[string]struct {
		earned                              []*earned
		in                                  map[uuid.UUID]standing
		records                             []*Record
		issue, supersede, revoke, confirmed int
	}{
		"nothing":                             {},
		"a course done":                       {earned: []*earned{earnedOn(someCourse, 3)}, issue: 1},
		"a course that has its record":        {earned: []*earned{earnedOn(someCourse, 3)}, records: []*Record{having(someCourse, 3)}},
		"a course done earlier than was told": {earned: []*earned{earnedOn(someCourse, 2)}, records: []*Record{having(someCourse, 3)}},
		"a course done anew":                  {earned: []*earned{earnedOn(someCourse, 4)}, records: []*Record{having(someCourse, 3)}, issue: 1, supersede: 1},
		"a course that is not done after all": {records: []*Record{having(someCourse, 3)}, revoke: 1},
		"what people revoked":                 {earned: []*earned{earnedOn(someCourse, 3)}, records: []*Record{revokedFor(having(someCourse, 3), Misused)}},
		"done anew after people revoked it":   {earned: []*earned{earnedOn(someCourse, 4)}, records: []*Record{revokedFor(having(someCourse, 3), Misused)}, issue: 1},
		"what the worker took back":           {earned: []*earned{earnedOn(someCourse, 3)}, records: []*Record{revokedFor(having(someCourse, 3), Corrected)}, issue: 1},

		"a programme done":                   {earned: []*earned{earnedOn(cycleOf(1), 3)}, in: in(1, false), issue: 1},
		"the exempt":                         {earned: []*earned{exempt}, in: in(1, false)},
		"exempt after it was done":           {earned: []*earned{exempt}, in: in(1, false), records: []*Record{having(cycleOf(1), 3)}},
		"a programme not done after all":     {in: in(1, false), records: []*Record{having(cycleOf(1), 3)}, revoke: 1},
		"not done by another definition":     {in: in(2, false), records: []*Record{having(cycleOf(1), 3)}},
		"still done by another definition":   {earned: []*earned{later}, in: in(2, false), records: []*Record{having(cycleOf(1), 3)}, confirmed: 1},
		"released":                           {in: in(1, true), records: []*Record{having(cycleOf(1), 3)}},
		"a programme that nobody knows of":   {records: []*Record{having(cycleOf(1), 3)}},
		"a year beside another":              {earned: []*earned{earnedOn(cycleOf(2026), 3), earnedOn(cycleOf(2027), 4)}, in: in(1, false), records: []*Record{having(cycleOf(2026), 3)}, issue: 1},
		"a renewal":                          {earned: []*earned{renewed(earnedOn(cycleOf(1), 3), false), renewed(earnedOn(cycleOf(2), 9), true)}, in: in(1, false), records: []*Record{having(cycleOf(1), 3)}, issue: 1, supersede: 1},
		"two renewals that nobody saw":       {earned: []*earned{renewed(earnedOn(cycleOf(1), 3), false), renewed(earnedOn(cycleOf(2), 9), true)}, in: in(1, false), issue: 1},
		"a renewal beside what it renewed":   {earned: []*earned{renewed(earnedOn(cycleOf(1), 3), false), renewed(earnedOn(cycleOf(2), 9), true)}, in: in(1, false), records: []*Record{having(cycleOf(1), 3), having(cycleOf(2), 9)}, supersede: 1},
		"a renewal that is not so after all": {earned: []*earned{renewed(earnedOn(cycleOf(1), 3), true)}, in: in(1, false), records: []*Record{having(cycleOf(2), 9)}, issue: 1, revoke: 1},
	} {
		p := reconcile(test.earned, test.in, test.records)
		got := [4]int{len(p.issue), len(p.supersede) + len(p.renewed), len(p.revoke), len(p.confirm)}
		if want := [4]int{test.issue, test.supersede, test.revoke, test.confirmed}; got != want {
			t.Errorf("%s: issues, supersedes, revokes, confirms %v, want %v", name, got, want)
		}
	}
}

func TestState(t *testing.T) {
	now := time.Now()
	end := onDay(10)
	for name, test := range map[string]struct {
		record Record
		today  int
		want   State
	}{
		"for good":                {Record{}, 5, Valid},
		"on its last day":         {Record{ValidUntil: &end}, 10, Valid},
		"the day after":           {Record{ValidUntil: &end}, 11, Expired},
		"superseded and expired":  {Record{ValidUntil: &end, SupersededAt: &now}, 11, Superseded},
		"revoked":                 {Record{RevokedAt: &now, ValidUntil: &end}, 11, Revoked},
		"erased, whatever it was": {Record{RevokedAt: &now, ErasedAt: &now}, 5, Erased},
	} {
		if got := test.record.State(onDay(test.today)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
