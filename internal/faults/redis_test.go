package faults

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/hibiken/asynq"
)

// TestRedisIsFlushed empties Redis while submissions wait, and again and again
// while workers are at work.
func TestRedisIsFlushed(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	first, learners := w.serve(t), w.learners(t, 120)
	waiting, rest := learners[:40], learners[40:]
	w.submitAll(t, waiting, first)
	first.stop(t) // its last bell has rung
	w.flush(t)
	w.work(t)
	w.work(t)
	w.settle(t, time.Now(), waiting)

	server := w.serve(t)
	c := w.crowd(server)
	c.send(t, rest...)
	for c.taken.Load() < int64(len(rest)) && !t.Failed() {
		w.flush(t)
	}
	c.all.Wait()
	w.settle(t, time.Now(), learners)
	w.bellsWork(t, server, learners)
}

// TestRedisIsGone stops Redis under running processes, starts a worker without
// it, and gives it back to both kinds.
func TestRedisIsGone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 60)
	first := w.work(t)

	w.stopRedis(t)
	if missing := w.ready(t, server); missing != "redis" {
		t.Errorf("readiness misses %q, want redis", missing)
	}
	w.submitAll(t, learners[:30], server)
	w.settle(t, time.Now(), learners[:30])
	w.startRedis(t)
	learners = slices.Concat(learners, w.bellsWork(t, server, learners[:30]))

	w.stopRedis(t)
	first.stop(t)
	w.work(t)
	w.submitAll(t, learners[30:60], server)
	w.settle(t, time.Now(), learners)
	w.startRedis(t)
	w.bellsWork(t, server, learners)
}

// TestRedisHangs keeps Redis from answering without closing its connections,
// the way of going wrong that clients notice last.
func TestRedisHangs(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 40)
	worker := w.work(t)
	redis := w.redisPid(t)
	must(t, syscall.Kill(redis, syscall.SIGSTOP))
	t.Cleanup(func() { syscall.Kill(redis, syscall.SIGCONT) })

	began := time.Now()
	w.submitAll(t, learners, server)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("%d submissions took %s: they wait for Redis", len(learners), took)
	}
	w.settle(t, began, learners)
	worker.stop(t)
	w.work(t)
	must(t, syscall.Kill(redis, syscall.SIGCONT))
	w.bellsWork(t, server, learners)
}

// bellsWork proves that bells go from servers to workers and between workers:
// without them the sweep would do the same work unnoticed. A client that has
// lost Redis looks for it once a second, so the first bells may still be lost.
// It gives the learners who rang.
func (w *town) bellsWork(t *testing.T, server *process, learners []*learner) (rang []*learner) {
	t.Helper()
	some := w.learners(t, 8)
	w.world.Bell.Close() // our own rings are through
	until(t, graceToGrade, "our own rings are answered", func() bool { return w.bells(t).pending == 0 })
	for heard := false; !heard; {
		if len(rang) == len(some) {
			t.Fatal("no bell is answered")
		}
		before := w.bells(t).answered
		next := some[len(rang)]
		rang = append(rang, next)
		w.submitAll(t, []*learner{next}, server)
		for deadline := time.Now().Add(time.Second); !heard && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			// One from the server, to grade; one from the worker, to count.
			heard = w.bells(t).answered >= before+2
		}
	}
	w.settle(t, time.Now(), slices.Concat(learners, rang))
	return rang
}

// bells are tasks in Redis.
type bells struct{ pending, answered int }

// bells counts; answered is since Redis was last empty.
func (w *town) bells(t *testing.T) (count bells) {
	t.Helper()
	option, err := asynq.ParseRedisURI(w.redis.URL())
	must(t, err)
	inspector := asynq.NewInspector(option)
	defer inspector.Close()
	queues, err := inspector.Queues()
	must(t, err)
	for _, name := range queues {
		info, err := inspector.GetQueueInfo(name)
		must(t, err)
		count.answered += info.ProcessedTotal
		count.pending += info.Pending
	}
	return count
}
