package course

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/queue"
)

// ProgressBell rings when there are new progress events.
const ProgressBell queue.Kind = "course:progress"

// Service is what a learner does with courses.
type Service struct {
	db      *bun.DB
	library *Library
	bell    *queue.Bell
	now     clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, library *Library, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, library: library, bell: bell, now: now}
}

// Enrol puts somebody into the current version of a course; whoever is
// enrolled stays as they are.
func (s *Service) Enrol(ctx context.Context, by identity.Actor, slug string) (*Progress, error) {
	version, err := s.library.Current(ctx, slug)
	if err != nil {
		return nil, err
	}
	now := s.now()
	enrolment := &Enrolment{
		ID: uuid.Must(uuid.NewV7()), PersonID: by.PersonID, UnitID: by.UnitID,
		CourseID: version.CourseID, VersionID: version.ID, EnrolledAt: now,
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := identity.NewStore(tx).Awake(ctx, by.PersonID); err != nil {
			return err
		}
		store := NewStore(tx)
		added, err := store.AddEnrolment(ctx, enrolment)
		if err != nil || !added {
			return err
		}
		return store.Record(ctx, []*Event{EventOf(enrolment, EventEnrolled, now)})
	})
	if err != nil {
		return nil, err
	}
	s.bell.Ring(ProgressBell)
	return s.Progress(ctx, by.PersonID, slug)
}

// FinishLesson notes that somebody read a lesson to its end and tells how far
// they are now; fault.Conflict when their record was merged or erased meanwhile.
func (s *Service) FinishLesson(ctx context.Context, by identity.Actor, slug, lessonSlug string) (*Progress, error) {
	progress, err := s.Progress(ctx, by.PersonID, slug)
	if err != nil {
		return nil, err
	}
	lesson, err := progress.Version.Lesson(lessonSlug)
	if err != nil {
		return nil, err
	}
	now := s.now()
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := NewStore(tx)
		held, err := store.Hold(ctx, by.PersonID, progress.Enrolment.ID)
		if err != nil {
			return err
		}
		if err := store.FinishLesson(ctx, held.ID, lesson.ID, by, now); err != nil {
			return err
		}
		if err := store.Start(ctx, now, held); err != nil {
			return err
		}
		return store.CompleteFinished(ctx, []uuid.UUID{held.ID}, now)
	})
	if err != nil {
		return nil, err
	}
	s.bell.Ring(ProgressBell)
	progress.Finished[lesson.ID] = true
	return progress, nil
}

// Progress tells how far a person is in a course; fault.NotFound when there is
// no such course or they are not enrolled.
func (s *Service) Progress(ctx context.Context, person uuid.UUID, slug string) (*Progress, error) {
	current, err := s.library.Current(ctx, slug)
	if err != nil {
		return nil, err
	}
	store := NewStore(s.db)
	enrolment, err := store.Enrolment(ctx, person, current.CourseID)
	if err != nil {
		return nil, err
	}
	all, err := s.withVersions(ctx, store, []*Enrolment{enrolment})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Find is Progress for pages that also show a course to those who are not in
// it: then the progress is nil and the version is the current one. A nil
// person is somebody not signed in.
func (s *Service) Find(ctx context.Context, person *uuid.UUID, slug string) (*Version, *Progress, error) {
	if person != nil {
		progress, err := s.Progress(ctx, *person, slug)
		if err == nil {
			return progress.Version, progress, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return nil, nil, err
		}
	}
	version, err := s.library.Current(ctx, slug)
	return version, nil, err
}

// AllProgress tells how far a person is in each of their courses, the latest first.
func (s *Service) AllProgress(ctx context.Context, person uuid.UUID) ([]*Progress, error) {
	store := NewStore(s.db)
	enrolments, err := store.EnrolmentsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	return s.withVersions(ctx, store, enrolments)
}

func (s *Service) withVersions(ctx context.Context, store *Store, enrolments []*Enrolment) ([]*Progress, error) {
	ids := make([]uuid.UUID, len(enrolments))
	for i, enrolment := range enrolments {
		ids[i] = enrolment.ID
	}
	finished, err := store.Finished(ctx, ids...)
	if err != nil {
		return nil, err
	}
	practised, err := store.Practised(ctx, ids...)
	if err != nil {
		return nil, err
	}
	all := make([]*Progress, len(enrolments))
	for i, enrolment := range enrolments {
		version, err := s.library.Version(ctx, enrolment.VersionID)
		if err != nil {
			return nil, err
		}
		all[i] = &Progress{Enrolment: enrolment, Version: version, Finished: finished[enrolment.ID], Practised: practised[enrolment.ID]}
	}
	return all, nil
}
