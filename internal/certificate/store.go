package certificate

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Store reads and writes records.
type Store struct{ db bun.IDB }

// NewStore makes a store on a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db} }

// takeDue takes up to n rows of people off the list who do not wait to be
// worked out in their programmes. Several workers take different rows.
func (s *Store) takeDue(ctx context.Context, n int) ([]uuid.UUID, error) {
	var people []uuid.UUID
	err := s.db.NewRaw(`
		WITH taken AS (DELETE FROM certificate_touched WHERE ctid = ANY (ARRAY(
			SELECT ctid FROM certificate_touched t
			WHERE NOT EXISTS (SELECT FROM program_touched WHERE person_id IS NULL AND bulk) -- everybody
			  AND NOT EXISTS (SELECT FROM program_touched pt WHERE pt.person_id = t.person_id)
			ORDER BY seq LIMIT ? FOR UPDATE SKIP LOCKED
		)) RETURNING person_id) SELECT DISTINCT person_id FROM taken`, n).Scan(ctx, &people)
	return people, postgres.Wrap(err, "whose completions changed")
}

// hold keeps people's records from being merged or erased, and other workers
// from them, until the transaction ends. It gives those who count.
func (s *Store) hold(ctx context.Context, people []uuid.UUID) ([]uuid.UUID, error) {
	var rows []struct {
		ID    uuid.UUID
		Awake bool
	}
	err := s.db.NewRaw(`SELECT id, registered_at IS NOT NULL AND merged_into IS NULL AND erased_at IS NULL AS awake
		FROM people WHERE id IN (?) ORDER BY id FOR NO KEY UPDATE`, bun.List(people)).Scan(ctx, &rows)
	var awake []uuid.UUID
	for _, row := range rows {
		if row.Awake {
			awake = append(awake, row.ID)
		}
	}
	return awake, postgres.Wrap(err, "hold people")
}

// recordsOf reads all records of people.
func (s *Store) recordsOf(ctx context.Context, people []uuid.UUID) (map[uuid.UUID][]*Record, error) {
	var rows []*Record
	err := s.db.NewSelect().Model(&rows).Where("ce.person_id IN (?)", bun.List(people)).Where("ce.erased_at IS NULL").
		Order("ce.completed_on DESC", "ce.id DESC").Scan(ctx)
	found := make(map[uuid.UUID][]*Record, len(people))
	for _, row := range rows {
		row.tidy()
		found[row.PersonID] = append(found[row.PersonID], row)
	}
	return found, postgres.Wrap(err, "records of people")
}

// save writes what a batch came to. What is superseded points at what
// supersedes it, and must let go of its place in the unique index before that
// is written: the reference is checked when the transaction ends.
func (s *Store) save(ctx context.Context, o *outcome) error {
	if _, err := s.db.NewRaw("SET CONSTRAINTS certificates_successor_id_fkey DEFERRED").Exec(ctx); err != nil {
		return postgres.Wrap(err, "supersede records")
	}
	for _, changed := range []struct {
		records []*Record
		columns []string
	}{
		{o.superseded, []string{"superseded_at", "successor_id"}},
		{o.revoked, []string{"revoked_at", "reason"}},
	} {
		for records := range slices.Chunk(changed.records, chunkRows) {
			if _, err := s.db.NewUpdate().Model(&records).Column(changed.columns...).Bulk().Exec(ctx); err != nil {
				return postgres.Wrap(err, "take records back")
			}
		}
	}
	for revision, records := range o.confirmed { // one revision for each programme that changed
		_, err := s.db.NewRaw("UPDATE certificates SET program_revision = ? WHERE id IN (?)", revision, bun.List(records)).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "confirm records")
		}
	}
	for records := range slices.Chunk(o.issued, chunkRows) {
		if _, err := s.db.NewInsert().Model(&records).Returning("NULL").Exec(ctx); err != nil {
			return postgres.Wrap(err, "write records")
		}
	}
	return nil
}

// chunkRows is how many rows one statement writes.
const chunkRows = 1000

// Of lists a person's records, the latest first. Whoever asks has made sure
// that the viewer may see the person.
func (s *Store) Of(ctx context.Context, person uuid.UUID) ([]*Record, error) {
	found, err := s.recordsOf(ctx, []uuid.UUID{person})
	return found[person], err
}

// place is a unit as a paper names it.
type place struct {
	UnitID     uuid.UUID
	Name       string
	Commune    string // above a hamlet; "" elsewhere
	ProvinceID uuid.UUID
	Province   string
}

func (p *place) shown() string {
	if p.Commune != "" {
		return p.Name + ", " + p.Commune
	}
	return p.Name
}

func (s *Store) places(ctx context.Context, units []uuid.UUID) (map[uuid.UUID]*place, error) {
	var rows []*place
	err := s.db.NewRaw(`
		SELECT u.id AS unit_id, u.name, CASE WHEN u.kind = 'hamlet' THEN coalesce(up.name, '') ELSE '' END AS commune, top.id AS province_id, top.name AS province
		FROM units u LEFT JOIN units up ON up.id = u.parent_id
		CROSS JOIN LATERAL (SELECT t.id, t.name FROM unit_reach ur JOIN units t ON t.id = ur.ancestor_id WHERE ur.unit_id = u.id ORDER BY ur.depth DESC LIMIT 1) top
		WHERE u.id IN (?)`, bun.List(units)).Scan(ctx, &rows)
	places := make(map[uuid.UUID]*place, len(rows))
	for _, row := range rows {
		places[row.UnitID] = row
	}
	return places, postgres.Wrap(err, "places of records")
}

// titles names courses as they are called now.
func (s *Store) titles(ctx context.Context) (map[uuid.UUID]string, error) {
	var rows []struct {
		ID    uuid.UUID
		Title string
	}
	err := s.db.NewRaw("SELECT c.id, cv.title FROM courses c JOIN course_versions cv ON cv.id = c.version_id").Scan(ctx, &rows)
	titles := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		titles[row.ID] = row.Title
	}
	return titles, postgres.Wrap(err, "titles of courses")
}

// done is a course that somebody completed alone.
type done struct {
	PersonID, CourseID uuid.UUID
	Title              string
	Minutes            int
	Home               uuid.UUID
	Name               string
	At                 time.Time
}

func (s *Store) coursesDone(ctx context.Context, people []uuid.UUID, now time.Time) ([]*done, error) {
	var rows []*done
	err := s.db.NewRaw(`
		SELECT e.person_id, e.course_id, cv.title, cv.minutes, p.home_unit_id AS home, p.full_name AS name, e.independent_at AS at
		FROM enrolments e JOIN course_versions cv ON cv.id = e.version_id JOIN people p ON p.id = e.person_id
		WHERE e.person_id IN (?) AND e.merged_into IS NULL AND e.independent_at <= ? ORDER BY e.independent_at, e.id`, bun.List(people), now).Scan(ctx, &rows)
	return rows, postgres.Wrap(err, "courses done alone")
}
