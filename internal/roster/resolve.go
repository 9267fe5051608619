package roster

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// resolve finds out of a list whose rows were all understood who each row is,
// what would become of them, and who is missing: in statements over the whole
// list, so that 50,000 rows take seconds. It may be done again and again.
func (s *Store) resolve(ctx context.Context, i *Import) error {
	for _, query := range resolution {
		if _, err := s.db.NewRaw(query, i.ID, i.UnitID, i.Kind.Role(), bun.List(i.Manages), i.Mode).Exec(ctx); err != nil {
			return postgres.Wrap(err, "resolve a list")
		}
	}
	return s.count(ctx, i)
}

// theirs are the people p whom a list may be about.
const theirs = `people p JOIN unit_reach ur ON ur.unit_id = p.home_unit_id AND ur.ancestor_id = ?1
	AND p.registered_at IS NOT NULL AND p.merged_into IS NULL AND p.erased_at IS NULL`

// resolution are the steps, in order. ?0 is the import, ?1 its unit, ?2 the
// role of its kind, ?3 the roles that its maker manages, ?4 its mode.
var resolution = []string{
	"DELETE FROM roster_rows WHERE import_id = ?0 AND row < 0",
	"UPDATE roster_rows SET person_id = NULL, outcome = NULL, changes = '{}', clash = '[]' WHERE import_id = ?0",
	`UPDATE roster_rows r SET person_id = p.id FROM ` + theirs + ` WHERE r.import_id = ?0 AND r.code IS NOT NULL AND p.code = r.code`,
	`UPDATE roster_rows r SET person_id = p.id FROM ` + theirs + ` WHERE r.import_id = ?0 AND r.person_id IS NULL AND r.staff_code IS NOT NULL AND p.staff_code = r.staff_code`,
	// The same name, year and place is the same person, unless phone or number
	// speak against it, or there are two of them.
	`UPDATE roster_rows r SET person_id = one.person_id FROM (
		SELECT r.row, min(p.id::text)::uuid AS person_id FROM roster_rows r, ` + theirs + `
		WHERE r.import_id = ?0 AND r.person_id IS NULL AND r.code IS NULL AND p.search = r.search AND p.birth_year IS NOT DISTINCT FROM r.birth_year
		  AND p.home_unit_id = r.unit_id AND (p.phone IS NULL OR r.phone IS NULL OR p.phone = r.phone)
		  AND (p.staff_code IS NULL OR r.staff_code IS NULL OR p.staff_code = r.staff_code)
		GROUP BY r.row HAVING count(*) = 1) one
		WHERE r.import_id = ?0 AND r.row = one.row`,
	clash("code", "roster.code_unknown", "r.code IS NOT NULL AND r.person_id IS NULL"),
	clash("staff_code", "roster.staff_code_taken", `r.staff_code IS NOT NULL AND EXISTS (
		SELECT FROM people o WHERE o.staff_code = r.staff_code AND o.id IS DISTINCT FROM r.person_id)`),
	twice("staff_code", "r.staff_code = o.staff_code"),
	twice("name", `(r.person_id = o.person_id OR r.person_id IS NULL AND o.person_id IS NULL AND r.search = o.search AND r.search <> ''
		AND r.birth_year IS NOT DISTINCT FROM o.birth_year AND r.unit_id = o.unit_id AND r.phone IS NOT DISTINCT FROM o.phone
		AND r.staff_code IS NOT DISTINCT FROM o.staff_code)`),
	`UPDATE roster_rows r SET changes = array_remove(ARRAY[
			CASE WHEN p.full_name <> r.full_name THEN 'name' END,
			CASE WHEN r.birth_year IS NOT NULL AND p.birth_year IS DISTINCT FROM r.birth_year THEN 'born' END,
			CASE WHEN r.phone IS NOT NULL AND p.phone IS DISTINCT FROM r.phone THEN 'phone' END,
			CASE WHEN r.email IS NOT NULL AND lower(p.email) IS DISTINCT FROM r.email THEN 'email' END,
			CASE WHEN r.staff_code IS NOT NULL AND p.staff_code IS DISTINCT FROM r.staff_code THEN 'staff_code' END,
			CASE WHEN r.position IS NOT NULL AND NOT EXISTS (SELECT FROM appointments a WHERE a.person_id = p.id AND a.unit_id = r.unit_id
				AND a.ends_on IS NULL AND a.position = r.position) THEN 'position' END,
			CASE WHEN r.unit_id <> p.home_unit_id THEN 'unit' END,
			CASE WHEN p.suspended_at IS NOT NULL THEN 'restored' END], NULL)
		FROM people p WHERE r.import_id = ?0 AND p.id = r.person_id`,
	clash("", "roster.not_yours", `r.person_id IS NOT NULL AND r.changes <> '{}' AND EXISTS (
		SELECT FROM role_grants g WHERE g.person_id = r.person_id AND (g.ends_at IS NULL OR g.ends_at > now()) AND g.role NOT IN (?3))`),
	`INSERT INTO roster_rows (import_id, row, checked, full_name, search, birth_year, unit_id, outcome, person_id, new_id, new_code)
		SELECT ?0::uuid, (-row_number() OVER (ORDER BY p.search, p.id))::int, true, p.full_name, p.search, p.birth_year, p.home_unit_id, 'suspend', p.id, p.id, ''
		FROM ` + theirs + ` WHERE ?4 = 'full' AND p.suspended_at IS NULL
		  AND EXISTS (SELECT FROM role_grants g WHERE g.person_id = p.id AND g.role = ?2 AND (g.ends_at IS NULL OR g.ends_at > now()))
		  AND NOT EXISTS (SELECT FROM role_grants g WHERE g.person_id = p.id AND (g.ends_at IS NULL OR g.ends_at > now()) AND g.role NOT IN (?3))
		  AND NOT EXISTS (SELECT FROM roster_rows r WHERE r.import_id = ?0 AND r.person_id = p.id)`,
	`UPDATE roster_rows r SET outcome = CASE
			WHEN r.problems <> '[]' OR r.clash <> '[]' THEN 'problem'
			WHEN r.person_id IS NULL THEN 'new'
			WHEN 'unit' = ANY (r.changes) THEN 'move'
			WHEN r.changes <> '{}' THEN 'change'
			ELSE 'same' END
		WHERE r.import_id = ?0 AND r.row > 0`,
	`UPDATE roster_rows r SET outcome = 'suspect', person_id = alike.person_id FROM (
		SELECT r.row, min(p.id::text)::uuid AS person_id FROM roster_rows r, ` + theirs + `
		WHERE r.import_id = ?0 AND r.outcome = 'new' AND p.search = r.search
		  AND (r.birth_year IS NULL OR p.birth_year IS NULL OR abs(p.birth_year - r.birth_year) <= 1)
		  AND NOT EXISTS (SELECT FROM roster_rows o WHERE o.import_id = ?0 AND o.person_id = p.id AND o.row > 0)
		GROUP BY r.row) alike
		WHERE r.import_id = ?0 AND r.row = alike.row`,
}

