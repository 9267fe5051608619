package pilot_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func scopeOf(units ...*org.Unit) org.Scope {
	var scope org.Scope
	for _, unit := range units {
		scope.Units = append(scope.Units, unit.ID)
	}
	return scope
}

func mustBeExact(t *testing.T, w *worldtest.World) {
	t.Helper()
	differences, err := w.Pilot.Check(ctx)
	if err != nil || len(differences) > 0 {
		t.Fatalf("figures differ from a recount: %+v, %v", differences, err)
	}
}

func TestFiguresReachEveryUnitAbove(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	reader, idle := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[2])
	w.ReadAll(t, reader)
	w.Submit(t, reader, 4)
	w.Settle(t)
	w.Submit(t, reader, 10)
	w.Settle(t)
	mustBeExact(t, w)
	_ = idle

	learned := pilot.Counts{Enrolled: 1, Started: 1, Completed: 1, Passed: 1, Graded: 2, ScoreSum: 140}
	waits := pilot.Counts{Enrolled: 1}
	for _, test := range []struct {
		unit *org.Unit
		want pilot.Counts
	}{
		{w.Hamlets[0], learned}, {w.Hamlets[1], pilot.Counts{}}, {w.Communes[0], learned},
		{w.Communes[1], waits}, {w.Province, learned.Add(waits)},
	} {
		dashboard, err := w.Pilot.Dashboard(ctx, scopeOf(w.Province), pilot.View{Code: test.unit.Code, Days: 30})
		if err != nil {
			t.Fatal(err)
		}
		if dashboard.Unit.Counts != test.want {
			t.Errorf("%s: %+v, want %+v", test.unit.Name, dashboard.Unit.Counts, test.want)
		}
		if len(dashboard.Days) != 30 || dashboard.Days[29].Counts != test.want || !dashboard.Days[29].Day.Equal(clock.Day(clock.System())) {
			t.Errorf("%s: today is %+v", test.unit.Name, dashboard.Days[29])
		}
	}
	province, err := w.Pilot.Dashboard(ctx, scopeOf(w.Province), pilot.View{Code: "48", Course: worldtest.Slug, Days: 7})
	if err != nil || len(province.Units) != 2 || province.Units[0].Counts != learned || province.Units[1].Counts != waits {
		t.Errorf("units below: %+v, %v", province, err)
	}
	if average, ok := province.Unit.Average(); !ok || average != 70 {
		t.Errorf("average %v, %v", average, ok)
	}
}

