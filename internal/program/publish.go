package program

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Publish makes a draft hold. When the preview warns, confirmed has to be the
// number of people that the editor was shown: else it is an Invalid on
// "confirm", with the preview to show.
func (s *Service) Publish(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, revision, confirmed int) (*Preview, error) {
	p, err := s.Find(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	if p.Draft == nil {
		return nil, fault.New(fault.Conflict, "there is no draft to publish")
	}
	if err := p.Draft.check(true, clock.Day(s.now())); err != nil {
		return nil, err
	}
	preview, err := s.Preview(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(preview.Warn) > 0 && confirmed != preview.People {
		return preview, fault.InvalidField("confirm", "program.confirm_number")
	}
	_, err = s.change(ctx, scope, id, revision, func(ctx context.Context, tx bun.Tx, p *Program) error {
		store, now := NewStore(tx), s.now()
		if err := store.refuse(ctx, p); err != nil {
			return err
		}
		p.State, p.Definition, p.Draft = Published, p.Draft, nil
		if p.PublishedAt == nil {
			p.PublishedAt = &now
		}
		revision := &Revision{
			ProgramID: p.ID, Revision: p.Revision + 1, Definition: p.Definition, MadeBy: by.ActorID, MadeAt: now, Joined: preview.Joins, Gone: preview.Leaves,
		}
		if _, err := tx.NewInsert().Model(revision).Exec(ctx); err != nil {
			return postgres.Wrap(err, "keep revision")
		}
		if err := store.touchEverybody(ctx); err != nil {
			return err
		}
		return s.note(ctx, tx, by, p, audit.ProgramPublish)
	})
	if err == nil {
		s.bell.Ring(EvaluateBell)
	}
	return preview, err
}
