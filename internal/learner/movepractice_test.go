package learner_test

import (
	"testing"

	"hocso/internal/audit"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/practice"
	"hocso/internal/worldtest"
)

// TestPracticeMovesAndComesBack: a run of the merged record completes kept's
// course, taking the merge back takes that back, and figures equal a recount
// at every step.
func TestPracticeMovesAndComesBack(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, err := w.DB.NewInsert().Model(&course.Practice{VersionID: w.Course.ID, Scenario: worldtest.Scenario, After: 1, Title: "Trả tiền", Minutes: 2}).Exec(ctx)
	must(t, err)
	kept, merged := w.Learner(t, w.Hamlets[0]), w.Person(t, w.Hamlets[1], identity.Resident)
	w.ReadAll(t, kept)
	w.Submit(t, kept, worldtest.Questions)
	run := w.Run(t, merged.ID, "fraud")
	must(t, w.Practice.Submit(ctx, worldtest.Alone(merged), run.ID, []practice.Step{{Element: "go"}, {Element: "stop-fraud", Time: 9}}))
	_, err = w.Practice.ReplayDue(ctx, 10)
	must(t, err)
	mustBeExact(t, w)
	completed := func() bool {
		progress, err := w.Courses.Progress(ctx, kept.ID, worldtest.Slug)
		must(t, err)
		return progress.Enrolment.CompletedAt != nil && progress.Enrolment.IndependentAt != nil
	}
	if completed() {
		t.Fatal("completed without practice")
	}
	merge, err := w.Records.Merge(ctx, kept.ID, merged.ID, audit.By{})
	must(t, err)
	mustBeExact(t, w)
	if !completed() {
		t.Error("the merged record's practice does not count")
	}
	must(t, w.Records.Unmerge(ctx, kept.ID, merge.ID, audit.By{}))
	mustBeExact(t, w)
	if completed() {
		t.Error("what went back still counts")
	}
	if _, err := practice.NewStore(w.DB).RunOf(ctx, merged.ID, run.ID); err != nil {
		t.Errorf("the run did not come back: %v", err)
	}
}
