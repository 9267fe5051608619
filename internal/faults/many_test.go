package faults

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/worldtest"
)

// TestManyServersAndWorkersTogether lets 300 learners go all the way at once,
// each request to another of three servers, with three workers behind them.
func TestManyServersAndWorkersTogether(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var servers []*process
	for range 3 {
		servers = append(servers, w.serve(t))
		w.work(t)
	}
	learners := make([]*learner, 300)
	for i := range learners {
		person := w.world.Person(t, w.world.Hamlets[i%len(w.world.Hamlets)], identity.Resident)
		token := w.world.SignIn(t, person)
		learners[i] = &learner{token: token, submission: worldtest.ID(), right: i % (worldtest.Questions + 1)}
	}
	seats := make(chan struct{}, 24)
	var all sync.WaitGroup
	for i, l := range learners {
		all.Go(func() {
			seats <- struct{}{}
			defer func() { <-seats }()
			l.goAllTheWay(t, w, slices.Concat(servers[i%3:], servers[:i%3]))
		})
	}
	all.Wait()
	if refused := w.refused.Load(); refused > 0 {
		t.Errorf("%d requests were refused", refused)
	}
	w.settle(t, time.Now(), learners)
}

// goAllTheWay enrols, reads, answers, and waits for the result.
func (l *learner) goAllTheWay(t *testing.T, w *town, servers []*process) {
	turn := 0
	post := func(path string) (location string) {
		turn++
		got, err := servers[turn%len(servers)].post(l.token, path, url.Values{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return ""
		}
		got.decent(t, http.StatusSeeOther)
		return got.header.Get("Location")
	}
	course := "/courses/" + worldtest.Slug
	post(course + "/enrol")
	for _, lesson := range w.world.Course.Lessons {
		post(course + "/lessons/" + lesson.Slug + "/finish")
	}
	place := post(course + "/quiz")
	var err error
	if l.attempt, err = uuid.Parse(strings.TrimPrefix(place, "/attempts/")); err != nil {
		t.Errorf("beginning the quiz leads to %q", place)
		return
	}
	l.submit(t, w, servers...)
}
