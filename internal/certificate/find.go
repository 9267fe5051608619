package certificate

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/postgres"
)

// ByCode finds the record of a code, for everybody: whoever has the code has
// seen the paper. What is left of a record that was erased is its state.
func (s *Service) ByCode(ctx context.Context, code string) (*Record, error) {
	return one(ctx, s.db.NewSelect().Where("ce.code = ?", code))
}

// Own finds a record of a person.
func (s *Service) Own(ctx context.Context, person, id uuid.UUID) (*Record, error) {
	return one(ctx, s.db.NewSelect().Where("ce.id = ?", id).Where("ce.person_id = ?", person).Where("ce.erased_at IS NULL"))
}

// In finds a record that was issued in the scope, or whose holder belongs to it.
func (s *Service) In(ctx context.Context, scope org.Scope, id uuid.UUID) (*Record, error) {
	return one(ctx, within(s.db.NewSelect().Where("ce.id = ?", id), scope))
}

// within narrows a query to records that were issued in the scope, or whose
// holder belongs to it.
func within(query *bun.SelectQuery, scope org.Scope) *bun.SelectQuery {
	if scope.Empty() {
		return query.Where("FALSE")
	}
	return query.Where("ce.erased_at IS NULL").Where(`EXISTS (SELECT FROM unit_reach ur WHERE ur.ancestor_id IN (?)
		AND (ur.unit_id = ce.unit_id OR ur.unit_id = (SELECT p.home_unit_id FROM people p WHERE p.id = ce.person_id)))`, bun.List(scope.Units))
}

func one(ctx context.Context, query *bun.SelectQuery) (*Record, error) {
	r := new(Record)
	if err := query.Model(r).Scan(ctx); err != nil {
		return nil, postgres.Wrap(err, "record")
	}
	r.tidy()
	return r, nil
}

// Query says which records a list shows.
type Query struct {
	Unit     uuid.UUID // and everything below it
	Course   *uuid.UUID
	Program  *uuid.UUID
	From, To *time.Time // days of completion
	IDs      []uuid.UUID
	Limit    int
}

// List lists the records of a unit in the scope that count, by name.
func (s *Service) List(ctx context.Context, scope org.Scope, q Query) ([]*Record, error) {
	var all []*Record
	query := s.db.NewSelect().Model(&all).
		Where("ce.revoked_at IS NULL").Where("ce.superseded_at IS NULL").Where("ce.erased_at IS NULL").
		Where("EXISTS (SELECT FROM unit_reach ur WHERE ur.unit_id = ce.unit_id AND ur.ancestor_id = ?)", q.Unit).
		OrderExpr(`ce.facts->>'name' COLLATE "vi-x-icu", ce.id`).Limit(int64(q.Limit))
	query = scope.Holds(query, "ce.unit_id")
	if q.Course != nil {
		query = query.Where("ce.course_id = ?", *q.Course)
	}
	if q.Program != nil {
		query = query.Where("ce.program_id = ?", *q.Program)
	}
	if q.From != nil {
		query = query.Where("ce.completed_on >= ?::date", q.From.Format(time.DateOnly))
	}
	if q.To != nil {
		query = query.Where("ce.completed_on <= ?::date", q.To.Format(time.DateOnly))
	}
	if q.IDs != nil {
		query = query.Where("ce.id IN (?)", bun.List(append(q.IDs, uuid.Nil)))
	}
	err := query.Scan(ctx)
	for _, r := range all {
		r.tidy()
	}
	return all, postgres.Wrap(err, "list of records")
}
