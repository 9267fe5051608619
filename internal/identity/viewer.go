package identity

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// viewerBySession finds who is signed in, with the roles that hold at a time,
// in one query: it runs on every request.
func viewerBySession(ctx context.Context, db *bun.DB, tokenHash []byte, now time.Time) (*Viewer, error) {
	viewer, grants := new(Viewer), []byte(nil)
	err := postgres.HotRow(ctx, db, `
		SELECT p.id, p.full_name, p.home_unit_id, h.name, (
			SELECT coalesce(jsonb_agg(jsonb_build_object(
				'Role', g.role, 'UnitID', g.unit_id, 'UnitCode', u.code, 'UnitName', u.name) ORDER BY g.id), '[]')
			FROM role_grants g JOIN units u ON u.id = g.unit_id
			WHERE g.person_id = p.id AND g.starts_at <= $1 AND (g.ends_at IS NULL OR g.ends_at > $1))
		FROM sessions se
		JOIN people p ON p.id = se.person_id AND p.suspended_at IS NULL
		JOIN units h ON h.id = p.home_unit_id
		WHERE se.token_hash = $2 AND se.expires_at > $1`, now, tokenHash).
		Scan(&viewer.PersonID, &viewer.FullName, &viewer.HomeUnitID, &viewer.HomeUnit, &grants)
	if err != nil {
		return nil, postgres.Wrap(err, "viewer by session")
	}
	return viewer, json.Unmarshal(grants, &viewer.Grants)
}
