package practice_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/practice"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, w *worldtest.World, person *identity.Person, run uuid.UUID) *practice.Run {
	t.Helper()
	found, err := practice.NewStore(w.DB).RunOf(ctx, person.ID, run)
	must(t, err)
	return found
}

func TestBeginTwiceIsOneRun(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person, other := w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[0], identity.Resident)
	id := worldtest.ID()
	first, err := w.Practice.Begin(ctx, worldtest.Alone(person), worldtest.Scenario, id)
	must(t, err)
	for range 8 {
		again, err := w.Practice.Begin(ctx, worldtest.Alone(person), worldtest.Scenario, id)
		must(t, err)
		if again.Variant != first.Variant {
			t.Error("the second press changed the variant")
		}
	}
	if runs, err := w.Practice.Runs(ctx, person.ID); err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	if _, err := w.Practice.Begin(ctx, worldtest.Alone(other), worldtest.Scenario, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's run: %v", err)
	}
	if _, err := w.Practice.Begin(ctx, worldtest.Alone(person), "none", worldtest.ID()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a scenario that is none: %v", err)
	}
}

func TestBeginMixesHonestAndFraudulent(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	last := ""
	for range 6 { // never the same twice where there is another
		run, err := w.Practice.Begin(ctx, worldtest.Alone(person), worldtest.Scenario, worldtest.ID())
		must(t, err)
		if run.Variant == last {
			t.Errorf("%s twice", last)
		}
		last = run.Variant
	}
}

// TestStepByStepAndInOneGo: a run played page by page comes to the same as one
// whose log is sent at the end, and each is counted once however often it is sent.
func TestStepByStepAndInOneGo(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	paged, logged := w.Run(t, person.ID, "honest"), w.Run(t, person.ID, "honest")
	by := worldtest.Alone(person)
	for at, step := range steps("go", "amount:right", "pay") {
		for range 2 { // a double click
			_, err := w.Practice.Step(ctx, by, paged.ID, at, step)
			must(t, err)
		}
	}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := w.Practice.Submit(ctx, by, logged.ID, steps("go", "amount:right", "pay")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, w.Practice.Submit(ctx, by, logged.ID, steps("go", "stop"))) // another log of a run that was sent
	if n, err := w.Practice.ReplayDue(ctx, 10); n != 2 || err != nil {
		t.Fatalf("replayed %d, %v", n, err)
	}
	if n, err := w.Practice.ReplayDue(ctx, 10); n != 0 || err != nil {
		t.Errorf("again %d, %v", n, err)
	}
	for _, id := range []uuid.UUID{paged.ID, logged.ID} {
		if run := find(t, w, person, id); run.State != practice.Graded || *run.Outcome != practice.Done || len(run.Steps) != 3 {
			t.Errorf("%+v", run)
		}
	}
}

// TestBadLogsAreRefusedAndHoldNobodyUp: logs that the scenario could not have
// produced end as refused, with why; the good ones among them are graded.
func TestBadLogsAreRefusedAndHoldNobodyUp(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	by := worldtest.Alone(person)
	want := map[uuid.UUID]string{}
	for why, log := range map[string][]practice.Step{
		"practice.refused_unknown_element": steps("pay"),
		"practice.refused_unfinished":      steps("go"),
		"practice.refused_time":            {{Element: "go", Time: 5}, {Element: "stop", Time: 4}},
		"practice.refused_after_end":       steps("go", "stop", "stop"),
		"":                                 steps("go", "stop"),
	} {
		run := w.Run(t, person.ID, "honest")
		must(t, w.Practice.Submit(ctx, by, run.ID, log))
		want[run.ID] = why
	}
	if n, err := w.Practice.ReplayDue(ctx, 10); n != len(want) || err != nil {
		t.Fatalf("replayed %d, %v", n, err)
	}
	for id, why := range want {
		run := find(t, w, person, id)
		if run.Refusal != why || (run.State == practice.Refused) != (why != "") {
			t.Errorf("%s: %s, %s", why, run.State, run.Refusal)
		}
		if _, _, _, err := w.Practice.Find(ctx, person.ID, id); err != nil {
			t.Errorf("%s can't be looked at: %v", why, err)
		}
	}
	run := w.Run(t, person.ID, "honest")
	if err := w.Practice.Submit(ctx, by, run.ID, make([]practice.Step, 401)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a log of 401 steps: %v", err)
	}
	if err := w.Practice.Submit(ctx, by, run.ID, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty log: %v", err)
	}
}

// TestTotalsAreARecount: what drills add up to is what a count of the runs
// says, scams that were missed and false alarms apart.
func TestTotalsAreARecount(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	for variant, ways := range map[string][][]practice.Step{
		"honest": {steps("go", "stop"), steps("go", "amount:right", "pay"), steps("go", "stop"), steps("pay")},
		"fraud":  {steps("go", "amount:right", "pay-fraud"), steps("go", "stop-fraud"), steps("?", "go", "stop-fraud")},
	} {
		for _, way := range ways {
			must(t, w.Practice.Submit(ctx, worldtest.Alone(person), w.Run(t, person.ID, variant).ID, way))
		}
	}
	for {
		n, err := w.Practice.ReplayDue(ctx, 2)
		must(t, err)
		if n == 0 {
			break
		}
	}
	all, err := w.Practice.Wariness(ctx)
	must(t, err)
	if want := (practice.Wariness{Scenario: worldtest.Scenario, Scams: 3, Missed: 1, Honest: 3, False: 2}); len(all) != 1 || all[0] != want {
		t.Errorf("%+v, want %+v", all, want)
	}
	var differ int
	must(t, w.DB.NewRaw(`SELECT count(*) FROM practice_totals pt FULL JOIN (
			SELECT scenario, variant = 'honest' AS honest, outcome, count(*) AS runs FROM practice_runs WHERE state = 'graded' GROUP BY 1, 2, 3) r
		USING (scenario, honest, outcome) WHERE pt.runs IS DISTINCT FROM r.runs`).Scan(ctx, &differ))
	if differ != 0 {
		t.Errorf("%d totals differ from a recount", differ)
	}
}

