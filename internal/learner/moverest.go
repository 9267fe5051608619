package learner

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// moveRest moves what a person signs in with and what they hold, wherever kept
// has nothing of the kind; the rest stays with the merged record and sleeps,
// as does what was over before.
//
// Roles come along, as whoever merges may give them all (see
// identity.Service.MayManage): but for a resident's, who is one where kept lives.
func (m *Merge) moveRest(ctx context.Context, tx bun.Tx) error {
	err := m.moveEach(ctx, tx, []move{
		{&m.Moved.Logins, `UPDATE logins SET person_id = ?0 WHERE person_id = ?1
			AND kind NOT IN (SELECT kind FROM logins WHERE person_id = ?0) RETURNING login`},
		{&m.Moved.Consents, `UPDATE consents SET person_id = ?0 WHERE person_id = ?1 AND withdrawn_at IS NULL
			AND purpose NOT IN (SELECT purpose FROM consents WHERE person_id = ?0 AND withdrawn_at IS NULL) RETURNING id`},
		{&m.Moved.Grants, `UPDATE role_grants g SET person_id = ?0 WHERE person_id = ?1 AND (ends_at IS NULL OR ends_at > ?2) AND NOT EXISTS (
			SELECT FROM role_grants k WHERE k.person_id = ?0 AND k.role = g.role AND (k.unit_id = g.unit_id OR g.role = 'resident')
			AND (g.delegated OR NOT k.delegated) AND coalesce(k.ends_at, 'infinity') >= coalesce(g.ends_at, 'infinity')) RETURNING id`},
		{&m.Moved.Appointments, `UPDATE appointments a SET person_id = ?0 WHERE person_id = ?1 AND ends_on IS NULL AND NOT EXISTS (
			SELECT FROM appointments k WHERE k.person_id = ?0 AND k.unit_id = a.unit_id AND k.ends_on IS NULL) RETURNING id`},
		{&m.Moved.Identities, `UPDATE external_identities SET person_id = ?0 WHERE person_id = ?1 RETURNING issuer || E'\n' || subject`},
		{&m.Moved.Requests, `UPDATE data_requests SET person_id = ?0 WHERE person_id = ?1 AND kind = 'correction' AND state = 'open' AND NOT EXISTS (
			SELECT FROM data_requests k WHERE k.person_id = ?0 AND k.kind = 'correction' AND k.state = 'open') RETURNING id`},
	})
	if err != nil {
		return err
	}
	if err := m.moveSecrets(ctx, tx); err != nil { // after roles: who holds which is proved otherwise
		return err
	}
	if err := m.moveDevices(ctx, tx); err != nil {
		return err
	}
	if err := m.movePrograms(ctx, tx); err != nil {
		return err
	}
	if err := m.moveCertificates(ctx, tx); err != nil {
		return err
	}
	if err := m.moveNotices(ctx, tx); err != nil {
		return err
	}
	return m.execAll(ctx, tx,
		"UPDATE people SET merged_into = ?0 WHERE id = ?1",
		"DELETE FROM sessions WHERE person_id = ?1",
		"UPDATE assists SET ends_at = greatest(?2, started_at + interval '1 ms') WHERE (person_id = ?1 OR helper_id = ?1) AND ends_at > ?2",
	)
}

// moveRestBack gives the merged record what still is kept's of what came with it.
func (m *Merge) moveRestBack(ctx context.Context, tx bun.Tx) error {
	back := func(table, key string, ids int, list any) error {
		if ids == 0 {
			return nil
		}
		_, err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE ?2 IN (?3) AND person_id = ?4",
			bun.Ident(table), m.MergedID, bun.Safe(key), list, m.KeptID).Exec(ctx)
		return postgres.Wrap(err, "move "+table+" back")
	}
	for _, err := range []error{
		back("logins", "login", len(m.Moved.Logins), bun.List(m.Moved.Logins)),
		back("sign_in_cards", "id", len(m.Moved.Cards), bun.List(m.Moved.Cards)),
		back("consents", "id", len(m.Moved.Consents), bun.List(m.Moved.Consents)),
		back("role_grants", "id", len(m.Moved.Grants), bun.List(m.Moved.Grants)),
		back("appointments", "id", len(m.Moved.Appointments), bun.List(m.Moved.Appointments)),
		back("external_identities", `issuer || E'\n' || subject`, len(m.Moved.Identities), bun.List(m.Moved.Identities)),
		back("data_requests", "id", len(m.Moved.Requests), bun.List(m.Moved.Requests)),
		m.moveSecretsBack(ctx, tx),
		m.moveDevicesBack(ctx, tx),
		m.moveProgramsBack(ctx, tx),
		m.moveCertificatesBack(ctx, tx),
		m.moveNoticesBack(ctx, tx),
	} {
		if err != nil {
			return err
		}
	}
	return m.execAll(ctx, tx, "UPDATE people SET merged_into = NULL WHERE id = ?1")
}

// move is a statement that moves rows and names them; its parameters are those
// of execAll.
type move struct {
	into  any
	query string
}

func (m *Merge) moveEach(ctx context.Context, tx bun.Tx, moves []move) error {
	for _, move := range moves { // a fixed handful
		if err := tx.NewRaw(move.query, m.KeptID, m.MergedID, m.MadeAt).Scan(ctx, move.into); err != nil {
			return postgres.Wrap(err, "move the rest")
		}
	}
	return nil
}

// execAll runs statements in order; ?0 is kept, ?1 the merged record, ?2 when
// they were merged.
func (m *Merge) execAll(ctx context.Context, tx bun.Tx, queries ...string) error {
	for _, query := range queries {
		if _, err := tx.NewRaw(query, m.KeptID, m.MergedID, m.MadeAt).Exec(ctx); err != nil {
			return postgres.Wrap(err, "merge")
		}
	}
	return nil
}
