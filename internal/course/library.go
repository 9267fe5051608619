package course

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
)

// shelfLife is how long a process may offer new learners the version that was
// current a moment ago.
const shelfLife = time.Second

// Library keeps course versions in memory: they never change, and every page
// needs one. Only which version is current is asked anew, once a second.
type Library struct {
	store *Store

	mu       sync.Mutex
	versions map[uuid.UUID]*Version
	assets   map[string]*Asset
	shelf    []*Version
	shelfAt  time.Time
	terms    []*Term
	termsAt  time.Time
}

// NewLibrary makes a library over a store.
func NewLibrary(store *Store) *Library {
	return &Library{store: store, versions: map[uuid.UUID]*Version{}, assets: map[string]*Asset{}}
}

// Shelf lists the current versions of all courses, in the order of the home
// page. The result is shared: do not change it.
func (l *Library) Shelf(ctx context.Context) ([]*Version, error) {
	l.mu.Lock()
	shelf, fresh := l.shelf, time.Since(l.shelfAt) < shelfLife
	l.mu.Unlock()
	if fresh {
		return shelf, nil
	}
	courses, err := l.store.Courses(ctx)
	if err != nil {
		return nil, err
	}
	shelf = make([]*Version, len(courses))
	for i, course := range courses {
		if shelf[i], err = l.Version(ctx, course.VersionID); err != nil {
			return nil, err
		}
	}
	l.mu.Lock()
	l.shelf, l.shelfAt = shelf, time.Now()
	l.mu.Unlock()
	return shelf, nil
}

// Current finds the current version of a course by its slug.
func (l *Library) Current(ctx context.Context, slug string) (*Version, error) {
	shelf, err := l.Shelf(ctx)
	if err != nil {
		return nil, err
	}
	for _, version := range shelf {
		if version.Slug == slug {
			return version, nil
		}
	}
	return nil, fault.New(fault.NotFound, "course by slug")
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

// Asset finds a picture by its name.
func (l *Library) Asset(ctx context.Context, name string) (*Asset, error) {
	l.mu.Lock()
	asset := l.assets[name]
	l.mu.Unlock()
	if asset != nil {
		return asset, nil
	}
	asset, err := l.store.Asset(ctx, name)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.assets[name] = asset
	return asset, nil
}

// Terms lists the words of the glossary in the order of the alphabet. The
// result is shared: do not change it.
func (l *Library) Terms(ctx context.Context) ([]*Term, error) {
	l.mu.Lock()
	terms, fresh := l.terms, time.Since(l.termsAt) < shelfLife
	l.mu.Unlock()
	if fresh {
		return terms, nil
	}
	terms, err := l.store.Terms(ctx)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.terms, l.termsAt = terms, time.Now()
	return terms, nil
}

// Lesson finds a lesson of the version by its slug.
func (v *Version) Lesson(slug string) (*Lesson, error) {
	for _, lesson := range v.Lessons {
		if lesson.Slug == slug {
			return lesson, nil
		}
	}
	return nil, fault.New(fault.NotFound, "lesson by slug")
}
