package program

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// recounted is what the figures have to be.
const recounted = `
	SELECT a.program_id, ur.ancestor_id AS unit_id, a.state, count(*)::int AS people
	FROM program_assignments a JOIN unit_reach ur ON ur.unit_id = a.unit_id
	WHERE a.state <> 'released' GROUP BY 1, 2, 3`

// recount makes the figures anew, after the tree of units has changed.
func (s *Store) recount(ctx context.Context) error {
	if _, err := s.db.NewRaw("DELETE FROM program_figures").Exec(ctx); err != nil {
		return postgres.Wrap(err, "recount programmes")
	}
	_, err := s.db.NewRaw("INSERT INTO program_figures (program_id, unit_id, state, people) " + recounted).Exec(ctx)
	return postgres.Wrap(err, "recount programmes")
}

// Check recounts without changing anything and lists what differs, at most 100
// lines; none is the proof that every figure equals where people stand.
func (s *Service) Check(ctx context.Context) ([]string, error) {
	var lines []string
	err := s.db.NewRaw(`WITH counts AS (`+recounted+`)
		SELECT concat(u.code, ', ', p.definition->>'title', ', ', coalesce(f.state, c.state), ': stored ', coalesce(f.people, 0), ', recounted ', coalesce(c.people, 0))
		FROM (SELECT * FROM program_figures WHERE people <> 0) f FULL JOIN counts c USING (program_id, unit_id, state)
		JOIN units u ON u.id = unit_id JOIN programs p ON p.id = program_id
		WHERE f.people IS DISTINCT FROM c.people ORDER BY 1 LIMIT 100`).Scan(ctx, &lines)
	return lines, postgres.Wrap(err, "check figures of programmes")
}

// Recount has everybody worked out anew and the figures made anew; it returns
// when that is done, by itself or by a worker that runs beside it.
func (s *Service) Recount(ctx context.Context) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := NewStore(tx).touchEverybody(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("INSERT INTO program_touched (person_id) VALUES (NULL)").Exec(ctx) // figures, too
		return postgres.Wrap(err, "recount programmes")
	})
	for err == nil {
		var n int
		if n, err = s.EvaluateDue(ctx, recountBatch); err != nil || n > 0 {
			continue
		}
		var left bool
		if err = s.db.NewRaw("SELECT EXISTS (SELECT FROM program_touched)").Scan(ctx, &left); err != nil || !left {
			break
		}
		select { // a worker is at it
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return postgres.Wrap(err, "recount programmes")
}

// recountBatch is how many people are worked out in one transaction.
const recountBatch = 1000
