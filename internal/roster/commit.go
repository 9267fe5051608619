package roster

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// commit takes a list over as a whole, in one transaction. What is in the list
// is resolved once more: if anything came out otherwise than whoever committed
// has seen, nothing is done and they are asked to look again.
func (s *Service) commit(ctx context.Context, tx bun.Tx, i *Import) error {
	store, seen := NewStore(tx), i.Counts
	if err := store.resolve(ctx, i); err != nil {
		return err
	}
	if i.Counts != seen {
		i.Failure = "roster.changed_meanwhile"
		return store.setState(ctx, i, Ready, "counts", "failure")
	}
	now := s.now()
	for _, query := range takeover {
		if _, err := tx.NewRaw(query, i.ID, now, i.Kind.Role(), clock.Day(now), i.CommittedBy).Exec(ctx); err != nil {
			return postgres.Wrap(err, "take a list over")
		}
	}
	if err := store.dropRows(ctx, i); err != nil {
		return err
	}
	i.EndedAt, i.Failure = &now, ""
	if err := store.setState(ctx, i, Done, "counts", "failure", "ended_at"); err != nil {
		return err
	}
	return audit.NewStore(tx).Add(ctx, audit.By{ActorID: i.CommittedBy, Address: i.Address}, now, &audit.Entry{
		Action: audit.PeopleImport, UnitID: &i.UnitID, Changes: i.Counts.changes(),
	})
}

// changes tells in the log how many people an import touched.
func (c Counts) changes() []audit.Change {
	var changes []audit.Change
	for _, outcome := range []Outcome{New, Suspect, Change, Move, Suspend} {
		if n := c.Of(outcome); n > 0 {
			changes = append(changes, audit.Change{Field: string(outcome), After: strconv.Itoa(n)})
		}
	}
	return changes
}

// takeover are the statements that take a resolved list over. ?0 is the import,
// ?1 now, ?2 the role of its kind, ?3 today, ?4 who commits.
var takeover = []string{
	// Somebody else's number may pass to another in the same list: first set free.
	`UPDATE people p SET staff_code = NULL FROM roster_rows r WHERE r.import_id = ?0 AND p.id = r.person_id AND 'staff_code' = ANY (r.changes)`,
	`INSERT INTO people (id, full_name, search, birth_year, home_unit_id, phone, email, staff_code, code, created_at, registered_at)
		SELECT new_id, full_name, search, birth_year, unit_id, phone, email, staff_code, new_code, ?1, ?1
		FROM roster_rows WHERE import_id = ?0 AND outcome IN ('new', 'suspect')`,
	`INSERT INTO logins (login, person_id, kind) SELECT lower(new_code), new_id, 'code'
		FROM roster_rows WHERE import_id = ?0 AND outcome IN ('new', 'suspect')`,
	// A phone that a household shares signs nobody in.
	`INSERT INTO logins (login, person_id, kind) SELECT phone, min(new_id::text)::uuid, 'phone' FROM roster_rows
		WHERE import_id = ?0 AND outcome IN ('new', 'suspect') AND phone IS NOT NULL GROUP BY phone HAVING count(*) = 1 ON CONFLICT DO NOTHING`,
	`INSERT INTO role_grants (id, person_id, role, unit_id, starts_at, granted_by)
		SELECT gen_random_uuid(), new_id, ?2, unit_id, ?1, ?4 FROM roster_rows WHERE import_id = ?0 AND outcome IN ('new', 'suspect')`,
	`UPDATE people p SET full_name = r.full_name, search = r.search, birth_year = coalesce(r.birth_year, p.birth_year), phone = coalesce(r.phone, p.phone),
			email = coalesce(r.email, p.email), staff_code = coalesce(r.staff_code, p.staff_code), home_unit_id = r.unit_id, suspended_at = NULL
		FROM roster_rows r WHERE r.import_id = ?0 AND r.outcome IN ('change', 'move') AND p.id = r.person_id`,
	`DELETE FROM logins l USING roster_rows r WHERE r.import_id = ?0 AND r.outcome IN ('change', 'move') AND 'phone' = ANY (r.changes)
		AND l.person_id = r.person_id AND l.kind = 'phone' AND l.login <> r.phone`,
	`UPDATE role_grants g SET ends_at = greatest(?1, g.starts_at + interval '1 ms') FROM roster_rows r WHERE r.import_id = ?0 AND r.outcome = 'move'
		AND g.person_id = r.person_id AND g.role = ?2 AND g.unit_id <> r.unit_id AND (g.ends_at IS NULL OR g.ends_at > ?1)`,
	`INSERT INTO role_grants (id, person_id, role, unit_id, starts_at, granted_by)
		SELECT gen_random_uuid(), person_id, ?2, unit_id, ?1, ?4 FROM roster_rows WHERE import_id = ?0 AND outcome IN ('change', 'move') ON CONFLICT DO NOTHING`,
	`UPDATE appointments a SET ends_on = greatest(a.starts_on, ?3::date) FROM roster_rows r WHERE r.import_id = ?0 AND r.outcome IN ('change', 'move')
		AND a.person_id = r.person_id AND a.ends_on IS NULL AND (a.unit_id <> r.unit_id OR r.position IS NOT NULL AND a.position <> r.position)`,
	`INSERT INTO appointments (id, person_id, unit_id, position, head, starts_on)
		SELECT gen_random_uuid(), CASE WHEN outcome IN ('new', 'suspect') THEN new_id ELSE person_id END, unit_id, position, false, ?3
		FROM roster_rows WHERE import_id = ?0 AND position IS NOT NULL AND outcome IN ('new', 'suspect', 'change', 'move') ON CONFLICT DO NOTHING`,
	`UPDATE people p SET suspended_at = ?1 FROM roster_rows r WHERE r.import_id = ?0 AND r.outcome = 'suspend' AND p.id = r.person_id AND p.suspended_at IS NULL`,
	`DELETE FROM sessions se USING roster_rows r WHERE r.import_id = ?0 AND r.outcome = 'suspend' AND se.person_id = r.person_id`,
}
