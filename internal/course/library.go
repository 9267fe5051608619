package course

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/memo"
)

// shelfLife is how long a process may offer new learners the version that was
// current a moment ago.
const shelfLife = time.Second

// Library keeps course versions in memory: they never change, and every page
// needs one. Only which version is current is asked anew, once a second.
type Library struct {
	store *Store

	versions memo.Forever[uuid.UUID, *Version]
	assets   memo.Forever[string, *Asset]
	shelf    memo.Fresh[[]*Version]
	terms    memo.Fresh[[]*Term]
}

// NewLibrary makes a library over a store.
func NewLibrary(store *Store) *Library {
	return &Library{store: store, shelf: memo.Fresh[[]*Version]{Life: shelfLife}, terms: memo.Fresh[[]*Term]{Life: shelfLife}}
}

// Shelf lists the current versions of all courses, in the order of the home
// page. The result is shared: do not change it.
func (l *Library) Shelf(ctx context.Context) ([]*Version, error) {
	return l.shelf.Get(ctx, func(ctx context.Context) ([]*Version, error) {
		courses, err := l.store.Courses(ctx)
		if err != nil {
			return nil, err
		}
		shelf := make([]*Version, len(courses))
		for i, course := range courses {
			if shelf[i], err = l.Version(ctx, course.VersionID); err != nil {
				return nil, err
			}
		}
		return shelf, nil
	})
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
	return l.versions.Get(ctx, id, l.store.Version)
}

// Asset finds a picture or a sound by its name.
func (l *Library) Asset(ctx context.Context, name string) (*Asset, error) {
	return l.assets.Get(ctx, name, l.store.Asset)
}

// Terms lists the words of the glossary in the order of the alphabet. The
// result is shared: do not change it.
func (l *Library) Terms(ctx context.Context) ([]*Term, error) { return l.terms.Get(ctx, l.store.Terms) }

// Lesson finds a lesson of the version by its slug.
func (v *Version) Lesson(slug string) (*Lesson, error) {
	for _, lesson := range v.Lessons {
		if lesson.Slug == slug {
			return lesson, nil
		}
	}
	return nil, fault.New(fault.NotFound, "lesson by slug")
}