func TestNobodySeesAnotherUnit(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	for _, test := range []struct {
		name  string
		scope org.Scope
		unit  *org.Unit
		sees  bool
	}{
		{"own commune", scopeOf(w.Communes[0]), w.Communes[0], true},
		{"hamlet below", scopeOf(w.Communes[0]), w.Hamlets[1], true},
		{"sibling", scopeOf(w.Communes[0]), w.Communes[1], false},
		{"hamlet of the sibling", scopeOf(w.Communes[0]), w.Hamlets[3], false},
		{"parent", scopeOf(w.Communes[0]), w.Province, false},
		{"nowhere", org.Scope{}, w.Communes[0], false},
	} {
		_, err := w.Pilot.Dashboard(ctx, test.scope, pilot.View{Code: test.unit.Code, Days: 7})
		if test.sees && err != nil || !test.sees && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestASlowTransactionIsNotPassedOver: an event whose number was handed out
// early and which commits late must still be counted.
func TestASlowTransactionIsNotPassedOver(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	late := w.Person(t, w.Hamlets[0], identity.Resident)
	slow, err := w.DB.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Rollback()
	enrolment := enrol(t, slow, w, late)
	w.Learner(t, w.Hamlets[0]) // a quick one, later in number, earlier committed
	if taken, err := w.Pilot.RollUp(ctx); err != nil || taken != 0 {
		t.Errorf("took %d events (%v) while an earlier transaction was open", taken, err)
	}
	if err := slow.Commit(); err != nil {
		t.Fatal(err)
	}
	_ = enrolment
	w.Settle(t)
	mustBeExact(t, w)
	dashboard, err := w.Pilot.Dashboard(ctx, scopeOf(w.Province), pilot.View{Code: "48", Days: 1})
	if err != nil || dashboard.Unit.Enrolled != 2 {
		t.Errorf("enrolled %d, %v", dashboard.Unit.Enrolled, err)
	}
}

func enrol(t *testing.T, tx bun.Tx, w *worldtest.World, person *identity.Person) *course.Enrolment {
	t.Helper()
	now := clock.System()
	enrolment := &course.Enrolment{
		ID: worldtest.ID(), PersonID: person.ID, CourseID: w.Course.CourseID, VersionID: w.Course.ID,
		UnitID: person.HomeUnitID, EnrolledAt: now,
	}
	store := course.NewStore(tx)
	if _, err := store.AddEnrolment(ctx, enrolment); err != nil {
		t.Fatal(err)
	}
	if err := store.Record(ctx, []*course.Event{course.EventOf(enrolment, course.EventEnrolled, now)}); err != nil {
		t.Fatal(err)
	}
	return enrolment
}

// TestARestoredDumpCountsOn: in a new cluster transaction ids start low again.
func TestARestoredDumpCountsOn(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	w.Learner(t, w.Hamlets[0])
	w.Settle(t)
	for _, query := range []string{
		"UPDATE progress_events SET xid = '4000000000'", "UPDATE pilot_watermark SET xid = '4000000000'",
	} {
		if _, err := w.DB.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	w.Learner(t, w.Hamlets[1])
	w.Settle(t)
	w.Learner(t, w.Hamlets[1])
	w.Settle(t)
	mustBeExact(t, w)
	dashboard, err := w.Pilot.Dashboard(ctx, scopeOf(w.Province), pilot.View{Code: "48", Days: 1})
	if err != nil || dashboard.Unit.Enrolled != 3 {
		t.Errorf("enrolled %d, %v", dashboard.Unit.Enrolled, err)
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	w.Submit(t, w.Learner(t, w.Hamlets[0]), 10)
	w.Settle(t)
	for _, spoil := range []string{
		"UPDATE pilot_totals SET passed = passed + 1",
		"UPDATE pilot_days SET score_sum = score_sum - 1",
		"DELETE FROM pilot_days",
		"DELETE FROM progress_events WHERE kind = 'graded'",
	} {
		if _, err := w.DB.ExecContext(ctx, spoil); err != nil {
			t.Fatal(err)
		}
		if differences, err := w.Pilot.Check(ctx); err != nil || len(differences) == 0 {
			t.Errorf("%s: not found (%v)", spoil, err)
		}
		if _, err := w.Pilot.Recount(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// TestARollupEqualsARecount plays random days of learning, with graders,
// rollers and recounts in between and at the same time.
func TestARollupEqualsARecount(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	var learners []*identity.Person
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			switch step := rapid.IntRange(0, 5).Draw(r, "step"); {
			case step == 0 || len(learners) == 0:
				learners = append(learners, w.Learner(t, w.Hamlets[rapid.IntRange(0, 3).Draw(r, "hamlet")]))
			case step == 1:
				w.ReadAll(t, learners[rapid.IntRange(0, len(learners)-1).Draw(r, "reader")])
			case step == 2 || step == 3:
				// An attempt that waits since before is given again and cannot be submitted anew.
				person := learners[rapid.IntRange(0, len(learners)-1).Draw(r, "sitter")]
				attempt, err := w.Quiz.Begin(ctx, worldtest.Alone(person), worldtest.Slug)
				if err != nil {
					r.Fatal(err)
				}
				_, err = w.Quiz.Submit(ctx, worldtest.Alone(person), attempt.ID, uuid.Must(uuid.NewV7()), w.Answers(rapid.IntRange(0, 10).Draw(r, "right")))
				if err != nil && !fault.Is(err, fault.Conflict) {
					r.Fatal(err)
				}
			case step == 4:
				together(r, w)
			case step == 5 && rapid.IntRange(0, 3).Draw(r, "recount") == 0:
				if _, err := w.Pilot.Recount(ctx); err != nil {
					r.Fatal(err)
				}
			}
		}
		if differences, err := w.Pilot.Check(ctx); err != nil || len(differences) > 0 {
			r.Fatalf("in the middle: %+v, %v", differences, err)
		}
	})
	w.Settle(t)
	mustBeExact(t, w)
}

// together grades and rolls up from several sides at once.
func together(r *rapid.T, w *worldtest.World) {
	var all sync.WaitGroup
	errs := make(chan error, 4)
	for range 2 {
		all.Go(func() { _, err := w.Quiz.GradeDue(ctx, 3); errs <- err })
		all.Go(func() { _, err := w.Pilot.RollUp(ctx); errs <- err })
	}
	all.Wait()
	for range 4 {
		if err := <-errs; err != nil {
			r.Fatal(err)
		}
	}
}
