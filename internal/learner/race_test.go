package learner_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

// TestMergingWhileGradingAndLearning: whoever locks, locks in the same order,
// so nobody waits in a circle and nothing counts twice.
func TestMergingWhileGradingAndLearning(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	for round := range 20 {
		kept, merged := pair(t, w)
		work(t, w, merged, uuid.Nil, readsFirst, 0)
		if round%2 == 0 {
			work(t, w, kept, uuid.Nil, readsFirst, 0)
		}
		w.Submit(t, merged, 10)
		var all sync.WaitGroup
		for _, do := range []func() error{
			func() error { _, err := w.Quiz.GradeDue(ctx, 10); return err },
			func() error { _, err := w.Quiz.GradeDue(ctx, 10); return err },
			func() error {
				_, err := w.Courses.FinishLesson(ctx, worldtest.Alone(merged), worldtest.Slug, "bai-2")
				return err
			},
			func() error { _, err := w.Quiz.Begin(ctx, worldtest.Alone(merged), worldtest.Slug); return err },
			func() error {
				m, err := w.Records.Merge(ctx, kept.ID, merged.ID, audit.By{})
				if err != nil || round%3 != 0 {
					return err
				}
				return w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{})
			},
		} {
			all.Go(func() {
				if err := do(); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Unavailable) {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	mustBeExact(t, w)
}

// TestTwoAdministratorsAtOnce: whichever way both go, one stays.
func TestTwoAdministratorsAtOnce(t *testing.T) {
	t.Parallel()
	erases := func(w *worldtest.World, _, who *identity.Person) error { return erase(w, who.ID) }
	suspends := func(w *worldtest.World, by, who *identity.Person) error {
		return w.Identity.Suspend(ctx, adminOf(w, by), audit.By{}, &identity.Listed{Person: *who})
	}
	for name, second := range map[string]func(*worldtest.World, *identity.Person, *identity.Person) error{"erased": erases, "suspended": suspends} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			a, b := w.Person(t, w.Province, identity.ProvinceAdmin), w.Person(t, w.Province, identity.ProvinceAdmin)
			begun := make(chan struct{})
			var all sync.WaitGroup
			var first, other error
			all.Go(func() {
				first = w.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
					defer func() { close(begun); time.Sleep(200 * time.Millisecond) }()
					return w.Records.Erase(ctx, tx, a.ID, audit.By{})
				})
			})
			all.Go(func() { <-begun; other = second(w, a, b) })
			all.Wait()
			if first != nil || other == nil {
				t.Errorf("first %v, second %v", first, other)
			}
		})
	}
}

func adminOf(w *worldtest.World, p *identity.Person) *identity.Viewer {
	return &identity.Viewer{PersonID: p.ID, HomeUnitID: p.HomeUnitID, Grants: []identity.Grant{{Role: identity.ProvinceAdmin, UnitID: w.Province.ID}}}
}
