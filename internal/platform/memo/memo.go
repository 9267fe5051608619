// Package memo keeps in memory what was read from the database: for ever, what
// never changes; for a moment, what is asked for all the time.
package memo

import (
	"context"
	"sync"
	"time"
)

// Forever keeps what never changes under its key. What was not found is asked
// for again.
type Forever[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]V
}

// Get gives what is kept under key, or loads it.
func (f *Forever[K, V]) Get(ctx context.Context, key K, load func(context.Context, K) (V, error)) (V, error) {
	f.mu.Lock()
	value, ok := f.kept[key]
	f.mu.Unlock()
	if ok {
		return value, nil
	}
	value, err := load(ctx, key)
	if err == nil {
		f.Put(key, value)
	}
	return value, err
}

// Put keeps a value that was read on another way.
func (f *Forever[K, V]) Put(key K, value V) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[K]V{}
	}
	f.kept[key] = value
}

// Fresh keeps one thing for a while. The zero value of Life keeps nothing.
type Fresh[T any] struct {
	Life time.Duration

	mu   sync.Mutex
	kept T
	at   time.Time
}

// Get gives what is kept, or loads it anew when it is older than Life.
func (f *Fresh[T]) Get(ctx context.Context, load func(context.Context) (T, error)) (T, error) {
	f.mu.Lock()
	value, fresh := f.kept, time.Since(f.at) < f.Life
	f.mu.Unlock()
	if fresh {
		return value, nil
	}
	value, err := load(ctx)
	if err != nil {
		return value, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept, f.at = value, time.Now()
	return value, nil
}
