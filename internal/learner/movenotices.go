package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// byPerson are tables with one row a person of how they are told things.
var byPerson = []string{"notice_wishes", "notice_addresses", "calendar_feeds"}

// moveNotices moves what a person was told, but for occasions that kept was told
// of too, and how they want to be told where kept has chosen nothing. What was
// not handed over yet goes to kept; what was stays with whom it went to.
func (m *Merge) moveNotices(ctx context.Context, tx bun.Tx) error {
	err := m.moveEach(ctx, tx, []move{{&m.Moved.Notices, `UPDATE notices n SET person_id = ?0 WHERE person_id = ?1 AND NOT EXISTS (
		SELECT FROM notices k WHERE k.person_id = ?0 AND k.occasion = n.occasion) RETURNING id`}})
	if err != nil {
		return err
	}
	if err := m.moveDeliveries(ctx, tx, m.MergedID, m.KeptID); err != nil {
		return err
	}
	for _, table := range byPerson { // a fixed handful
		result, err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE person_id = ?2 AND NOT EXISTS (SELECT FROM ?0 k WHERE k.person_id = ?1)",
			bun.Ident(table), m.KeptID, m.MergedID).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "move "+table)
		}
		if n, err := result.RowsAffected(); err != nil {
			return err
		} else if n > 0 {
			m.Moved.Told = append(m.Moved.Told, table)
		}
	}
	return nil
}

// moveNoticesBack gives the merged record back what came with it.
func (m *Merge) moveNoticesBack(ctx context.Context, tx bun.Tx) error {
	if len(m.Moved.Notices) > 0 {
		_, err := tx.NewRaw("UPDATE notices SET person_id = ? WHERE id IN (?) AND person_id = ?", m.MergedID, bun.List(m.Moved.Notices), m.KeptID).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "move notices back")
		}
		if err := m.moveDeliveries(ctx, tx, m.KeptID, m.MergedID); err != nil {
			return err
		}
	}
	for _, table := range m.Moved.Told {
		_, err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE person_id = ?2 AND NOT EXISTS (SELECT FROM ?0 k WHERE k.person_id = ?1)",
			bun.Ident(table), m.MergedID, m.KeptID).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "move "+table+" back")
		}
	}
	return nil
}

// moveDeliveries has those of the moved notices that nobody has begun to hand
// over go from one person to another, in a message of their own.
func (m *Merge) moveDeliveries(ctx context.Context, tx bun.Tx, from, to uuid.UUID) error {
	if len(m.Moved.Notices) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`WITH held AS (SELECT id FROM notice_messages WHERE person_id = ?0 AND state = 'ready' FOR UPDATE)
		UPDATE notice_deliveries SET person_id = ?1, message_id = NULL WHERE notice_id IN (?2) AND (message_id IS NULL OR message_id IN (SELECT id FROM held))`,
		from, to, bun.List(m.Moved.Notices)).Exec(ctx)
	return postgres.Wrap(err, "move deliveries")
}