// clash adds a problem to the rows r of a condition.
func clash(field, key, condition string) string {
	return `UPDATE roster_rows r SET clash = r.clash || jsonb_build_array(jsonb_build_object('field', '` + field + `', 'key', '` + key + `'))
		WHERE r.import_id = ?0 AND r.row > 0 AND ` + condition
}

const keyTwice = "roster.twice"

// twice says of rows r that an earlier row o of the list is the same person.
func twice(field, condition string) string {
	return `UPDATE roster_rows r SET clash = r.clash || jsonb_build_array(jsonb_build_object('field', '` + field + `', 'key', '` + keyTwice + `', 'args', jsonb_build_array(first.row::text)))
		FROM (SELECT r.row AS again, min(o.row) AS row FROM roster_rows r JOIN roster_rows o ON o.import_id = r.import_id AND o.row > 0 AND o.row < r.row
			WHERE r.import_id = ?0 AND ` + condition + ` GROUP BY r.row) first
		WHERE r.import_id = ?0 AND r.row = first.again`
}

// count writes how many rows have which outcome.
func (s *Store) count(ctx context.Context, i *Import) error {
	var raw []byte
	err := s.db.NewRaw(`SELECT jsonb_build_object(
			'new', count(*) FILTER (WHERE outcome = 'new'), 'change', count(*) FILTER (WHERE outcome = 'change'),
			'same', count(*) FILTER (WHERE outcome = 'same'), 'move', count(*) FILTER (WHERE outcome = 'move'),
			'problem', count(*) FILTER (WHERE outcome = 'problem'), 'suspect', count(*) FILTER (WHERE outcome = 'suspect'),
			'suspend', count(*) FILTER (WHERE outcome = 'suspend'), 'mended', count(*) FILTER (WHERE mended <> '[]'),
			'people', (SELECT count(*) FROM `+theirs+` AND p.suspended_at IS NULL WHERE EXISTS (
				SELECT FROM role_grants g WHERE g.person_id = p.id AND g.role = ?2 AND (g.ends_at IS NULL OR g.ends_at > now()))))
		FROM roster_rows WHERE import_id = ?0`, i.ID, i.UnitID, i.Kind.Role()).Scan(ctx, &raw)
	if err != nil {
		return postgres.Wrap(err, "count outcomes")
	}
	return json.Unmarshal(raw, &i.Counts)
}
