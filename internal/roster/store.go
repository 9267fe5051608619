package roster

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/postgres"
)

// Store reads and writes imports and their rows.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Import reads an import of a unit in a scope; any other is not found.
func (s *Store) Import(ctx context.Context, scope org.Scope, id uuid.UUID) (*Import, error) {
	i := new(Import)
	query := s.db.NewSelect().Model(i).ExcludeColumn("file").ColumnExpr("u.name AS unit_name, u.code AS unit_code").
		Join("JOIN units AS u ON u.id = ri.unit_id").Where("ri.id = ?", id)
	return i, postgres.Wrap(scope.Holds(query, "ri.unit_id").Scan(ctx), "import")
}

// Imports lists the imports of a scope, the latest first.
func (s *Store) Imports(ctx context.Context, scope org.Scope) ([]*Import, error) {
	var imports []*Import
	query := s.db.NewSelect().Model(&imports).ExcludeColumn("file").ColumnExpr("u.name AS unit_name, u.code AS unit_code").
		Join("JOIN units AS u ON u.id = ri.unit_id").Order("ri.made_at DESC").Limit(50)
	return imports, postgres.Wrap(scope.Holds(query, "ri.unit_id").Scan(ctx), "imports")
}

// PageOfRows is how many rows one page shows.
const PageOfRows = 50

// Rows lists the rows of an import with an outcome ("" for all), from the row
// after one; more tells that there are others.
func (s *Store) Rows(ctx context.Context, i *Import, outcome Outcome, after int) (rows []*Row, more bool, err error) {
	query := s.rows(&rows, i).Where("rr.row > ?", after).Order("rr.row").Limit(PageOfRows + 1)
	if outcome != "" {
		query = query.Where("rr.outcome = ?", outcome)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, false, postgres.Wrap(err, "rows of an import")
	}
	if len(rows) > PageOfRows {
		return rows[:PageOfRows], true, nil
	}
	return rows, false, nil
}

// Each calls do with every row of the file, in its order, in parts.
func (s *Store) Each(ctx context.Context, i *Import, do func(*Row) error) error {
	for after := 0; ; {
		var rows []*Row
		if err := s.rows(&rows, i).Where("rr.row > ?", after).Order("rr.row").Limit(1000).Scan(ctx); err != nil {
			return postgres.Wrap(err, "rows of an import")
		}
		for _, row := range rows {
			if err := do(row); err != nil {
				return err
			}
			after = row.Row
		}
		if len(rows) < 1000 {
			return nil
		}
	}
}

func (s *Store) rows(into *[]*Row, i *Import) *bun.SelectQuery {
	return s.db.NewSelect().Model(into).ColumnExpr("rr.*").ColumnExpr("coalesce(u.name, '') AS unit_name, p.full_name AS known").
		Join("LEFT JOIN units AS u ON u.id = rr.unit_id").Join("LEFT JOIN people AS p ON p.id = rr.person_id").Where("rr.import_id = ?", i.ID)
}

// setState moves an import on, with what else has changed of it.
func (s *Store) setState(ctx context.Context, i *Import, state State, columns ...string) error {
	i.State = state
	_, err := s.db.NewUpdate().Model(i).Column(append(columns, "state")...).WherePK().Exec(ctx)
	return postgres.Wrap(err, "import state")
}

// dropRows deletes what an import no longer needs: it is about people.
func (s *Store) dropRows(ctx context.Context, i *Import) error {
	for _, query := range []string{"DELETE FROM roster_rows WHERE import_id = ?", "UPDATE roster_imports SET file = NULL WHERE id = ?"} {
		if _, err := s.db.NewRaw(query, i.ID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "drop rows")
		}
	}
	return nil
}
