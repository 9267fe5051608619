package program

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Store reads and writes programmes and assignments.
type Store struct{ db bun.IDB }

// NewStore makes a store on a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db} }

// publishedRevision is the revision of the definition that holds.
const publishedRevision = "coalesce((SELECT max(pr.revision) FROM program_revisions pr WHERE pr.program_id = pg.id), 0) AS published_revision"

// terms reads what is published, each with how long its courses take.
func (s *Store) terms(ctx context.Context) ([]*Terms, error) {
	var all []*Program
	err := s.db.NewSelect().Model(&all).ColumnExpr("pg.*").
		ColumnExpr(publishedRevision).Where("pg.state = ?", Published).Order("pg.published_at", "pg.id").Scan(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "published programmes")
	}
	minutes, err := s.minutes(ctx)
	if err != nil {
		return nil, err
	}
	terms := make([]*Terms, len(all))
	for i, p := range all {
		terms[i] = p.terms(p.Definition, minutes)
	}
	return terms, nil
}

// minutes tells how long each course takes.
func (s *Store) minutes(ctx context.Context) (map[uuid.UUID]int, error) {
	var rows []struct {
		ID      uuid.UUID
		Minutes int
	}
	err := s.db.NewRaw("SELECT c.id, cv.minutes FROM courses c JOIN course_versions cv ON cv.id = c.version_id").Scan(ctx, &rows)
	minutes := make(map[uuid.UUID]int, len(rows))
	for _, row := range rows {
		minutes[row.ID] = row.Minutes
	}
	return minutes, postgres.Wrap(err, "length of courses")
}

// pair names a person in a programme.
type pair struct{ program, person uuid.UUID }

// assignments reads those of some people: person → programme → where they stand.
func (s *Store) assignments(ctx context.Context, people []uuid.UUID) (map[uuid.UUID]map[uuid.UUID]*Assignment, error) {
	var rows []*Assignment
	err := s.db.NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(people)).Scan(ctx)
	found := make(map[uuid.UUID]map[uuid.UUID]*Assignment, len(people))
	for _, row := range rows {
		row.tidy()
		if found[row.PersonID] == nil {
			found[row.PersonID] = map[uuid.UUID]*Assignment{}
		}
		found[row.PersonID][row.ProgramID] = row
	}
	return found, postgres.Wrap(err, "assignments")
}

// rulings reads what was decided for some people.
func (s *Store) rulings(ctx context.Context, people []uuid.UUID) (map[pair]Ruling, error) {
	found := map[pair]Ruling{}
	var extensions []*Extension
	err := s.db.NewSelect().Model(&extensions).Where("person_id IN (?)", bun.List(people)).Where("ended_at IS NULL").Scan(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "extensions")
	}
	for _, e := range extensions {
		key := pair{e.ProgramID, e.PersonID}
		ruling := found[key]
		if ruling.Extended == nil {
			ruling.Extended = map[int]time.Time{}
		}
		ruling.Extended[e.Cycle] = asDay(e.DueOn)
		found[key] = ruling
	}
	var exemptions []*Exemption
	err = s.db.NewSelect().Model(&exemptions).Where("person_id IN (?)", bun.List(people)).Where("ended_at IS NULL").Scan(ctx)
	for _, e := range exemptions {
		key := pair{e.ProgramID, e.PersonID}
		ruling := found[key]
		ruling.Exempt = true
		if e.Until != nil {
			ruling.ExemptUntil = day(asDay(*e.Until))
		}
		found[key] = ruling
	}
	return found, postgres.Wrap(err, "exemptions")
}

// touchEverybody has everybody evaluated anew, after whoever is touched alone.
// It writes one row, of nobody and bulk, which the worker makes everybody's.
func (s *Store) touchEverybody(ctx context.Context) error {
	_, err := s.db.NewRaw("INSERT INTO program_touched (bulk) VALUES (true)").Exec(ctx)
	return postgres.Wrap(err, "touch everybody")
}

