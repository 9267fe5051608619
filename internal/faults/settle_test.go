package faults

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/quiz"
	"hocso/internal/worldtest"
)

// graceToGrade is the promise: that long after a worker is there with all it
// needs, nobody waits for a grade.
const graceToGrade = 10 * time.Second

// record is an attempt as the database holds it.
type record struct {
	ID           uuid.UUID
	State        quiz.State
	SubmissionID uuid.UUID
	Receipt      string
	SubmittedAt  time.Time
	GradedAt     time.Time
	Score        int
	Events       int // graded events of it
}

// settle is how every test ends. The learners are all who have submitted, and
// ready is since when a worker was there with all that it needs.
func (w *town) settle(t *testing.T, ready time.Time, learners []*learner) {
	t.Helper()
	store := quiz.NewStore(w.connect(t))
	until(t, graceToGrade, "every attempt is graded", func() bool {
		count, _, err := store.Waiting(t.Context())
		must(t, err)
		return count == 0
	})
	ledger, err := store.Reconcile(t.Context())
	must(t, err)
	if want := (quiz.Ledger{Receipts: len(learners), Graded: len(learners), Events: len(learners)}); ledger != want {
		t.Errorf("ledger %+v, want %+v (lost %d, doubled %d)", ledger, want, ledger.Lost(), ledger.Doubled())
	}
	w.compare(t, ready, learners)
	w.checkFigures(t, learners)
}

// compare holds what each learner has seen against the record.
func (w *town) compare(t *testing.T, ready time.Time, learners []*learner) {
	t.Helper()
	var records []record
	must(t, w.connect(t).NewRaw(`
		SELECT id, state, submission_id, receipt, submitted_at, graded_at, score,
		       (SELECT count(*) FROM progress_events e WHERE e.attempt_id = a.id) AS events
		FROM attempts a WHERE state <> 'open'`).Scan(t.Context(), &records))
	byID := make(map[uuid.UUID]record, len(records))
	for _, r := range records {
		byID[r.ID] = r
	}
	wrong := 0
	for _, l := range learners {
		what := byID[l.attempt].objection(l, ready)
		if what == "" {
			continue
		}
		if wrong++; wrong <= 5 {
			t.Errorf("attempt %s: %s", l.attempt, what)
		}
	}
	if wrong > 0 {
		t.Fatalf("%d of %d attempts are wrong", wrong, len(learners))
	}
}

// objection says what is wrong with a learner's record; "" when nothing is.
func (r record) objection(l *learner, ready time.Time) string {
	since := r.SubmittedAt
	if ready.After(since) {
		since = ready
	}
	waited := r.GradedAt.Sub(since)
	switch {
	case r.ID == uuid.Nil:
		return fmt.Sprintf("lost; the learner holds receipt %q", l.receipt)
	case r.Receipt != l.receipt || r.SubmissionID != l.submission:
		return fmt.Sprintf("receipt %q of submission %s, but the learner holds %q of %s", r.Receipt, r.SubmissionID, l.receipt, l.submission)
	case r.State != quiz.Graded || r.Events != 1 || r.Score != l.score():
		return fmt.Sprintf("state %s, score %d, %d events; want one grade of %d", r.State, r.Score, r.Events, l.score())
	case waited > graceToGrade:
		return fmt.Sprintf("graded only after %s", waited)
	}
	return ""
}

// checkFigures waits until the figures hold every event, and recounts them.
func (w *town) checkFigures(t *testing.T, learners []*learner) {
	t.Helper()
	db := w.connect(t)
	figures := pilot.NewService(db, course.NewLibrary(course.NewStore(db)), clock.System)
	until(t, graceToGrade, "figures hold every event", func() bool {
		behind, err := figures.Behind(t.Context())
		must(t, err)
		return behind == 0
	})
	differences, err := figures.Check(t.Context())
	must(t, err)
	for _, d := range differences {
		t.Errorf("%s: stored %s, recounted %s", d.What, d.Stored, d.Counts)
	}
	everywhere := org.Scope{Units: []uuid.UUID{w.world.Province.ID}}
	dashboard, err := figures.Dashboard(t.Context(), everywhere, pilot.View{Code: w.world.Province.Code, Days: 30})
	must(t, err)
	passed, sum := 0, 0
	for _, l := range learners {
		sum += l.score()
		if l.score() >= worldtest.PassPercent {
			passed++
		}
	}
	got := dashboard.Unit.Counts
	if got.Graded != int64(len(learners)) || got.Passed != int64(passed) || got.ScoreSum != int64(sum) {
		t.Errorf("the province's figures are %+v, want %d graded, %d passed, scores of %d", got, len(learners), passed, sum)
	}
}