// TestNewVersionInTheMiddle: a run goes on with the version it began with.
func TestNewVersionInTheMiddle(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	run := w.Run(t, person.ID, "honest")
	_, err := w.Practice.Step(ctx, worldtest.Alone(person), run.ID, 0, practice.Step{Element: "go"})
	must(t, err)
	script := worldtest.Script()
	script.Screens[1].Elements = script.Screens[1].Elements[:1] // nothing can be pressed any more
	w.Publish(t, worldtest.Scenario, "2", script)
	library := practice.NewLibrary(practice.NewStore(w.DB))
	service := practice.NewService(w.DB, library, w.Bell, clock.System)
	_, err = service.Step(ctx, worldtest.Alone(person), run.ID, 1, steps("amount:right", "pay")...)
	must(t, err)
	if n, err := service.ReplayDue(ctx, 10); n != 1 || err != nil {
		t.Fatalf("replayed %d, %v", n, err)
	}
	if run := find(t, w, person, run.ID); run.State != practice.Graded || *run.Outcome != practice.Done {
		t.Errorf("%+v", run)
	}
	if current, err := library.Find(ctx, worldtest.Scenario); err != nil || current.Number != 2 {
		t.Errorf("current %+v, %v", current, err)
	}
}

// TestPracticeCountsForACourse: a course that holds a scenario is completed
// only when its goal was reached; hints don't make it independent.
func TestPracticeCountsForACourse(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, err := w.DB.NewInsert().Model(&course.Practice{VersionID: w.Course.ID, Scenario: worldtest.Scenario, After: 1, Title: "Trả tiền", Minutes: 2}).Exec(ctx)
	must(t, err)
	person := w.Learner(t, w.Hamlets[0])
	by := worldtest.Alone(person)
	w.ReadAll(t, person)
	w.Submit(t, person, worldtest.Questions)
	_, err = w.Quiz.GradeDue(ctx, 10)
	must(t, err)
	play := func(variant string, ids ...string) {
		run := w.Run(t, person.ID, variant)
		must(t, w.Practice.Submit(ctx, by, run.ID, steps(ids...)))
		_, err := w.Practice.ReplayDue(ctx, 10)
		must(t, err)
	}
	expect := func(when string, completed, independent bool) {
		t.Helper()
		progress, err := w.Courses.Progress(ctx, person.ID, worldtest.Slug)
		must(t, err)
		if got := progress.Enrolment; (got.CompletedAt != nil) != completed || (got.IndependentAt != nil) != independent {
			t.Errorf("%s: completed %v, independent %v", when, got.CompletedAt, got.IndependentAt)
		}
		if progress.Practised[worldtest.Scenario] != completed {
			t.Errorf("%s: practised %v", when, progress.Practised)
		}
		_, err = w.Pilot.RollUp(ctx)
		must(t, err)
		differences, err := w.Pilot.Check(ctx)
		must(t, err)
		if len(differences) > 0 {
			t.Errorf("%s: figures differ from a recount: %v", when, differences)
		}
	}
	expect("before practice", false, false)
	play("fraud", "go", "amount:right", "pay-fraud")
	expect("caught", false, false)
	play("fraud", "?", "go", "stop-fraud")
	expect("with a hint", true, false)
	play("fraud", "go", "stop-fraud")
	expect("alone", true, true)
}

// TestOnlyTheRightCourseGoesOn: of people whose runs come in one batch, only
// those go on in a course who reached a scenario that it holds.
func TestOnlyTheRightCourseGoesOn(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, err := w.DB.NewInsert().Model(&course.Practice{VersionID: w.Course.ID, Scenario: worldtest.Scenario, After: 1, Title: "Trả tiền", Minutes: 2}).Exec(ctx)
	must(t, err)
	here, elsewhere, stranger := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0]), w.Person(t, w.Hamlets[0], identity.Resident)
	got, err := course.NewStore(w.DB).Practising(ctx, []course.Reached{
		{PersonID: here.ID, Scenario: worldtest.Scenario}, {PersonID: here.ID, Scenario: worldtest.Scenario},
		{PersonID: elsewhere.ID, Scenario: "another"}, {PersonID: stranger.ID, Scenario: worldtest.Scenario},
	})
	must(t, err)
	progress, err := w.Courses.Progress(ctx, here.ID, worldtest.Slug)
	must(t, err)
	if len(got) != 1 || got[0] != progress.Enrolment.ID {
		t.Errorf("got %v, want only %v", got, progress.Enrolment.ID)
	}
}