// spread makes everybody's what touchEverybody wrote: once, also when several
// programmes were published in a row. Only one worker evaluates, so that
// nobody else takes rows off the list.
func (s *Store) spread(ctx context.Context) error {
	var everybody bool
	err := s.db.NewRaw("SELECT EXISTS (SELECT FROM program_touched WHERE person_id IS NULL AND bulk)").Scan(ctx, &everybody)
	if err != nil || !everybody {
		return postgres.Wrap(err, "look for everybody")
	}
	if _, err := s.db.NewRaw("DELETE FROM program_touched WHERE bulk").Exec(ctx); err != nil {
		return postgres.Wrap(err, "spread to everybody")
	}
	_, err = s.db.NewRaw(`INSERT INTO program_touched (person_id, bulk)
		SELECT id, true FROM people p WHERE registered_at IS NOT NULL OR EXISTS (SELECT FROM program_assignments a WHERE a.person_id = p.id)`).Exec(ctx)
	return postgres.Wrap(err, "spread to everybody")
}

// takeDue takes up to n people whose facts have changed, or whose time has
// come; moved tells that the tree of units did.
func (s *Store) takeDue(ctx context.Context, n int, now time.Time) (people []uuid.UUID, moved bool, err error) {
	if err := s.spread(ctx); err != nil {
		return nil, false, err
	}
	// Rows are found by their place, which never changes: a join may be planned
	// as if the list were short.
	var touched []struct{ PersonID *uuid.UUID }
	err = s.db.NewRaw(`DELETE FROM program_touched WHERE ctid = ANY (ARRAY(
			SELECT ctid FROM program_touched WHERE person_id IS NOT NULL OR NOT bulk ORDER BY bulk, seq LIMIT ?
		)) RETURNING person_id`, n).Scan(ctx, &touched)
	if err != nil {
		return nil, false, postgres.Wrap(err, "who was touched")
	}
	for _, row := range touched {
		if row.PersonID == nil {
			moved = true
			continue
		}
		people = append(people, *row.PersonID)
	}
	if len(people) < n {
		var woken []uuid.UUID
		err = s.db.NewRaw("SELECT person_id FROM program_wakes WHERE at <= ? ORDER BY at LIMIT ?", now, n-len(people)).Scan(ctx, &woken)
		people = append(people, woken...)
	}
	return distinct(people), moved, postgres.Wrap(err, "whose time has come")
}

// hold keeps people's records from being merged or erased until the
// transaction ends. Whoever merges locks people first, too.
func (s *Store) hold(ctx context.Context, people []uuid.UUID) error {
	_, err := s.db.NewRaw("SELECT FROM people WHERE id IN (?) ORDER BY id FOR KEY SHARE", bun.List(people)).Exec(ctx)
	return postgres.Wrap(err, "hold people")
}

// save writes what an evaluation came to, in its transaction.
func (s *Store) save(ctx context.Context, tx postgres.Tx, o *outcome) error {
	if err := tx.Copy(ctx, o.added); err != nil {
		return err
	}
	for rows := range chunks(o.changed) {
		if _, err := s.db.NewUpdate().Model(&rows).ExcludeColumn("program_id", "person_id", "reminded_on").Bulk().Exec(ctx); err != nil {
			return postgres.Wrap(err, "change assignments")
		}
	}
	if err := tx.Copy(ctx, o.transitions); err != nil {
		return err
	}
	return s.saveWakes(ctx, o)
}

// wake is when somebody's standing changes by time alone.
type wake struct {
	bun.BaseModel `bun:"table:program_wakes,alias:w"`

	PersonID uuid.UUID `bun:",pk,type:uuid"`
	At       time.Time
}

func (s *Store) saveWakes(ctx context.Context, o *outcome) error {
	if len(o.asleep) > 0 {
		if _, err := s.db.NewRaw("DELETE FROM program_wakes WHERE person_id IN (?)", bun.List(o.asleep)).Exec(ctx); err != nil {
			return postgres.Wrap(err, "forget wakes")
		}
	}
	for rows := range chunks(o.wakes) {
		_, err := s.db.NewInsert().Model(&rows).On("CONFLICT (person_id) DO UPDATE SET at = excluded.at WHERE w.at <> excluded.at").Returning("NULL").Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "note wakes")
		}
	}
	return nil
}
