package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// movePractice moves practice runs and sittings, all of them: there is no limit
// of one. Runs come before enrolments, as in the worker that replays them, so
// nobody waits in a circle.
func (m *Merge) movePractice(ctx context.Context, tx bun.Tx) error {
	for table, into := range map[string]*[]uuid.UUID{"practice_runs": &m.Moved.Runs, "sittings": &m.Moved.Sittings} {
		err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE person_id = ?2 RETURNING id", bun.Ident(table), m.KeptID, m.MergedID).Scan(ctx, into)
		if err != nil {
			return postgres.Wrap(err, "move "+table)
		}
	}
	return nil
}

// movePracticeBack gives them back; what kept did since stays theirs.
func (m *Merge) movePracticeBack(ctx context.Context, tx bun.Tx) error {
	for table, ids := range map[string][]uuid.UUID{"practice_runs": m.Moved.Runs, "sittings": m.Moved.Sittings} {
		if len(ids) == 0 {
			continue
		}
		if _, err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE id IN (?2)", bun.Ident(table), m.MergedID, bun.List(ids)).Exec(ctx); err != nil {
			return postgres.Wrap(err, "move "+table+" back")
		}
	}
	return nil
}

// practising lists kept's enrolments in courses that hold a practice: a run
// that moved counts in each of them.
func (m *Merge) practising(ctx context.Context, tx bun.Tx) (ids []uuid.UUID, err error) {
	if len(m.Moved.Runs) == 0 {
		return nil, nil
	}
	err = tx.NewRaw(`SELECT e.id FROM enrolments e WHERE e.person_id = ? AND e.merged_into IS NULL
		AND EXISTS (SELECT FROM course_practices cp WHERE cp.version_id = e.version_id)`, m.KeptID).Scan(ctx, &ids)
	return ids, postgres.Wrap(err, "practising enrolments")
}
