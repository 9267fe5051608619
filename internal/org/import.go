package org

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

const (
	// importLock is the advisory lock of whoever changes the tree.
	importLock = 0x6f7267 // "org"
	chunk      = 1000     // rows an INSERT carries
)

// Import brings the tree in line with a file, all or nothing, and says what
// changed; with dry it changes nothing. Importing the same file again changes
// nothing. The error is Problems when the file can't be imported.
func Import(ctx context.Context, db *bun.DB, file *File, dry bool) (plan *Plan, err error) {
	err = db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", importLock); err != nil {
			return postgres.Wrap(err, "import units")
		}
		var stands []*Unit
		if err := tx.NewSelect().Model(&stands).Order("u.valid_from", "u.code").Scan(ctx); err != nil {
			return postgres.Wrap(err, "read units")
		}
		var err error
		if plan, err = NewPlan(stands, file); err != nil || dry {
			return err
		}
		return postgres.Wrap(plan.apply(ctx, tx), "import units")
	})
	return plan, err
}

// apply writes a plan.
func (p *Plan) apply(ctx context.Context, tx bun.Tx) error {
	for part := range slices.Chunk(p.New, chunk) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(p.Changed, chunk) {
		units := make([]*Unit, len(part))
		for i, change := range part {
			units[i] = change.Unit
		}
		if _, err := tx.NewUpdate().Model(&units).Column("name", "search", "parent_id", "valid_to").Bulk().Exec(ctx); err != nil {
			return err
		}
	}
	links := make([]succession, len(p.Links))
	for i, link := range p.Links {
		links[i] = succession{OldID: link[0], NewID: link[1]}
	}
	for part := range slices.Chunk(links, chunk) {
		if _, err := tx.NewInsert().Model(&part).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
	}
	if len(p.New)+len(p.Changed)+len(p.Links) == 0 {
		return nil
	}
	return rebuildReach(ctx, tx)
}

type succession struct {
	bun.BaseModel `bun:"table:unit_successions"`

	OldID uuid.UUID `bun:",type:uuid"`
	NewID uuid.UUID `bun:",type:uuid"`
}

// inherited is the depth of what a unit reaches through a merger.
const inherited = 100

// rebuildReach works the closure out anew. What was recorded under an old unit
// counts for the unit that it became, and above; of a unit that was split it
// counts only where all its parts meet again: nobody knows which part a
// record belongs to, and it must not count twice.
func rebuildReach(ctx context.Context, tx bun.Tx) error {
	for _, query := range []string{
		`DELETE FROM unit_reach`,
		`INSERT INTO unit_reach (ancestor_id, unit_id, depth)
			WITH RECURSIVE up AS (
				SELECT id AS ancestor_id, id AS unit_id, 0 AS depth FROM units
				UNION ALL
				SELECT u.parent_id, up.unit_id, up.depth + 1 FROM up JOIN units u ON u.id = up.ancestor_id WHERE u.parent_id IS NOT NULL
			) SELECT * FROM up`,
		`INSERT INTO unit_reach (ancestor_id, unit_id, depth)
			WITH parts AS (SELECT old_id, count(*) AS n FROM unit_successions GROUP BY old_id),
			meet AS (
				SELECT us.old_id, ur.ancestor_id
				FROM unit_successions us JOIN unit_reach ur ON ur.unit_id = us.new_id JOIN parts USING (old_id)
				GROUP BY us.old_id, ur.ancestor_id, parts.n HAVING count(*) = parts.n
			)
			SELECT meet.ancestor_id, below.unit_id, ?0
			FROM meet JOIN unit_reach below ON below.ancestor_id = meet.old_id
			ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.NewRaw(query, inherited).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
