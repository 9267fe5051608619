package queue

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"
)

const (
	// together is how long rings of one kind are gathered into one task.
	together = 5 * time.Millisecond
	// ringLimit is how long a ring may hang on a sick Redis; the sweep makes good.
	ringLimit = 2 * time.Second
	// complainEvery keeps a dead Redis from filling the log.
	complainEvery = 10 * time.Second
)

// Bell rings for work after the transaction that made it has committed. Rings
// of one kind that come close together become one task, so a thousand
// submissions a second cost Redis at most two hundred tasks.
type Bell struct {
	redis *Redis
	log   *slog.Logger

	mu         sync.Mutex
	waiting    map[Kind]bool // a ring of this kind is about to go out
	complained time.Time
	under      sync.WaitGroup
}

// NewBell makes a bell.
func NewBell(redis *Redis, log *slog.Logger) *Bell {
	return &Bell{redis: redis, log: log, waiting: map[Kind]bool{}}
}

// Ring says that work of the kind is there. It returns at once and cannot
// fail: a ring that gets lost is made good by the sweep.
func (b *Bell) Ring(kind Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting[kind] {
		return
	}
	b.waiting[kind] = true
	b.under.Add(1)
	time.AfterFunc(together, func() {
		defer b.under.Done()
		b.mu.Lock()
		// From here on a new ring is a new task: its work may be younger than
		// what this task's worker sees.
		delete(b.waiting, kind)
		b.mu.Unlock()
		b.send(kind)
	})
}

// Close waits for rings that are on their way.
func (b *Bell) Close() { b.under.Wait() }

func (b *Bell) send(kind Kind) {
	ctx, cancel := context.WithTimeout(context.Background(), ringLimit)
	defer cancel()
	// A new client each time costs no connection, and registers the queue anew
	// after somebody flushed Redis, which a kept client would not.
	client := asynq.NewClientFromRedisClient(b.redis.client)
	_, err := client.EnqueueContext(ctx, asynq.NewTask(string(kind), nil),
		asynq.Queue(name), asynq.MaxRetry(maxRetry), asynq.Timeout(taskLimit))
	if err == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.complained) > complainEvery {
		b.complained = time.Now()
		b.log.Warn("bell not rung; the sweep will find the work", "kind", kind, "error", err)
	}
}
