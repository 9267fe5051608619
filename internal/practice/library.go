package practice

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/memo"
)

// shelfLife is how long a process may offer the version that was current a moment ago.
const shelfLife = time.Second

// Library keeps scenario versions in memory: they never change. Only which
// version is current is asked anew, once a second.
type Library struct {
	store *Store

	versions memo.Forever[uuid.UUID, *Version]
	shelf    memo.Fresh[[]*Version]
}

// NewLibrary makes a library over a store.
func NewLibrary(store *Store) *Library {
	return &Library{store: store, shelf: memo.Fresh[[]*Version]{Life: shelfLife}}
}

// Shelf lists the current versions of all scenarios in their order. The result
// is shared: do not change it.
func (l *Library) Shelf(ctx context.Context) ([]*Version, error) {
	return l.shelf.Get(ctx, func(ctx context.Context) ([]*Version, error) {
		ids, err := l.store.Current(ctx)
		if err != nil {
			return nil, err
		}
		shelf := make([]*Version, len(ids))
		for i, id := range ids {
			if shelf[i], err = l.Version(ctx, id); err != nil {
				return nil, err
			}
		}
		return shelf, nil
	})
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
	return l.versions.Get(ctx, id, l.store.Version)
}
