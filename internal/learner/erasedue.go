package learner

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// EraseDue carries out up to n erasures that were asked for long enough ago,
// and says how many. Each is a transaction of its own: one that has to wait
// keeps no other waiting.
func (s *Service) EraseDue(ctx context.Context, n int) (int, error) {
	var due []uuid.UUID
	err := s.db.NewSelect().Model((*Request)(nil)).Column("id").Where("dr.kind = ?", Erasure).Where("dr.state = ?", Open).
		Where("dr.made_at <= ?", s.now().Add(-secondThoughts)).Order("dr.made_at").Limit(int64(n)).Scan(ctx, &due)
	if err != nil {
		return 0, postgres.Wrap(err, "erasures that are due")
	}
	done := 0
	var failed []error
	for _, id := range due {
		switch carried, err := s.carryOut(ctx, id); {
		case fault.Is(err, fault.Unavailable): // a grade is on its way: the next round will do
		case err != nil:
			failed = append(failed, err)
		case carried:
			done++
		}
	}
	return done, postgres.Wrap(errors.Join(failed...), "erase who asked for it")
}

// carryOut erases whom a request asks for; false when it was withdrawn or
// another worker has it.
func (s *Service) carryOut(ctx context.Context, id uuid.UUID) (carried bool, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var taken []*Request
		err := tx.NewSelect().Model(&taken).Where("dr.id = ?", id).Where("dr.state = ?", Open).For("UPDATE SKIP LOCKED").Scan(ctx)
		if err != nil || len(taken) == 0 {
			return err
		}
		request, now := taken[0], s.now()
		request.State, request.EndedAt = Done, &now
		if err := s.Erase(ctx, tx, request.PersonID, audit.By{}); fault.Is(err, fault.Conflict) {
			request.State = Refused // the last administrator stays until somebody takes over
		} else if err != nil {
			return err
		}
		carried = true
		_, err = tx.NewUpdate().Model(request).Column("state", "ended_at").WherePK().Exec(ctx)
		return err
	})
	return carried && err == nil, err
}
