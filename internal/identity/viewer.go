package identity

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// viewerBySession finds who is behind a session, with the roles that hold at a
// time, in one query: it runs on every request. While its owner acts beside a
// resident, the session shows what the resident sees, and no other role. A
// record that was merged or erased is nobody any more.
func viewerBySession(ctx context.Context, db *bun.DB, tokenHash []byte, now time.Time) (viewer *Viewer, seen time.Time, err error) {
	viewer = new(Viewer)
	var grants []byte
	var assist struct {
		helper  *uuid.UUID
		name    *string
		support *Support
		ends    *time.Time
	}
	err = postgres.HotRow(ctx, db, `
		SELECT p.id, p.full_name, p.home_unit_id, coalesce(h.name, ''), p.registered_at IS NULL, coalesce(ac.temporary, false), se.id, se.seen_at,
			a.helper_id, o.full_name, a.support, a.ends_at, (
			SELECT coalesce(jsonb_agg(jsonb_build_object(
				'Role', g.role, 'Delegated', g.delegated, 'UnitID', g.unit_id, 'UnitCode', u.code, 'UnitName', u.name) ORDER BY g.id), '[]')
			FROM role_grants g JOIN units u ON u.id = g.unit_id
			WHERE g.person_id = p.id AND g.starts_at <= $1 AND (g.ends_at IS NULL OR g.ends_at > $1)
			  AND (a.id IS NULL OR g.role = 'resident')), (
			SELECT count(*) FROM (SELECT FROM notices n WHERE n.person_id = p.id AND n.read_at IS NULL AND n.withdrawn_at IS NULL LIMIT 100) unread)
		FROM sessions se
		JOIN people o ON o.id = se.person_id AND o.suspended_at IS NULL AND o.merged_into IS NULL AND o.erased_at IS NULL
		LEFT JOIN (assists a JOIN people r ON r.id = a.person_id AND r.merged_into IS NULL AND r.erased_at IS NULL)
			ON a.id = se.assist_id AND a.ends_at > $1
		JOIN people p ON p.id = coalesce(a.person_id, o.id) AND p.suspended_at IS NULL
		LEFT JOIN accounts ac ON ac.person_id = o.id
		LEFT JOIN units h ON h.id = p.home_unit_id
		WHERE se.token_hash = $2 AND se.expires_at > $1`, now, tokenHash).
		Scan(&viewer.PersonID, &viewer.FullName, &viewer.HomeUnitID, &viewer.HomeUnit, &viewer.Guest, &viewer.Temporary, &viewer.SessionID, &seen,
			&assist.helper, &assist.name, &assist.support, &assist.ends, &grants, &viewer.Unread)
	if err != nil {
		return nil, seen, postgres.Wrap(err, "viewer by session")
	}
	if assist.helper != nil {
		viewer.Assist = &Assist{HelperID: *assist.helper, HelperName: *assist.name, Support: *assist.support, EndsAt: *assist.ends}
	}
	return viewer, seen, json.Unmarshal(grants, &viewer.Grants)
}
