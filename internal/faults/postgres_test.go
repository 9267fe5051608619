package faults

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestPostgresRestartsUnderLoad stops PostgreSQL while learners submit, lets
// them run into it, and starts it again. They see pages that ask for patience,
// send the same form again, and it counts once.
func TestPostgresRestartsUnderLoad(t *testing.T) {
	for name, stop := range map[string]func(*town, *testing.T){
		"by an operator": (*town).stopPostgres,
		"by a crash":     (*town).crashPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			servers := []*process{w.serve(t), w.serve(t)}
			w.work(t)
			w.work(t)
			learners := w.learners(t, 180)
			before, during, after := learners[:60], learners[60:120], learners[120:]
			visits := w.visit(t, learners[0], servers)

			c := w.crowd(servers...)
			c.send(t, before...)
			until(t, persistence, "half of the first are through", func() bool { return c.taken.Load() >= 30 })
			c.send(t, during...)
			stop(w, t)
			c.send(t, after...)
			until(t, persistence, "learners and visitors run into it", func() bool { return w.refused.Load() >= 40 && visits.refused() >= 10 })
			for _, server := range servers {
				if missing := w.ready(t, server); missing != "database migrations worker" {
					t.Errorf("readiness misses %q", missing)
				}
				if got, err := server.get("", "/healthz"); err != nil || got.status != http.StatusOK {
					t.Errorf("the server itself is not healthy: %v %v", got, err)
				}
			}
			w.startPostgres(t)
			back := time.Now()
			c.all.Wait()
			visits.end()
			w.settle(t, back, learners)
			if missing := w.ready(t, servers[0]); missing != "" {
				t.Errorf("readiness still misses %s", missing)
			}
		})
	}
}

// visits are somebody who keeps opening pages.
type visits struct {
	mu    sync.Mutex
	count map[int]int // of answers by status
	over  chan struct{}
	gone  sync.WaitGroup
}

// visit opens pages in turn until the end: they come, or a page that asks for
// patience, and nothing else.
func (w *town) visit(t *testing.T, who *learner, servers []*process) *visits {
	v := &visits{count: map[int]int{}, over: make(chan struct{})}
	paths := []string{"/", "/me", "/courses/dung-internet", "/courses/dung-internet/lessons/bai-1", who.path()}
	v.gone.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-v.over:
				return
			case <-time.After(5 * time.Millisecond):
			}
			got, err := servers[i%len(servers)].get(who.token, paths[i%len(paths)])
			if err != nil {
				t.Errorf("%s: %v", paths[i%len(paths)], err)
				return
			}
			if !got.decent(t, http.StatusOK, http.StatusServiceUnavailable) {
				return
			}
			v.mu.Lock()
			v.count[got.status]++
			v.mu.Unlock()
		}
	})
	return v
}

func (v *visits) refused() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.count[http.StatusServiceUnavailable]
}

func (v *visits) end() {
	close(v.over)
	v.gone.Wait()
}
