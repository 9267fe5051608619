package faults

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"hocso/internal/quiz"
)

// TestAWorkerIsKilledWhileItGrades kills a worker that has taken a batch and
// written its grades, before it can commit.
func TestAWorkerIsKilledWhileItGrades(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 150)
	w.submitAll(t, learners, server)
	release := w.hold(t)
	doomed := w.work(t)
	until(t, graceToGrade, "the worker is in the middle of a batch", func() bool { return w.held(t) > 0 })
	doomed.kill(t)
	if w.attempts(t, quiz.Submitted) == 0 {
		t.Error("the batch was graded before its transaction was committed")
	}
	release()
	w.work(t)
	w.settle(t, time.Now(), learners)
}

// TestWorkersAreKilledAgainAndAgain kills one worker after another at moments
// that nobody chose, while learners submit.
func TestWorkersAreKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 250)
	const lives = 5
	c := w.crowd(server)
	for life := range lives {
		share := len(learners) / lives
		doomed := w.work(t)
		c.send(t, learners[life*share:(life+1)*share]...)
		until(t, graceToGrade, "the worker has graded something", func() bool {
			return w.attempts(t, quiz.Graded) > life*share || c.taken.Load() == int64((life+1)*share)
		})
		doomed.kill(t)
	}
	c.all.Wait()
	w.work(t)
	w.settle(t, time.Now(), learners)
}

// TestAWorkerFreezesWhileItGrades stops a worker without ending it, as when
// its machine hangs: its session lives on and holds what it has taken.
func TestAWorkerFreezesWhileItGrades(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 150)
	w.submitAll(t, learners, server)
	release := w.hold(t)
	frozen := w.work(t)
	until(t, graceToGrade, "the worker is in the middle of a batch", func() bool { return w.held(t) > 0 })
	frozen.signal(t, syscall.SIGSTOP)
	release()
	w.work(t)
	w.settle(t, time.Now(), learners)

	frozen.signal(t, syscall.SIGCONT) // it wakes up and finds its batch gone
	more := w.learners(t, 20)
	w.submitAll(t, more, server)
	w.settle(t, time.Now(), append(learners, more...))
}

// TestNoWorkerForAWhile stops all workers; learners get their receipts, and
// readiness tells the operator what is missing.
func TestNoWorkerForAWhile(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 100)
	stopped, killed := w.work(t), w.work(t)
	until(t, 5*time.Second, "the site is ready", func() bool { return w.ready(t, server) == "" })
	stopped.stop(t)
	if missing := w.ready(t, server); missing != "" {
		t.Errorf("with one worker left, readiness misses %s", missing)
	}
	killed.kill(t)
	w.submitAll(t, learners, server)
	until(t, 15*time.Second, "readiness misses a worker", func() bool { return w.ready(t, server) == "worker" })
	if got := w.attempts(t, quiz.Submitted); got != len(learners) {
		t.Errorf("%d attempts wait, want %d", got, len(learners))
	}
	got, err := server.get(learners[0].token, learners[0].path())
	must(t, err)
	if !got.decent(t, http.StatusOK) || receiptOn(got.body) != learners[0].receipt {
		t.Errorf("the waiting learner's page lacks their receipt %s:\n%s", learners[0].receipt, got.body)
	}
	w.work(t)
	w.settle(t, time.Now(), learners)
	if missing := w.ready(t, server); missing != "" {
		t.Errorf("with a worker back, readiness misses %s", missing)
	}
}

// ready names the parts that readiness misses, in the order of its answer.
func (w *town) ready(t *testing.T, server *process) (missing string) {
	t.Helper()
	got, err := server.get("", "/readyz")
	must(t, err)
	var names []string
	for _, part := range []string{"database", "migrations", "redis", "worker"} {
		if !strings.Contains(got.body, `"`+part+`":"ok"`) {
			names = append(names, part)
		}
	}
	if (got.status == http.StatusOK) != (len(names) == 0) {
		t.Errorf("readiness is %d: %s", got.status, got.body)
	}
	return strings.Join(names, " ")
}
