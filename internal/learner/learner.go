// Package learner works on one person's records across rooms: it makes what a
// guest did theirs, joins two records of one person and takes that back, and
// hands out or erases what is kept about them.
//
// It must never lose a record, and never let one count twice.
package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
	"hocso/internal/quiz"
)

// Service is what is done with a person's records as a whole.
type Service struct {
	db   *bun.DB
	bell *queue.Bell
	now  clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, bell: bell, now: now}
}

// Adopt makes what somebody did as a guest count where they live, in the
// transaction that registers them. A second time changes nothing.
func (s *Service) Adopt(ctx context.Context, tx bun.Tx, person *identity.Person) error {
	if _, err := course.NewStore(tx).LockOf(ctx, person.ID); err != nil {
		return err
	}
	var ids []uuid.UUID
	err := tx.NewRaw("UPDATE enrolments SET unit_id = ? WHERE person_id = ? AND unit_id IS NULL RETURNING id", person.HomeUnitID, person.ID).Scan(ctx, &ids)
	if err != nil {
		return postgres.Wrap(err, "adopt what a guest did")
	}
	if err := settle(ctx, tx, person.ID, ids); err != nil {
		return err
	}
	s.bell.Ring(course.ProgressBell) // before commit: a sweep follows anyway
	return nil
}

// settle locks enrolments and settles them.
func settle(ctx context.Context, tx bun.Tx, correction uuid.UUID, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := course.NewStore(tx).Lock(ctx, ids...); err != nil {
		return err
	}
	return quiz.NewStore(tx).Settle(ctx, correction, ids...)
}
