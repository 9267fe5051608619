package org

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Found is a unit that a search found.
type Found struct {
	Unit       `bun:",extend"`
	Successors []string `bun:",array"` // names of the units that it became; none while it stands
	Parent     string   // name of the unit above, "" for a province
}

// searchMost is how many units a search gives.
const searchMost = 20

// Search finds units by name, without diacritics and in either tone placement,
// by a name from before a merger, or by code: exact names first, then
// beginnings, then parts, units that stand before those that don't.
func (s *Store) Search(ctx context.Context, typed string) ([]*Found, error) {
	query := Fold(typed)
	if query == "" {
		return nil, nil
	}
	like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(query)
	var found []*Found
	err := s.db.NewSelect().Model(&found).
		ColumnExpr("u.*").
		ColumnExpr("coalesce(p.name, '') AS parent").
		ColumnExpr(`ARRAY(SELECT n.name FROM unit_successions us JOIN units n ON n.id = us.new_id
			WHERE us.old_id = u.id ORDER BY n.code) AS successors`).
		Join("LEFT JOIN units AS p ON p.id = u.parent_id").
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("u.search LIKE ?", "%"+like+"%").WhereOr("u.code = ?", strings.TrimSpace(typed))
		}).
		OrderExpr(`(u.code = ?0) DESC, (u.search = ?1 OR u.search LIKE '% ' || ?2 AND ?1 = ?3) DESC, (u.valid_to IS NULL) DESC,
			(u.search LIKE ?2 || '%') DESC, length(u.search), u.code`, strings.TrimSpace(typed), query, like, bare(query)).
		Limit(searchMost).Scan(ctx)
	return found, postgres.Wrap(err, "search units")
}

// Typed finds the one unit of a scope that somebody means by a code or a name,
// as Search would have it; fault.NotFound when there is none.
func (s *Store) Typed(ctx context.Context, scope Scope, typed string) (*Unit, error) {
	if unit, err := s.Current(ctx, scope, strings.TrimSpace(typed)); err == nil || !fault.Is(err, fault.NotFound) {
		return unit, err
	}
	found, err := s.Search(ctx, typed)
	if err != nil {
		return nil, err
	}
	inside, err := s.Inside(ctx, scope, found)
	if err != nil {
		return nil, err
	}
	for _, unit := range found {
		if inside[unit.ID] {
			return &unit.Unit, nil
		}
	}
	return nil, fault.New(fault.NotFound, "unit by code or name")
}

// Predecessors names the units that a unit was made of, wholly or in part.
func (s *Store) Predecessors(ctx context.Context, id uuid.UUID) (names []string, err error) {
	err = s.db.NewRaw(`SELECT o.name FROM unit_successions us JOIN units o ON o.id = us.old_id
		WHERE us.new_id = ? ORDER BY o.name COLLATE "vi-x-icu"`, id).Scan(ctx, &names)
	return names, postgres.Wrap(err, "predecessors of unit")
}

// Named reads units by their ids, by name.
func (s *Store) Named(ctx context.Context, ids []uuid.UUID) ([]*Unit, error) {
	var units []*Unit
	if len(ids) == 0 {
		return nil, nil
	}
	err := s.db.NewSelect().Model(&units).Where("u.id IN (?)", bun.List(ids)).OrderExpr(`u.name COLLATE "vi-x-icu"`).Scan(ctx)
	return units, postgres.Wrap(err, "units by id")
}

// Inside tells which of the found units lie in a scope.
func (s *Store) Inside(ctx context.Context, scope Scope, found []*Found) (map[uuid.UUID]bool, error) {
	inside := map[uuid.UUID]bool{}
	if len(found) == 0 || scope.Empty() {
		return inside, nil
	}
	ids := make([]uuid.UUID, len(found))
	for i, unit := range found {
		ids[i] = unit.ID
	}
	var reached []uuid.UUID
	err := s.db.NewRaw("SELECT DISTINCT unit_id FROM unit_reach WHERE unit_id IN (?) AND ancestor_id IN (?)", bun.List(ids), bun.List(scope.Units)).Scan(ctx, &reached)
	for _, id := range reached {
		inside[id] = true
	}
	return inside, postgres.Wrap(err, "units in scope")
}
