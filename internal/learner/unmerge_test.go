package learner_test

import (
	"testing"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

// Kinds of work for func work; odd ones are the same with a helper.
const (
	readsFirst  = 0
	readsSecond = 2
	begins      = 4
	submits     = 6
	helped      = 1
)

// TestWhatWasDoneSinceStaysWithWhoDidIt undoes a merge after kept has worked on.
func TestWhatWasDoneSinceStaysWithWhoDidIt(t *testing.T) {
	t.Parallel()
	type left struct{ lessons, attempts int } // lessons -1: not enrolled
	for name, c := range map[string]struct {
		kept, merged, since []int // kinds of work
		ofKept, ofMerged    left
	}{
		"nothing, the course came along":           {nil, []int{readsFirst}, nil, left{-1, 0}, left{1, 0}},
		"a lesson, the course came along":          {nil, []int{readsFirst}, []int{readsSecond}, left{1, 0}, left{1, 0}},
		"lesson and check, the course came along":  {nil, []int{readsFirst, submits}, []int{readsSecond, submits}, left{1, 1}, left{1, 1}},
		"a check that the other had begun":         {nil, []int{begins}, []int{submits}, left{0, 1}, left{0, 0}},
		"a check that stays open":                  {nil, []int{begins}, []int{readsFirst}, left{1, 0}, left{0, 1}},
		"a check begun":                            {nil, []int{readsFirst}, []int{begins}, left{0, 1}, left{1, 0}},
		"the same lesson with less help":           {nil, []int{readsFirst + helped}, []int{readsFirst}, left{1, 0}, left{1, 0}},
		"the same lesson once more":                {nil, []int{readsFirst}, []int{readsFirst}, left{-1, 0}, left{1, 0}},
		"a lesson, both had the course":            {[]int{readsFirst}, []int{readsFirst}, []int{readsSecond}, left{2, 0}, left{1, 0}},
		"the other's lesson with less help":        {[]int{begins}, []int{readsFirst + helped}, []int{readsFirst}, left{1, 1}, left{1, 0}},
		"a check, both had the course":             {[]int{readsFirst}, []int{submits}, []int{submits}, left{1, 1}, left{0, 1}},
		"the other's check, both had the course":   {[]int{readsFirst}, []int{begins}, []int{submits}, left{1, 1}, left{0, 0}},
		"the other course came with nothing since": {[]int{readsFirst}, nil, []int{submits}, left{1, 1}, left{-1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			helper := w.Person(t, w.Communes[0], identity.TeamMember).ID
			kept, merged := pair(t, w)
			for _, kind := range c.kept {
				work(t, w, kept, helper, kind, 10)
			}
			for _, kind := range c.merged {
				work(t, w, merged, helper, kind, 10)
			}
			m := join(t, w, kept, merged)
			for _, kind := range c.since {
				work(t, w, kept, helper, kind, 10)
			}
			must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
			mustBeExact(t, w)
			for who, want := range map[*identity.Person]left{kept: c.ofKept, merged: c.ofMerged} {
				if got := (left{lessonsOf(t, w, who), count(t, w, "attempts WHERE person_id = ?", who.ID)}); got != want {
					t.Errorf("kept is %v: left with %+v, want %+v", who == kept, got, want)
				}
			}
		})
	}
}

func TestAGuestsCourseGoesBackWithoutWhatWasDoneSince(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: clock.System()}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest))
	work(t, w, guest, uuid.Nil, readsFirst, 0)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	must(t, w.Records.Claim(ctx, guest.ID, person.ID, audit.By{}))
	work(t, w, person, uuid.Nil, readsSecond, 0)
	merges, err := w.Records.MergesInto(ctx, person.ID)
	must(t, err)
	must(t, w.Records.Unmerge(ctx, person.ID, merges[0].ID, audit.By{}))
	mustBeExact(t, w)
	if lessonsOf(t, w, guest) != 1 || lessonsOf(t, w, person) != 1 || enrolled(t, w) != 1 {
		t.Errorf("guest %d, person %d lessons, %d count", lessonsOf(t, w, guest), lessonsOf(t, w, person), enrolled(t, w))
	}
}

