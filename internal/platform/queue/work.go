package queue

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"
)

const (
	// pickUp is how often an idle server asks Redis for tasks.
	pickUp = 20 * time.Millisecond
	// sweepEvery is how often every kind of work is looked for without a bell:
	// a flushed Redis, a lost ring or a dead worker's task (which Asynq returns
	// only after about 62 s) delay nothing for longer.
	// Figures wait for it, too, when a transaction that was still open held back
	// the newest events: so it is shorter than the two seconds that we promise.
	sweepEvery = time.Second
	maxRetry   = 5
	taskLimit  = time.Minute
	// taskRest is how much of a task's time its last batch may still need. What
	// is left then is the sweep's.
	taskRest = taskLimit / 2
	// batchLimit is how long a running batch may take once we are asked to stop.
	batchLimit = 20 * time.Second
)

// Job is one kind of work.
type Job struct {
	Kind Kind
	// Drain does one batch of what is due and says how much that was; 0 means
	// that nothing was left. It must be safe to run at the same time elsewhere.
	Drain func(ctx context.Context) (done int, err error)
	// Parallel is how many drains of this kind may run in one process.
	Parallel int
}

// Work answers the bells for the jobs, and sweeps, until ctx ends; then it lets
// running batches finish. It works on without Redis, by sweeping alone.
func Work(ctx context.Context, r *Redis, log *slog.Logger, jobs []Job) error {
	mux := asynq.NewServeMux()
	rooms := make([]*room, len(jobs))
	workers := 0
	for i, job := range jobs {
		rooms[i] = &room{job: job, stop: ctx.Done()}
		workers += job.Parallel + 1 // one more to take rings that a running drain answers
		mux.HandleFunc(string(job.Kind), func(ctx context.Context, _ *asynq.Task) error {
			return rooms[i].answer(ctx)
		})
	}
	server := asynq.NewServerFromRedisClient(r.client, asynq.Config{
		Concurrency:              workers,
		Queues:                   map[string]int{name: 1},
		TaskCheckInterval:        pickUp,
		DelayedTaskCheckInterval: time.Second,
		RetryDelayFunc:           func(n int, _ error, _ *asynq.Task) time.Duration { return time.Duration(n+1) * time.Second },
		ShutdownTimeout:          batchLimit,
		Logger:                   asynqLog{log},
		LogLevel:                 asynq.WarnLevel,
		ErrorHandler: asynq.ErrorHandlerFunc(func(_ context.Context, task *asynq.Task, err error) {
			log.Error("work failed; it will be tried again", "kind", task.Type(), "error", err)
		}),
	})

	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	context.AfterFunc(ctx, func() { time.AfterFunc(batchLimit, cancel) })
	var sweeps sync.WaitGroup
	for _, room := range rooms {
		sweeps.Go(func() { room.sweep(late, log) })
	}
	err := startWhenReachable(ctx, r, server, mux, log)
	if err == nil {
		<-ctx.Done()
		shutDown(server, log)
	}
	sweeps.Wait()
	return err
}

// shutDown lets running batches finish. A Redis that hangs may not hold the
// process up: all it would still be told, others find out from PostgreSQL.
func shutDown(server *asynq.Server, log *slog.Logger) {
	done := make(chan struct{})
	go func() {
		server.Shutdown()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(batchLimit + 5*time.Second):
		log.Warn("Redis does not answer; leaving without telling it")
	}
}

// startWhenReachable starts the server as soon as Redis answers; it gives up
// only when ctx ends (nil, ctx is done) or Asynq refuses for good.
func startWhenReachable(ctx context.Context, r *Redis, server *asynq.Server, mux *asynq.ServeMux, log *slog.Logger) error {
	for complained := false; ; {
		err := r.Ping(ctx)
		if err == nil {
			if err := server.Start(mux); err != nil {
				return fmt.Errorf("queue: %w", err)
			}
			return nil
		}
		if !complained {
			complained = true
			log.Warn("Redis does not answer; working by sweep alone until it does", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(sweepEvery):
		}
	}
}

// room is a job with those at work in it.
type room struct {
	job  Job
	stop <-chan struct{} // closed when the batch under way is to be the last

	mu      sync.Mutex
	running int
	again   bool // somebody rang while all places were taken: look once more
}

// answer drains until nothing is left. When all places are taken, those at
// work look once more on this ring's behalf.
func (r *room) answer(ctx context.Context) error {
	if r.stopping() || !r.enter() {
		return nil
	}
	left := false
	defer func() {
		if !left { // an error, a panic or the end
			r.leave()
		}
	}()
	for {
		done, err := r.job.Drain(ctx)
		if err != nil {
			return err
		}
		if ctx.Err() != nil || endsSoon(ctx) || r.stopping() {
			return nil
		}
		if left = r.leaveIfQuiet(done); left {
			return nil
		}
	}
}

// endsSoon tells that a task has no time for another batch, which would be
// broken off and lost.
func endsSoon(ctx context.Context) bool {
	until, limited := ctx.Deadline()
	return limited && time.Until(until) < taskRest
}

func (r *room) stopping() bool {
	select {
	case <-r.stop:
		return true
	default:
		return false
	}
}

func (r *room) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running >= r.job.Parallel {
		r.again = true
		return false
	}
	r.running++
	return true
}

func (r *room) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
}

// leaveIfQuiet leaves when the last batch was empty and nobody rang meanwhile;
// both in one step, so that no ring falls between looking and leaving.
func (r *room) leaveIfQuiet(done int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if done > 0 || r.again {
		r.again = false
		return false
	}
	r.running--
	return true
}

func (r *room) sweep(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-ticker.C:
			if err := r.answer(ctx); err != nil {
				log.Error("sweep failed; it will be tried again", "kind", r.job.Kind, "error", err)
			}
		}
	}
}
