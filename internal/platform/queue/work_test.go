package queue

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"hocso/internal/platform/testkit"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func open(t *testing.T, url string) *Redis {
	t.Helper()
	r, err := Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// work runs the jobs until the test ends.
func work(t *testing.T, r *Redis, jobs ...Job) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Work(ctx, r, quiet, jobs) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Work: %v", err)
		}
	})
}

// eventually waits until holds, at most within.
func eventually(t *testing.T, within time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

// pile is work that waits.
type pile struct{ waiting, done atomic.Int64 }

func (p *pile) drain(context.Context) (int, error) {
	for {
		n := p.waiting.Load()
		take := min(n, 10)
		if p.waiting.CompareAndSwap(n, n-take) {
			p.done.Add(take)
			return int(take), nil
		}
	}
}

func TestABellIsAnswered(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.RedisURL(t))
	p := new(pile)
	work(t, r, Job{Kind: "test:pile", Drain: p.drain, Parallel: 2})
	bell := NewBell(r, quiet)
	defer bell.Close()
	for round := range int64(5) {
		p.waiting.Add(37)
		bell.Ring("test:pile")
		eventually(t, sweepEvery-100*time.Millisecond, "the pile is done before any sweep", func() bool { return p.done.Load() == (round+1)*37 })
	}
}

func TestRingsAreGathered(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.RedisURL(t))
	bell := NewBell(r, quiet)
	for range 1000 {
		bell.Ring("test:many")
	}
	bell.Close()
	depth, err := r.Depth(context.Background())
	if err != nil || depth.Pending == 0 || depth.Pending > 50 {
		t.Fatalf("1,000 rings became %d tasks (%v)", depth.Pending, err)
	}
}

func TestTheSweepFindsWhatNoBellRang(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.RedisURL(t))
	p := new(pile)
	p.waiting.Store(25)
	work(t, r, Job{Kind: "test:unrung", Drain: p.drain, Parallel: 1})
	eventually(t, 5*time.Second, "the sweep", func() bool { return p.done.Load() == 25 })
}

func TestWorkGoesOnWithoutRedis(t *testing.T) {
	t.Parallel()
	r := open(t, "redis://127.0.0.1:1/0") // nobody listens there
	p := new(pile)
	p.waiting.Store(25)
	work(t, r, Job{Kind: "test:alone", Drain: p.drain, Parallel: 1})
	eventually(t, 5*time.Second, "the sweep alone", func() bool { return p.done.Load() == 25 })
}

func TestAFlushedRedisStillRings(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.RedisURL(t))
	p := new(pile)
	work(t, r, Job{Kind: "test:flush", Drain: p.drain, Parallel: 1})
	bell := NewBell(r, quiet)
	defer bell.Close()
	p.waiting.Add(1)
	bell.Ring("test:flush")
	eventually(t, 2*time.Second, "the first", func() bool { return p.done.Load() == 1 })
	if err := r.client.FlushAll(context.Background()).Err(); err != nil {
		t.Fatal(err)
	}
	p.waiting.Add(1)
	bell.Ring("test:flush")
	eventually(t, 5*time.Second, "the one after the flush", func() bool { return p.done.Load() == 2 })
	if _, err := r.Depth(context.Background()); err != nil {
		t.Errorf("depth after a flush: %v", err)
	}
}

func TestFailuresAreTriedAgainAndShown(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.RedisURL(t))
	var fails atomic.Bool
	fails.Store(true)
	p := new(pile)
	work(t, r, Job{Kind: "test:fails", Parallel: 1, Drain: func(ctx context.Context) (int, error) {
		if fails.Load() {
			return 0, errors.New("out of order")
		}
		return p.drain(ctx)
	}})
	bell := NewBell(r, quiet)
	defer bell.Close()
	p.waiting.Add(1)
	bell.Ring("test:fails")
	eventually(t, 5*time.Second, "the task waits for its retry", func() bool {
		tasks, err := r.Retrying()
		return err == nil && len(tasks) == 1 && tasks[0].Error == "out of order"
	})
	tasks, err := r.Retrying()
	if err != nil {
		t.Fatal(err)
	}
	fails.Store(false)
	if err := r.RunAgain(tasks[0].ID); err != nil && !errors.Is(err, ErrNoTask) { // its own retry may have been faster
		t.Errorf("RunAgain = %v", err)
	}
	eventually(t, 5*time.Second, "the retry or the sweep", func() bool { return p.done.Load() == 1 })
}

func TestAPanicFreesItsPlace(t *testing.T) {
	room := &room{job: Job{Parallel: 1, Drain: func(context.Context) (int, error) { panic("drain") }}}
	func() {
		defer func() { recover() }()
		room.answer(context.Background())
	}()
	room.job.Drain = func(context.Context) (int, error) { return 0, nil }
	if room.running != 0 || room.answer(context.Background()) != nil {
		t.Errorf("%d still at work", room.running)
	}
}

func TestARingWhileAllAreAtWorkIsNotLost(t *testing.T) {
	looks := 0
	room := &room{job: Job{Parallel: 1}}
	room.job.Drain = func(context.Context) (int, error) {
		looks++
		if looks == 1 { // somebody rings after we have looked
			if err := room.answer(context.Background()); err != nil {
				t.Error(err)
			}
		}
		return 0, nil
	}
	if err := room.answer(context.Background()); err != nil || looks != 2 {
		t.Errorf("looked %d times (%v), want 2", looks, err)
	}
}

// TestNoBatchIsBrokenOff: a task whose time runs out begins no other batch and
// leaves its place; the sweep, which has all the time, does the rest.
func TestNoBatchIsBrokenOff(t *testing.T) {
	t.Parallel()
	left := 5
	r := &room{job: Job{Parallel: 1, Drain: func(context.Context) (int, error) {
		if left > 0 {
			left--
			return 1, nil
		}
		return 0, nil
	}}}
	short, cancel := context.WithTimeout(t.Context(), taskRest-time.Second)
	defer cancel()
	if err := r.answer(short); err != nil || left != 4 || r.running != 0 {
		t.Errorf("after a task that ends soon %d are left and %d at work, %v", left, r.running, err)
	}
	if err := r.answer(t.Context()); err != nil || left != 0 || r.running != 0 {
		t.Errorf("after the sweep %d are left and %d at work, %v", left, r.running, err)
	}
}

func TestRunAgainOfNothing(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.RedisURL(t))
	if err := r.RunAgain("nobody"); !errors.Is(err, ErrNoTask) {
		t.Errorf("RunAgain = %v", err)
	}
	if depth, err := r.Depth(t.Context()); err != nil || depth != (Depth{}) {
		t.Errorf("Depth before the first bell = %+v, %v", depth, err)
	}
	if tasks, err := r.Archived(); err != nil || len(tasks) != 0 {
		t.Errorf("Archived = %v, %v", tasks, err)
	}
}

func TestOpenRefusesAnAddressThatIsNone(t *testing.T) {
	for _, url := range []string{"", "nonsense", "http://localhost"} {
		if _, err := Open(url); err == nil {
			t.Errorf("Open(%q) accepted it", url)
		}
	}
}
