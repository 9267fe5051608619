package faults
import ("testing";"time";"os"; "hocso/internal/quiz")
func TestZZ(t *testing.T) {
	if os.Getenv("ZZ")=="" { t.Skip() }
	w := newTown(t)
	server := w.serve(t)
	for range 40 {
		learners := w.learners(t, 100)
		w.submitAll(t, learners, server)
		p := w.work(t)
		began := time.Now()
		until(t, 10*time.Second, "g", func() bool { return w.attempts(t, quiz.Submitted) == 0 })
		g := time.Since(began)
		until(t, 10*time.Second, "f", func() bool { n, _ := w.world.Pilot.Behind(t.Context()); return n == 0 })
		t.Log("graded", g, "figures", time.Since(began)-g)
		p.stop(t)
	}
	w.work(t)
	learners := w.learners(t, 40)
	for _, l := range learners {
		w.submitAll(t, []*learner{l}, server)
		began := time.Now()
		until(t, 10*time.Second, "g", func() bool { return w.attempts(t, quiz.Submitted) == 0 })
		g := time.Since(began)
		until(t, 10*time.Second, "f", func() bool { n, _ := w.world.Pilot.Behind(t.Context()); return n == 0 })
		t.Log("one graded", g, "figures", time.Since(began)-g)
	}
}
