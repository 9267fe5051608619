package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// AssistLife is how long somebody acts beside a resident before they have to
// say so again.
const AssistLife = 30 * time.Minute

// assistRow is one time of acting beside a resident.
type assistRow struct {
	bun.BaseModel `bun:"table:assists,alias:a"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	PersonID  uuid.UUID
	HelperID  uuid.UUID
	Support   Support
	StartedAt time.Time
	EndsAt    time.Time
}

// BeginAssist lets the viewer's session act beside a resident whom they may
// look after. Only residents and team members are helped so: nobody gets at an
// official's work this way.
func (s *Service) BeginAssist(ctx context.Context, viewer *Viewer, by audit.By, resident uuid.UUID, support Support) error {
	if support != Helped && support != DoneFor {
		return fault.InvalidField("support", "assist.support_missing")
	}
	if viewer.Assist != nil || viewer.PersonID == resident {
		return fault.New(fault.Conflict, "assist: beside oneself or somebody already")
	}
	store := NewStore(s.db)
	person, err := store.PersonIn(ctx, viewer.Scope(Helpers...), resident)
	if err != nil {
		return err
	}
	if person.SuspendedAt != nil || person.MergedInto != nil {
		return fault.New(fault.Conflict, "assist: the person is suspended")
	}
	for _, role := range person.Roles {
		if role != Resident {
			return fault.InvalidField("support", "assist.residents_only")
		}
	}
	now := s.now()
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row := &assistRow{ID: uuid.Must(uuid.NewV7()), PersonID: resident, HelperID: viewer.PersonID, Support: support, StartedAt: now, EndsAt: now.Add(AssistLife)}
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return postgres.Wrap(err, "begin assist")
		}
		if _, err := tx.NewRaw("UPDATE sessions SET assist_id = ? WHERE id = ?", row.ID, viewer.SessionID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "begin assist")
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{
			Action: audit.AssistBegin, SubjectID: &resident, UnitID: person.HomeUnitID, Changes: []audit.Change{{Field: "support", After: string(support)}},
		})
	})
}

// EndAssist brings the session back to its owner.
func (s *Service) EndAssist(ctx context.Context, viewer *Viewer, by audit.By) error {
	if viewer.Assist == nil {
		return nil // it ran out, or the button was pressed twice
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw(`UPDATE assists a SET ends_at = greatest(?0, a.started_at + interval '1 ms') FROM sessions se
			WHERE se.id = ?1 AND a.id = se.assist_id AND a.ends_at > ?0`, s.now(), viewer.SessionID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "end assist")
		}
		if _, err := tx.NewRaw("UPDATE sessions SET assist_id = NULL WHERE id = ?", viewer.SessionID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "end assist")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.AssistEnd, SubjectID: &viewer.PersonID, UnitID: viewer.HomeUnitID})
	})
}
