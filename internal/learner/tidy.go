package learner

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/platform/postgres"
)

// guestLife is how long a guest who never registered is kept.
const guestLife = 180 * 24 * time.Hour

// TidyGuests deletes guests who have not been here for half a year, with what
// they learned: it was never anybody's. It says how many went.
//
// Of a guest whom somebody once claimed, the ledger tells that they counted and
// count no more, and nothing in it is ever deleted: their row stays, erased,
// with the enrolments that it names.
func (s *Service) TidyGuests(ctx context.Context) (gone int64, err error) {
	now := s.now()
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var ids []uuid.UUID
		err := tx.NewRaw(`SELECT p.id FROM people p WHERE p.registered_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL AND p.created_at < ?0
			AND NOT EXISTS (SELECT FROM sessions se WHERE se.person_id = p.id AND se.seen_at > ?0)
			ORDER BY p.created_at LIMIT 500 FOR UPDATE SKIP LOCKED`, now.Add(-guestLife)).Scan(ctx, &ids)
		if err != nil || len(ids) == 0 {
			return err
		}
		if _, err := course.NewStore(tx).LockOf(ctx, ids...); err != nil {
			return err
		}
		gone = int64(len(ids))
		for _, query := range []string{
			"DELETE FROM attempts WHERE person_id IN (?0)",
			"DELETE FROM practice_runs WHERE person_id IN (?0)",
			"DELETE FROM sittings WHERE person_id IN (?0)",
			"DELETE FROM lesson_progress lp USING enrolments e WHERE e.id = lp.enrolment_id AND e.person_id IN (?0)",
			"DELETE FROM enrolments e WHERE person_id IN (?0) AND NOT EXISTS (SELECT FROM progress_events ev WHERE ev.enrolment_id = e.id AND ev.kind <> 'graded')",
			"UPDATE enrolments SET started_at = NULL, passed_at = NULL, completed_at = NULL, independent_at = NULL, best_score = NULL WHERE person_id IN (?0)",
			"DELETE FROM sessions WHERE person_id IN (?0)",
			"DELETE FROM device_people WHERE person_id IN (?0)",
			"UPDATE people SET erased_at = ?1 WHERE id IN (?0)",
			`DELETE FROM people p WHERE id IN (?0) AND NOT EXISTS (SELECT FROM person_merges m WHERE m.merged_id = p.id)
				AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)`,
		} {
			if _, err := tx.NewRaw(query, bun.List(ids), now).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, postgres.Wrap(err, "tidy guests")
}
