package learner

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Erase takes out of every room who a person was: all of their records, from
// whichever of them it begins. What they learned stays as anonymous figures. A
// second time changes nothing; it can't be undone. The last administrator or
// operator is a fault.Conflict: somebody has to take over first. While an
// attempt waits for its grade it is a fault.Unavailable: without the answers
// the grade would be wrong, and with it the figures.
func (s *Service) Erase(ctx context.Context, tx bun.Tx, person uuid.UUID, by audit.By) error {
	people := identity.NewStore(tx)
	if err := people.LockAdministration(ctx); err != nil {
		return err
	}
	records, err := lockWhole(ctx, tx, person)
	if err != nil || records[0].ErasedAt != nil {
		return err
	}
	ids, now := idsOf(records), s.now()
	if last, err := people.LastOfTheirKind(ctx, ids, now); err != nil {
		return err
	} else if last {
		return fault.New(fault.Conflict, "erase the last administrator or operator")
	}
	if err := noGradeWaits(ctx, tx, ids); err != nil {
		return err
	}
	var entries []*audit.Entry
	for _, record := range records {
		if record.RegisteredAt != nil { // each may belong to a unit of its own
			entries = append(entries, &audit.Entry{Action: audit.DataErase, SubjectID: &record.ID, UnitID: record.HomeUnitID})
		}
	}
	for _, table := range tables { // a fixed handful of statements
		if table.erase == "" {
			continue
		}
		if _, err := tx.NewRaw(table.erase, bun.List(ids), now).Exec(ctx); err != nil {
			return postgres.Wrap(err, "erase from "+table.name)
		}
	}
	return audit.NewStore(tx).Add(ctx, by, now, entries...)
}

// noGradeWaits locks what people learned, and is a fault.Unavailable while
// something of it waits for a grade.
func noGradeWaits(ctx context.Context, tx bun.Tx, people []uuid.UUID) error {
	if _, err := course.NewStore(tx).LockOf(ctx, people...); err != nil {
		return err
	}
	var waiting bool
	err := tx.NewRaw(`SELECT EXISTS (SELECT FROM attempts WHERE person_id IN (?0) AND state = 'submitted')
		OR EXISTS (SELECT FROM practice_runs WHERE person_id IN (?0) AND state = 'submitted')`, bun.List(people)).Scan(ctx, &waiting)
	if err == nil && waiting {
		return fault.New(fault.Unavailable, "erase: an attempt is being graded")
	}
	return postgres.Wrap(err, "attempts in grading")
}

// lockWhole locks all records of a person, the one that counts first.
func lockWhole(ctx context.Context, tx bun.Tx, person uuid.UUID) ([]*identity.Person, error) {
	before, err := whole(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	var records []*identity.Person
	if err := tx.NewSelect().Model(&records).Where("p.id IN (?)", bun.List(before)).Order("p.id").For("UPDATE").Scan(ctx); err != nil {
		return nil, postgres.Wrap(err, "lock records of a person")
	}
	after, err := whole(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(before, after) {
		return nil, fault.New(fault.Unavailable, "erase: the person is being merged")
	}
	slices.SortFunc(records, func(a, b *identity.Person) int { return slices.Index(after, a.ID) - slices.Index(after, b.ID) })
	return records, nil
}

// whole lists the ids of all records of a person, whichever it is asked for:
// the one that counts, then those that were merged into it.
func whole(ctx context.Context, db bun.IDB, person uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := db.NewRaw(`
		WITH RECURSIVE up AS (
			SELECT id, merged_into FROM people WHERE id = ? UNION SELECT p.id, p.merged_into FROM people p JOIN up ON p.id = up.merged_into
		), theirs AS (
			SELECT id, 0 AS depth FROM up WHERE merged_into IS NULL UNION SELECT p.id, t.depth + 1 FROM people p JOIN theirs t ON p.merged_into = t.id
		)
		SELECT id FROM theirs ORDER BY depth, id`, person).Scan(ctx, &ids)
	if err == nil && len(ids) == 0 {
		return nil, fault.New(fault.NotFound, "records of a person")
	}
	return ids, postgres.Wrap(err, "records of a person")
}

func idsOf(people []*identity.Person) []uuid.UUID {
	ids := make([]uuid.UUID, len(people))
	for i, person := range people {
		ids[i] = person.ID
	}
	return ids
}
