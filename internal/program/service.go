package program

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
)

// Service is what editors, heads, officials and workers do with programmes.
type Service struct {
	db   *bun.DB
	bell *queue.Bell
	now  clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, bell: bell, now: now}
}

// Makers are the roles that make programmes, for the subtrees of their units.
var Makers = []identity.Role{identity.ProvinceAdmin, identity.UnitHead}

// Create makes a draft for the subtree of a unit in the scope.
func (s *Service) Create(ctx context.Context, scope org.Scope, by audit.By, owner uuid.UUID, d *Definition) (*Program, error) {
	if inside, err := org.NewStore(s.db).Reaches(ctx, scope, owner); err != nil || !inside {
		return nil, firstOf(err, fault.New(fault.Forbidden, "programme of a unit"))
	}
	if err := d.check(false, clock.Day(s.now())); err != nil {
		return nil, err
	}
	p := &Program{ID: uuid.Must(uuid.NewV7()), OwnerID: owner, State: Drafted, Draft: d, Revision: 1, MadeBy: by.ActorID, MadeAt: s.now()}
	return p, s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(p).Exec(ctx); err != nil {
			return postgres.Wrap(err, "make programme")
		}
		return s.note(ctx, tx, by, p, audit.ProgramMake)
	})
}

// Save keeps a draft; revision is the one that the editor has seen. Somebody
// who was faster makes it a fault.Conflict.
func (s *Service) Save(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, revision int, d *Definition) (*Program, error) {
	if err := d.check(false, clock.Day(s.now())); err != nil {
		return nil, err
	}
	return s.change(ctx, scope, id, revision, func(ctx context.Context, tx bun.Tx, p *Program) error {
		if p.State == Closed {
			return fault.New(fault.Conflict, "the programme is closed")
		}
		p.Draft = d
		return s.note(ctx, tx, by, p, audit.ProgramChange)
	})
}

// Discard throws a draft away. A programme that was never published goes whole.
func (s *Service) Discard(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, revision int) error {
	_, err := s.change(ctx, scope, id, revision, func(ctx context.Context, tx bun.Tx, p *Program) error {
		p.Draft = nil
		if p.State != Drafted {
			return nil
		}
		if _, err := tx.NewDelete().Model(p).WherePK().Exec(ctx); err != nil {
			return postgres.Wrap(err, "delete draft")
		}
		return s.note(ctx, tx, by, p, audit.ProgramDelete)
	})
	return err
}

// Close ends a programme: nobody has to do it any more, what was done stays. One
// that another depends on is an Invalid on "close", with their Names.
func (s *Service) Close(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, revision int) error {
	_, err := s.change(ctx, scope, id, revision, func(ctx context.Context, tx bun.Tx, p *Program) error {
		if p.State != Published {
			return fault.New(fault.Conflict, "only what is published is closed")
		}
		if err := NewStore(tx).refuseNeeded(ctx, p.ID); err != nil {
			return err
		}
		now := s.now()
		p.State, p.Draft, p.ClosedAt = Closed, nil, &now
		if err := NewStore(tx).touchEverybody(ctx); err != nil {
			return err
		}
		return s.note(ctx, tx, by, p, audit.ProgramClose)
	})
	if err == nil {
		s.bell.Ring(EvaluateBell)
	}
	return err
}

// change locks a programme in the scope, lets do change it, and saves it under
// the next revision.
func (s *Service) change(ctx context.Context, scope org.Scope, id uuid.UUID, revision int, do func(context.Context, bun.Tx, *Program) error) (*Program, error) {
	var p *Program
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		if p, err = NewStore(tx).lock(ctx, scope, id); err != nil {
			return err
		}
		if p.Revision != revision {
			return fault.New(fault.Conflict, "somebody else changed the programme")
		}
		if err := do(ctx, tx, p); err != nil {
			return err
		}
		p.Revision++
		_, err = tx.NewUpdate().Model(p).WherePK().Exec(ctx)
		return postgres.Wrap(err, "save programme")
	})
	return p, err
}

// note writes into the audit log what was done to a programme.
func (s *Service) note(ctx context.Context, tx bun.IDB, by audit.By, p *Program, action audit.Action) error {
	title := ""
	if d := p.Latest(); d != nil {
		title = d.Title
	}
	return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: action, UnitID: &p.OwnerID, Changes: []audit.Change{{Field: "program", After: title}}})
}

// lock finds a programme whose owner lies in the scope and keeps others from changing it.
func (s *Store) lock(ctx context.Context, scope org.Scope, id uuid.UUID) (*Program, error) {
	p := new(Program)
	query := s.db.NewSelect().Model(p).Where("pg.id = ?", id).For("UPDATE")
	return p, postgres.Wrap(scope.Holds(query, "pg.owner_id").Scan(ctx), "programme")
}

// Find reads a programme whose owner lies in the scope.
func (s *Service) Find(ctx context.Context, scope org.Scope, id uuid.UUID) (*Program, error) {
	p := new(Program)
	query := s.db.NewSelect().Model(p).ColumnExpr("pg.*").ColumnExpr("u.name AS owner_name, u.code AS owner_code").
		Join("JOIN units AS u ON u.id = pg.owner_id").Where("pg.id = ?", id)
	return p, postgres.Wrap(scope.Holds(query, "pg.owner_id").Scan(ctx), "programme")
}

// List lists the programmes whose owner lies in the scope: drafts, then what is
// published, then what is closed; the latest first.
func (s *Service) List(ctx context.Context, scope org.Scope) ([]*Program, error) {
	var all []*Program
	query := s.db.NewSelect().Model(&all).ColumnExpr("pg.*").ColumnExpr("u.name AS owner_name, u.code AS owner_code").
		Join("JOIN units AS u ON u.id = pg.owner_id").
		OrderExpr("array_position(ARRAY['draft', 'published', 'closed'], pg.state), pg.made_at DESC")
	return all, postgres.Wrap(scope.Holds(query, "pg.owner_id").Scan(ctx), "programmes")
}

// Revision is a definition that held for some time.
type Revision struct {
	bun.BaseModel `bun:"table:program_revisions,alias:pr"`

	ProgramID  uuid.UUID   `bun:",type:uuid"`
	Revision   int         //
	Definition *Definition `bun:"type:jsonb"`
	MadeBy     *uuid.UUID  `bun:",type:uuid"`
	MadeAt     time.Time
	Joined     int // people, when it was published
	Gone       int

	MaderName string `bun:",scanonly"`
}

// History lists what a programme said, the latest first.
func (s *Service) History(ctx context.Context, id uuid.UUID) ([]*Revision, error) {
	var all []*Revision
	err := s.db.NewSelect().Model(&all).ColumnExpr("pr.*").ColumnExpr("coalesce(p.full_name, '') AS mader_name").
		Join("LEFT JOIN people AS p ON p.id = pr.made_by").Where("pr.program_id = ?", id).Order("pr.revision DESC").Scan(ctx)
	return all, postgres.Wrap(err, "history of a programme")
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
