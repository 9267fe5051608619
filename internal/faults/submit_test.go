package faults

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"hocso/internal/worldtest"
)

// TestTheSameSubmissionFiveTimesAtOnce sends one form five times at the same
// moment, through two servers: one receipt, one grade.
func TestTheSameSubmissionFiveTimesAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	servers := []*process{w.serve(t), w.serve(t)}
	w.work(t)
	learners := w.learners(t, 20)
	var all sync.WaitGroup
	for _, l := range learners {
		copies := make([]learner, 5)
		var once sync.WaitGroup
		for i := range copies {
			copies[i] = *l
			once.Go(func() { copies[i].submit(t, w, servers[i%len(servers)]) })
		}
		all.Go(func() {
			once.Wait()
			l.receipt = copies[0].receipt
			for _, c := range copies {
				if c.receipt != l.receipt {
					t.Errorf("receipts %s and %s for one submission", l.receipt, c.receipt)
				}
			}
		})
	}
	all.Wait()
	if refused := w.refused.Load(); refused > 0 {
		t.Errorf("%d forms were not taken at once", refused)
	}
	w.settle(t, time.Now(), learners)
}

// TestAStaleTab sends other answers from a tab that was left open, to the
// other server: after the first ones, and after their grade. They change
// nothing, and the learner is told.
func TestAStaleTab(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	servers := []*process{w.serve(t), w.serve(t)}
	learners := w.learners(t, worldtest.Questions)
	w.submitAll(t, learners, servers[0])
	stale := func() {
		for _, l := range learners {
			tab := *l
			tab.submission, tab.right = worldtest.ID(), worldtest.Questions-l.right
			got, err := servers[1].post(tab.token, tab.path()+"/submit", tab.form(w))
			must(t, err)
			if !got.decent(t, http.StatusSeeOther) || got.header.Get("Location") != l.path() || got.header.Get("Set-Cookie") == "" {
				t.Errorf("the stale tab is not led back with a notice: %d %v", got.status, got.header)
			}
		}
	}
	stale()
	w.work(t)
	w.settle(t, time.Now(), learners)
	stale()
	w.settle(t, time.Now(), learners)
}

// TestTwoTabsAtOnce sends different answers from two tabs at the same moment,
// through two servers: one of them counts, whole.
func TestTwoTabsAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	servers := []*process{w.serve(t), w.serve(t)}
	w.work(t)
	learners := w.learners(t, 20)
	for i, l := range learners {
		other := *l
		other.submission, other.right = worldtest.ID(), worldtest.Questions-l.right
		tabs := []*learner{l, &other}
		var both sync.WaitGroup
		for j, tab := range tabs {
			both.Go(func() { tab.submit(t, w, servers[j]) })
		}
		both.Wait()
		if l.receipt != other.receipt {
			t.Errorf("receipts %s and %s for one attempt", l.receipt, other.receipt)
		}
		if w.submissionOf(t, l) == other.submission {
			learners[i] = &other
		}
	}
	w.settle(t, time.Now(), learners)
}
