package learner

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// moveDevices lets the phones of a household offer kept by name where they
// offered the merged record, whose own rows stay and sleep.
func (m *Merge) moveDevices(ctx context.Context, tx bun.Tx) error {
	return m.moveEach(ctx, tx, []move{
		{&m.Moved.Listed, `UPDATE device_people k SET listed = true FROM device_people t
			WHERE k.person_id = ?0 AND t.person_id = ?1 AND t.device_id = k.device_id AND t.listed AND NOT k.listed RETURNING k.device_id`},
		{&m.Moved.Devices, `INSERT INTO device_people (device_id, person_id, listed, last_at)
			SELECT device_id, ?0::uuid, listed, last_at FROM device_people WHERE person_id = ?1
			ON CONFLICT DO NOTHING RETURNING device_id`},
	})
}

// moveDevicesBack takes kept off the devices that only the merged record was
// on. Where kept was forgotten since, the merged record is, too; where they
// signed in since, they stay.
func (m *Merge) moveDevicesBack(ctx context.Context, tx bun.Tx) error {
	if len(m.Moved.Devices) > 0 {
		for _, query := range []string{
			`DELETE FROM device_people t WHERE t.person_id = ?1 AND t.device_id IN (?2)
				AND NOT EXISTS (SELECT FROM device_people k WHERE k.person_id = ?0 AND k.device_id = t.device_id)`,
			`DELETE FROM device_people k USING device_people t WHERE k.person_id = ?0 AND t.person_id = ?1
				AND t.device_id = k.device_id AND t.last_at = k.last_at AND k.device_id IN (?2)`,
		} {
			if _, err := tx.NewRaw(query, m.KeptID, m.MergedID, bun.List(m.Moved.Devices)).Exec(ctx); err != nil {
				return postgres.Wrap(err, "move devices back")
			}
		}
	}
	if len(m.Moved.Listed) == 0 {
		return nil
	}
	_, err := tx.NewRaw("UPDATE device_people SET listed = false WHERE person_id = ? AND device_id IN (?)", m.KeptID, bun.List(m.Moved.Listed)).Exec(ctx)
	return postgres.Wrap(err, "move devices back")
}
