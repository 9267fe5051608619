package org

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Store reads and writes units.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Add writes units, parents before children, and what reaches them.
func (s *Store) Add(ctx context.Context, units []*Unit) error {
	for _, unit := range units {
		unit.Search = Fold(unit.Name)
		if _, err := s.db.NewInsert().Model(unit).Exec(ctx); err != nil {
			return fmt.Errorf("add unit %s: %w", unit.Code, err)
		}
		_, err := s.db.NewRaw(`
			INSERT INTO unit_reach (ancestor_id, unit_id, depth)
			SELECT ?0::uuid, ?0::uuid, 0
			UNION ALL
			SELECT ancestor_id, ?0::uuid, depth + 1 FROM unit_reach WHERE unit_id = ?1::uuid`,
			unit.ID, unit.ParentID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("add reach of unit %s: %w", unit.Code, err)
		}
	}
	return nil
}

// Current finds the unit that holds a code today, if it lies in the scope;
// otherwise a fault.NotFound.
func (s *Store) Current(ctx context.Context, scope Scope, code string) (*Unit, error) {
	unit := new(Unit)
	err := scope.Holds(s.db.NewSelect().Model(unit), "u.id").
		Where("u.code = ?", code).Where("u.valid_to IS NULL").Scan(ctx)
	return unit, postgres.Wrap(err, "unit by code")
}

// ByCode finds the unit that holds a code today, for commands that see everything.
func (s *Store) ByCode(ctx context.Context, code string) (*Unit, error) {
	unit := new(Unit)
	err := s.db.NewSelect().Model(unit).Where("u.code = ?", code).Where("u.valid_to IS NULL").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("no current unit has the code %q", code))
	}
	if err != nil {
		return nil, fmt.Errorf("unit by code: %w", err)
	}
	return unit, nil
}

// Path lists a unit's ancestors inside the scope, the highest first, ending
// with the unit itself: a breadcrumb that shows only what its reader may open.
func (s *Store) Path(ctx context.Context, scope Scope, id uuid.UUID) ([]*Unit, error) {
	var units []*Unit
	query := s.db.NewSelect().Model(&units).
		Join("JOIN unit_reach AS up ON up.ancestor_id = u.id").
		Where("up.unit_id = ?", id).OrderExpr("up.depth DESC")
	if err := scope.Holds(query, "u.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("path of unit: %w", err)
	}
	return units, nil
}

// Reaches tells whether a unit lies in a scope.
func (s *Store) Reaches(ctx context.Context, scope Scope, unit uuid.UUID) (bool, error) {
	if scope.Empty() {
		return false, nil
	}
	var inside bool
	err := s.db.NewRaw("SELECT EXISTS (SELECT FROM unit_reach WHERE unit_id = ? AND ancestor_id IN (?))", unit, bun.List(scope.Units)).Scan(ctx, &inside)
	return inside, postgres.Wrap(err, "unit in scope")
}

// Below lists the units that stand directly below a unit, agencies last, by name.
func (s *Store) Below(ctx context.Context, id uuid.UUID) ([]*Unit, error) {
	var units []*Unit
	err := s.db.NewSelect().Model(&units).Where("u.parent_id = ?", id).Where("u.valid_to IS NULL").
		OrderExpr(`(u.kind = 'agency'), u.name COLLATE "vi-x-icu", u.code`).Scan(ctx)
	return units, postgres.Wrap(err, "units below")
}

// Choices lists the units of a scope where people live or work, for a form's
// list: communes, agencies and hamlets, each with the commune it belongs to.
// At most choicesMost; a larger scope is searched by name instead.
func (s *Store) Choices(ctx context.Context, scope Scope) ([]*Choice, error) {
	var choices []*Choice
	query := s.db.NewSelect().Model(&choices).ColumnExpr("u.*").ColumnExpr("coalesce(p.name, '') AS parent").
		Join("LEFT JOIN units AS p ON p.id = u.parent_id").
		Where("u.valid_to IS NULL").Where("u.kind IN ('commune', 'hamlet', 'agency')").
		OrderExpr(`CASE WHEN u.kind = 'hamlet' THEN p.name ELSE u.name END COLLATE "vi-x-icu", (u.kind = 'hamlet'), u.name COLLATE "vi-x-icu"`).Limit(choicesMost)
	return choices, postgres.Wrap(scope.Holds(query, "u.id").Scan(ctx), "unit choices")
}

// Seats lists the units of a scope that have an office: provinces, then
// agencies and communes by name.
func (s *Store) Seats(ctx context.Context, scope Scope) ([]*Choice, error) {
	var seats []*Choice
	query := s.db.NewSelect().Model(&seats).ColumnExpr("u.*").Where("u.valid_to IS NULL").Where("u.kind IN ('province', 'agency', 'commune')").
		OrderExpr(`array_position(ARRAY['province', 'agency', 'commune'], u.kind), u.name COLLATE "vi-x-icu"`).Limit(choicesMost)
	return seats, postgres.Wrap(scope.Holds(query, "u.id").Scan(ctx), "units with an office")
}

// choicesMost is how long a list of units in a form may be.
const choicesMost = 500

// Choice is a unit in a form's list.
type Choice struct {
	Unit   `bun:",extend"`
	Parent string // name of the unit above
}