func TestMergesAreTakenBackLatestFirst(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, one := pair(t, w)
	two := w.Person(t, w.Hamlets[2], identity.Resident)
	work(t, w, one, uuid.Nil, readsFirst, 0)
	work(t, w, two, uuid.Nil, readsSecond, 0)
	first, second := join(t, w, kept, one), join(t, w, kept, two)
	if err := w.Records.Unmerge(ctx, kept.ID, first.ID, audit.By{}); err != learner.ErrLaterMerge {
		t.Errorf("the earlier first: %v", err)
	}
	mustBeExact(t, w)
	for _, m := range []*learner.Merge{second, first, second, first} { // in order, and pressed twice
		must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
		mustBeExact(t, w)
	}
	if lessonsOf(t, w, kept) != -1 || lessonsOf(t, w, one) != 1 || lessonsOf(t, w, two) != 1 {
		t.Errorf("kept %d, one %d, two %d lessons", lessonsOf(t, w, kept), lessonsOf(t, w, one), lessonsOf(t, w, two))
	}
}

// TestAMergeOfAnEarlierVersionIsTakenBack as far as times tell: what moved was
// not written down then.
func TestAMergeOfAnEarlierVersionIsTakenBack(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	work(t, w, merged, uuid.Nil, readsFirst, 0)
	m := join(t, w, kept, merged)
	_, err := w.DB.NewRaw(`UPDATE person_merges SET moved = moved - 'brought' || jsonb_build_object('enrolments', jsonb_build_array(moved->'brought'->0->'enrolment'))
		WHERE id = ?`, m.ID).Exec(ctx)
	must(t, err)
	work(t, w, kept, uuid.Nil, readsSecond, 0)
	must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
	mustBeExact(t, w)
	if lessonsOf(t, w, kept) != 1 || lessonsOf(t, w, merged) != 1 {
		t.Errorf("kept %d, merged %d lessons", lessonsOf(t, w, kept), lessonsOf(t, w, merged))
	}
}

func TestWhatCantBeMergedNow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*testing.T, *worldtest.World, *identity.Person, *identity.Person)
		want   error
	}{
		"kept asked to be erased": {func(t *testing.T, w *worldtest.World, kept, _ *identity.Person) {
			must(t, asks(t, w, kept, learner.Erasure))
		}, learner.ErrErasureAsked},
		"merged asked to be erased": {func(t *testing.T, w *worldtest.World, _, merged *identity.Person) {
			must(t, asks(t, w, merged, learner.Erasure))
		}, learner.ErrErasureAsked},
		"merged asked a correction": {func(t *testing.T, w *worldtest.World, _, merged *identity.Person) {
			must(t, asks(t, w, merged, learner.Correction))
		}, nil},
		"kept is suspended": {func(t *testing.T, w *worldtest.World, kept, _ *identity.Person) {
			_, err := w.DB.NewRaw("UPDATE people SET suspended_at = now() WHERE id = ?", kept.ID).Exec(ctx)
			must(t, err)
		}, learner.ErrSuspended},
		"both have an unfinished check, one is being graded": {func(t *testing.T, w *worldtest.World, kept, merged *identity.Person) {
			work(t, w, kept, uuid.Nil, begins, 0)
			_, err := w.Courses.Enrol(ctx, worldtest.Alone(merged), worldtest.Slug)
			must(t, err)
			w.Submit(t, merged, 10)
		}, learner.ErrGrading},
		"one is being graded": {func(t *testing.T, w *worldtest.World, kept, merged *identity.Person) {
			work(t, w, kept, uuid.Nil, readsFirst, 0)
			_, err := w.Courses.Enrol(ctx, worldtest.Alone(merged), worldtest.Slug)
			must(t, err)
			w.Submit(t, merged, 10)
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			kept, merged := pair(t, w)
			c.before(t, w, kept, merged)
			m, err := w.Records.Merge(ctx, kept.ID, merged.ID, audit.By{})
			if err != c.want {
				t.Fatalf("%v, want %v", err, c.want)
			}
			mustBeExact(t, w)
			if err == nil {
				must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
				mustBeExact(t, w)
			}
		})
	}
}

func TestAClaimOfWhoAskedToBeErasedIsRefused(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: clock.System()}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest))
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	must(t, asks(t, w, person, learner.Erasure))
	if err := w.Records.Claim(ctx, guest.ID, person.ID, audit.By{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("claimed: %v", err)
	}
}
