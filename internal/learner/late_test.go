package learner_test

import (
	"testing"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/learner"
	"hocso/internal/platform/fault"
	"hocso/internal/quiz"
	"hocso/internal/worldtest"
)

// TestAPageThatWasOpenWritesNothing into a record that was merged or erased
// since: whatever is pressed there is a conflict, and the figures stay exact.
func TestAPageThatWasOpenWritesNothing(t *testing.T) {
	t.Parallel()
	for name, both := range map[string]bool{"the course came along": false, "both had the course": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			kept, merged := pair(t, w)
			if both {
				work(t, w, kept, uuid.Nil, begins, 0)
			}
			work(t, w, merged, uuid.Nil, readsSecond, 0)
			by := worldtest.Alone(merged)
			attempt, err := w.Quiz.Begin(ctx, by, worldtest.Slug)
			must(t, err)
			pressed := map[string]func() error{
				"enrol":  func() error { _, err := w.Courses.Enrol(ctx, by, worldtest.Slug); return err },
				"finish": func() error { _, err := w.Courses.FinishLesson(ctx, by, worldtest.Slug, "bai-1"); return err },
				"begin":  func() error { _, err := w.Quiz.Begin(ctx, by, worldtest.Slug); return err },
				"save":   func() error { return w.Quiz.Save(ctx, by, attempt.ID, quiz.Answers{}) },
				"submit": func() error {
					_, err := w.Quiz.Submit(ctx, by, attempt.ID, worldtest.ID(), w.Answers(10))
					return err
				},
				"ask": func() error { return asks(t, w, merged, learner.Erasure) },
			}
			refused := func(when string) {
				t.Helper()
				for what, press := range pressed {
					if err := press(); !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
						t.Errorf("%s, %s: %v", when, what, err)
					}
				}
				mustBeExact(t, w)
			}
			before := records(t, w, merged.ID, merged.ID)
			m := join(t, w, kept, merged)
			refused("merged")
			must(t, w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}))
			mustBeExact(t, w)
			if after := records(t, w, merged.ID, merged.ID); len(after) != len(before) {
				t.Errorf("after undoing %v, before %v", after, before)
			}
			must(t, pressed["save"]())
			must(t, erase(w, merged.ID))
			refused("erased")
		})
	}
}
