package learner

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// movePrograms moves what was decided for a person in required learning, and
// their certificates of other platforms, wherever kept has nothing of the kind.
// Where they stand is not moved: the worker works it out for both anew.
func (m *Merge) movePrograms(ctx context.Context, tx bun.Tx) error {
	return m.moveEach(ctx, tx, []move{
		{&m.Moved.Externals, `UPDATE external_certificates SET person_id = ?0 WHERE person_id = ?1 RETURNING id`},
		{&m.Moved.Extensions, `UPDATE program_extensions x SET person_id = ?0 WHERE person_id = ?1 AND ended_at IS NULL AND NOT EXISTS (
			SELECT FROM program_extensions k WHERE k.person_id = ?0 AND k.program_id = x.program_id AND k.cycle = x.cycle AND k.ended_at IS NULL) RETURNING id`},
		{&m.Moved.Exemptions, `UPDATE program_exemptions x SET person_id = ?0 WHERE person_id = ?1 AND ended_at IS NULL AND NOT EXISTS (
			SELECT FROM program_exemptions k WHERE k.person_id = ?0 AND k.program_id = x.program_id AND k.ended_at IS NULL) RETURNING id`},
	})
}

// moveProgramsBack gives the merged record back what came with it.
func (m *Merge) moveProgramsBack(ctx context.Context, tx bun.Tx) error {
	for _, back := range []struct {
		table string
		ids   any
		none  bool
	}{
		{"external_certificates", bun.List(m.Moved.Externals), len(m.Moved.Externals) == 0},
		{"program_extensions", bun.List(m.Moved.Extensions), len(m.Moved.Extensions) == 0},
		{"program_exemptions", bun.List(m.Moved.Exemptions), len(m.Moved.Exemptions) == 0},
	} {
		if back.none {
			continue
		}
		if _, err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE id IN (?2) AND person_id = ?3", bun.Ident(back.table), m.MergedID, back.ids, m.KeptID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "move "+back.table+" back")
		}
	}
	return nil
}
