package faults

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"hocso/internal/quiz"
)

// TestAServerStopsUnderLoad stops one of two servers while learners submit:
// what it has begun it answers, and the rest goes to the other one.
func TestAServerStopsUnderLoad(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	leaving, staying := w.serve(t), w.serve(t)
	w.work(t)
	learners := w.learners(t, 108)
	under, rest := learners[:8], learners[8:]
	release := w.holdSubmissions(t, attemptsOf(under)...)
	var answered sync.WaitGroup
	for _, l := range under {
		answered.Go(func() {
			got, err := leaving.post(l.token, l.path()+"/submit", l.form(w))
			if err != nil {
				t.Errorf("a request that was under way was cut off: %v", err)
				return
			}
			got.decent(t, http.StatusSeeOther)
		})
	}
	until(t, graceToGrade, "requests are under way", func() bool { return w.held(t) == len(under) })
	c := w.crowd(leaving, staying)
	c.send(t, rest...)

	leaving.signal(t, syscall.SIGTERM)
	until(t, graceToGrade, "the server takes no more connections", func() bool {
		connection, err := net.Dial("tcp", leaving.addr)
		if err == nil {
			connection.Close()
		}
		return err != nil
	})
	if leaving.ended() {
		t.Error("the server ended with requests under way")
	}
	release()
	answered.Wait()
	if took := leaving.leaves(t); took > 5*time.Second {
		t.Errorf("the server took %s to end after its last answer", took)
	}
	c.all.Wait()
	for _, l := range under {
		l.submit(t, w, staying) // the same form again, which shows the receipt
	}
	w.settle(t, time.Now(), learners)
}

// TestIdleConnectionsHoldNobodyUp stops a server to which browsers hold
// connections: one that was used, and one opened ahead, on which nothing was
// ever sent.
func TestIdleConnectionsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := w.serve(t)
	for _, sent := range []string{"", "GET /healthz HTTP/1.1\r\nHost: hocso\r\n\r\n"} {
		connection, err := net.Dial("tcp", server.addr)
		must(t, err)
		defer connection.Close()
		_, err = fmt.Fprint(connection, sent)
		must(t, err)
		if sent != "" {
			_, err = connection.Read(make([]byte, 1024))
			must(t, err)
		}
	}
	if took := server.stop(t); took > 5*time.Second {
		t.Errorf("the server took %s to end", took)
	}
}

// TestAWorkerStopsWhileItGrades stops a worker that is in the middle of two
// batches: it finishes them, and leaves the rest to others.
func TestAWorkerStopsWhileItGrades(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 300)
	w.submitAll(t, learners, server)
	release := w.hold(t)
	leaving := w.work(t)
	until(t, graceToGrade, "the worker is in the middle of two batches", func() bool { return w.held(t) == 2 })
	leaving.signal(t, syscall.SIGTERM)
	until(t, graceToGrade, "the worker has heard and taken its heartbeat away", func() bool { return w.heartbeats(t) == 0 })
	release()
	leaving.leaves(t)
	if got := w.attempts(t, quiz.Graded); got != 200 {
		t.Errorf("%d attempts were graded before the worker ended, want the 200 that it had begun", got)
	}
	w.work(t)
	w.settle(t, time.Now(), learners)
}

// TestAWorkerThatCannotFinishEnds stops a worker whose batch never comes to
// an end: it gives up in time, and the batch waits as if it had never come.
func TestAWorkerThatCannotFinishEnds(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 20)
	w.submitAll(t, learners, server)
	release := w.hold(t)
	leaving := w.work(t)
	until(t, graceToGrade, "the worker is in the middle of a batch", func() bool { return w.held(t) > 0 })
	leaving.stop(t)
	release()
	w.work(t)
	w.settle(t, time.Now(), learners)
}
