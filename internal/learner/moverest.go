package learner

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// moveRest moves what a person signs in with and what they hold, wherever kept
// has nothing of the kind; the rest stays with the merged record and sleeps.
func (m *Merge) moveRest(ctx context.Context, tx bun.Tx) error {
	moves := []struct {
		into  any
		query string
	}{
		{&m.Moved.Logins, `UPDATE logins SET person_id = ?0 WHERE person_id = ?1
			AND kind NOT IN (SELECT kind FROM logins WHERE person_id = ?0) RETURNING login`},
		{&m.Moved.Cards, `UPDATE sign_in_cards SET person_id = ?0 WHERE person_id = ?1 AND revoked_at IS NULL
			AND NOT EXISTS (SELECT FROM sign_in_cards WHERE person_id = ?0 AND revoked_at IS NULL) RETURNING id`},
		{&m.Moved.Consents, `UPDATE consents SET person_id = ?0 WHERE person_id = ?1 AND withdrawn_at IS NULL
			AND purpose NOT IN (SELECT purpose FROM consents WHERE person_id = ?0 AND withdrawn_at IS NULL) RETURNING id`},
		{&m.Moved.Grants, `UPDATE role_grants g SET person_id = ?0 WHERE person_id = ?1 AND NOT EXISTS (
			SELECT FROM role_grants k WHERE k.person_id = ?0 AND k.role = g.role AND k.unit_id = g.unit_id) RETURNING id`},
		{&m.Moved.Appointments, `UPDATE appointments a SET person_id = ?0 WHERE person_id = ?1 AND NOT EXISTS (
			SELECT FROM appointments k WHERE k.person_id = ?0 AND k.unit_id = a.unit_id) RETURNING id`},
		{&m.Moved.Identities, `UPDATE external_identities SET person_id = ?0 WHERE person_id = ?1 RETURNING issuer || E'\n' || subject`},
	}
	for _, move := range moves { // a fixed handful
		if err := tx.NewRaw(move.query, m.KeptID, m.MergedID).Scan(ctx, move.into); err != nil {
			return postgres.Wrap(err, "move the rest")
		}
	}
	result, err := tx.NewRaw(`INSERT INTO accounts (person_id, password_hash, pin_hash, pictures_hash, temporary, created_at)
		SELECT ?0::uuid, password_hash, pin_hash, pictures_hash, temporary, created_at FROM accounts WHERE person_id = ?1 ON CONFLICT DO NOTHING`,
		m.KeptID, m.MergedID).Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "copy account")
	}
	if rows, err := result.RowsAffected(); err == nil {
		m.Moved.Account = rows > 0
	}
	return m.execAll(ctx, tx,
		"UPDATE people SET merged_into = ?0 WHERE id = ?1",
		"DELETE FROM sessions WHERE person_id = ?1",
		"DELETE FROM device_people WHERE person_id = ?1",
	)
}

// execAll runs statements in order; ?0 is kept, ?1 the merged record.
func (m *Merge) execAll(ctx context.Context, tx bun.Tx, queries ...string) error {
	for _, query := range queries {
		if _, err := tx.NewRaw(query, m.KeptID, m.MergedID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "merge")
		}
	}
	return nil
}
