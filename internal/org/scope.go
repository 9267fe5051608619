package org

import (
	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Scope is where somebody may look: the subtrees of Units. The zero Scope
// reaches nothing. It is part of every query that returns people or records.
type Scope struct {
	Units []uuid.UUID
}

// Empty tells whether the scope reaches nothing.
func (s Scope) Empty() bool { return len(s.Units) == 0 }

// Holds narrows a query to rows whose unit, in the given column, lies in the scope.
func (s Scope) Holds(query *bun.SelectQuery, column string) *bun.SelectQuery {
	if s.Empty() {
		return query.Where("FALSE")
	}
	return query.Where("EXISTS (SELECT 1 FROM unit_reach ur WHERE ur.unit_id = ? AND ur.ancestor_id IN (?))",
		bun.Ident(column), bun.List(s.Units))
}
