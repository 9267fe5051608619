package quiz_test

import (
	"context"
	"sync"
	"testing"

	"hocso/internal/course"
	"hocso/internal/platform/fault"
	"hocso/internal/quiz"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func TestAnAttemptFromReceiptToGrade(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	learner := w.Learner(t, w.Hamlets[0])
	w.ReadAll(t, learner)
	submitted := w.Submit(t, learner, 7)
	if submitted.State != quiz.Submitted || submitted.Receipt == nil || submitted.SubmittedAt == nil {
		t.Fatalf("after submitting: %+v", submitted)
	}
	w.Settle(t)
	graded, _, err := w.Quiz.Find(ctx, learner.ID, submitted.ID)
	if err != nil || graded.State != quiz.Graded || *graded.Score != 70 || !*graded.Passed || *graded.RightAnswers != 7 {
		t.Fatalf("after grading: %+v, %v", graded, err)
	}
	progress, err := w.Courses.Progress(ctx, learner.ID, worldtest.Slug)
	if err != nil || progress.Percent() != 100 || progress.Enrolment.CompletedAt == nil || *progress.Enrolment.BestScore != 70 {
		t.Fatalf("progress: %+v, %v", progress, err)
	}
}

func TestOneUnfinishedAttemptAtATime(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	learner := w.Learner(t, w.Hamlets[0])
	attempts := make([]*quiz.Attempt, 8)
	var all sync.WaitGroup
	for i := range attempts {
		all.Go(func() {
			var err error
			if attempts[i], err = w.Quiz.Begin(ctx, worldtest.Alone(learner), worldtest.Slug); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, attempt := range attempts {
		if attempt == nil || attempt.ID != attempts[0].ID {
			t.Fatalf("two attempts were opened at once: %v and %v", attempt, attempts[0])
		}
	}
	w.Submit(t, learner, 3)
	w.Settle(t)
	again, err := w.Quiz.Begin(ctx, worldtest.Alone(learner), worldtest.Slug)
	if err != nil || again.ID == attempts[0].ID {
		t.Errorf("after a grade a new attempt can be opened: %v", err)
	}
}

func TestFiveSubmissionsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	learner := w.Learner(t, w.Hamlets[0])
	attempt, err := w.Quiz.Begin(ctx, worldtest.Alone(learner), worldtest.Slug)
	if err != nil {
		t.Fatal(err)
	}
	submission := worldtest.ID()
	receipts := make([]string, 5)
	var all sync.WaitGroup
	for i := range receipts {
		all.Go(func() {
			got, err := w.Quiz.Submit(ctx, worldtest.Alone(learner), attempt.ID, submission, w.Answers(9))
			if err != nil {
				t.Error(err)
				return
			}
			receipts[i] = *got.Receipt
		})
	}
	all.Wait()
	for _, receipt := range receipts {
		if receipt != receipts[0] {
			t.Errorf("receipts differ: %q", receipts)
		}
	}
	w.Settle(t)
	assertLedger(t, w, quiz.Ledger{Receipts: 1, Graded: 1, Events: 1})
}

func TestAStaleTabChangesNothing(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	learner := w.Learner(t, w.Hamlets[0])
	first := w.Submit(t, learner, 9)
	stale, err := w.Quiz.Submit(ctx, worldtest.Alone(learner), first.ID, worldtest.ID(), w.Answers(0))
	if !fault.Is(err, fault.Conflict) || stale == nil || *stale.Receipt != *first.Receipt {
		t.Fatalf("stale tab: %+v, %v", stale, err)
	}
	if err := w.Quiz.Save(ctx, worldtest.Alone(learner), first.ID, w.Answers(0)); !fault.Is(err, fault.Conflict) {
		t.Errorf("saving after submitting: %v", err)
	}
	w.Settle(t)
	graded, _, err := w.Quiz.Find(ctx, learner.ID, first.ID)
	if err != nil || *graded.Score != 90 {
		t.Errorf("graded %+v, %v", graded, err)
	}
}

func TestBadAnswersAreRefusedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	learner := w.Learner(t, w.Hamlets[0])
	attempt, err := w.Quiz.Begin(ctx, worldtest.Alone(learner), worldtest.Slug)
	if err != nil {
		t.Fatal(err)
	}
	some := quiz.Answers{"cau-1": {"a"}, "cau-2": {"b"}}
	if err := w.Quiz.Save(ctx, worldtest.Alone(learner), attempt.ID, some); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Quiz.Submit(ctx, worldtest.Alone(learner), attempt.ID, worldtest.ID(), some); !fault.Is(err, fault.Invalid) || len(fault.FieldsOf(err)) != 8 {
		t.Errorf("eight left out: %v %v", err, fault.FieldsOf(err))
	}
	kept, _, err := w.Quiz.Find(ctx, learner.ID, attempt.ID)
	if err != nil || kept.State != quiz.Open || len(kept.Answers) != 2 {
		t.Errorf("saved answers are gone: %+v, %v", kept, err)
	}
}

func TestSomebodyElsesAttemptIsNotFound(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	learner, other := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	attempt, err := w.Quiz.Begin(ctx, worldtest.Alone(learner), worldtest.Slug)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Quiz.Find(ctx, other.ID, attempt.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("find: %v", err)
	}
	if _, err := w.Quiz.Submit(ctx, worldtest.Alone(other), attempt.ID, worldtest.ID(), w.Answers(1)); !fault.Is(err, fault.NotFound) {
		t.Errorf("submit: %v", err)
	}
	if err := w.Quiz.Save(ctx, worldtest.Alone(other), attempt.ID, quiz.Answers{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("save: %v", err)
	}
}

func TestManyGradersGradeEachOnce(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	const learners = 60
	for range learners {
		w.Submit(t, w.Learner(t, w.Hamlets[0]), 8)
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for {
				graded, err := w.Quiz.GradeDue(ctx, 7)
				if err != nil {
					t.Error(err)
				}
				if len(graded) == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	assertLedger(t, w, quiz.Ledger{Receipts: learners, Graded: learners, Events: learners})
}

func TestALastLessonAndAPassingGradeAtOnceComplete(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	for range 20 {
		learner := w.Learner(t, w.Hamlets[0])
		if _, err := w.Courses.FinishLesson(ctx, worldtest.Alone(learner), worldtest.Slug, "bai-1"); err != nil {
			t.Fatal(err)
		}
		w.Submit(t, learner, 10)
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := w.Quiz.GradeDue(ctx, 10); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			if _, err := w.Courses.FinishLesson(ctx, worldtest.Alone(learner), worldtest.Slug, "bai-2"); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		// A grader passes over an enrolment that its learner holds; the next round takes it.
		if _, err := w.Quiz.GradeDue(ctx, 10); err != nil {
			t.Fatal(err)
		}
		enrolment, err := course.NewStore(w.DB).Enrolment(ctx, learner.ID, w.Course.CourseID)
		if err != nil || enrolment.CompletedAt == nil {
			t.Fatalf("not completed: %+v, %v", enrolment, err)
		}
	}
}

func assertLedger(t *testing.T, w *worldtest.World, want quiz.Ledger) {
	t.Helper()
	got, err := quiz.NewStore(w.DB).Reconcile(ctx)
	if err != nil || got != want || got.Lost() != 0 || got.Doubled() != 0 {
		t.Errorf("ledger %+v (%v), want %+v", got, err, want)
	}
}
