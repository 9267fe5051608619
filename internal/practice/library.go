package practice

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
)

// shelfLife is how long a process may offer the version that was current a moment ago.
const shelfLife = time.Second

// Library keeps scenario versions in memory: they never change. Only which
// version is current is asked anew, once a second.
type Library struct {
	store *Store

	mu       sync.Mutex
	versions map[uuid.UUID]*Version
	shelf    []*Version
	shelfAt  time.Time
}

// NewLibrary makes a library over a store.
func NewLibrary(store *Store) *Library {
	return &Library{store: store, versions: map[uuid.UUID]*Version{}}
}

// Shelf lists the current versions of all scenarios in their order. The result
// is shared: do not change it.
func (l *Library) Shelf(ctx context.Context) ([]*Version, error) {
	l.mu.Lock()
	shelf, fresh := l.shelf, time.Since(l.shelfAt) < shelfLife
	l.mu.Unlock()
	if fresh {
		return shelf, nil
	}
	shelf, err := l.store.Current(ctx)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, version := range shelf {
		l.versions[version.ID] = version
	}
	l.shelf, l.shelfAt = shelf, time.Now()
	return shelf, nil
}

// Find finds the current version of a scenario by its slug.
func (l *Library) Find(ctx context.Context, slug string) (*Version, error) {
	shelf, err := l.Shelf(ctx)
	if err != nil {
		return nil, err
	}
	for _, version := range shelf {
		if version.Slug == slug {
			return version, nil
		}
	}
	return nil, fault.New(fault.NotFound, "scenario by slug")
}

// Version finds any version by its id. The result is shared: do not change it.
func (l *Library) Version(ctx context.Context, id uuid.UUID) (*Version, error) {
	l.mu.Lock()
	version := l.versions[id]
	l.mu.Unlock()
	if version != nil {
		return version, nil
	}
	version, err := l.store.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.versions[id] = version
	return version, nil
}
