package learner

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Erase takes out of every room who a person was, with the records merged into
// theirs. What they learned stays as anonymous figures. A second time changes
// nothing; it can't be undone. The last administrator or operator is a
// fault.Conflict: somebody has to take over first.
func (s *Service) Erase(ctx context.Context, tx bun.Tx, person uuid.UUID, by audit.By) error {
	row := new(identity.Person)
	if err := tx.NewSelect().Model(row).Where("p.id = ?", person).For("UPDATE").Scan(ctx); err != nil {
		return postgres.Wrap(err, "person to erase")
	}
	if row.ErasedAt != nil {
		return nil
	}
	if last, err := lastOfTheirKind(ctx, tx, person); err != nil {
		return err
	} else if last {
		return fault.New(fault.Conflict, "erase the last administrator or operator")
	}
	var ids []uuid.UUID
	err := tx.NewRaw(`
		WITH RECURSIVE theirs AS (SELECT ?::uuid AS id UNION SELECT p.id FROM people p JOIN theirs t ON p.merged_into = t.id)
		SELECT id FROM theirs`, person).Scan(ctx, &ids)
	if err != nil {
		return postgres.Wrap(err, "records of the person to erase")
	}
	now := s.now()
	for _, table := range tables { // a fixed handful of statements
		if table.erase == "" {
			continue
		}
		if _, err := tx.NewRaw(table.erase, bun.List(ids), now).Exec(ctx); err != nil {
			return postgres.Wrap(err, "erase from "+table.name)
		}
	}
	return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.DataErase, SubjectID: &person, UnitID: row.HomeUnitID})
}

// lastOfTheirKind tells whether nobody else administers a province that the
// person does, or operates the servers.
func lastOfTheirKind(ctx context.Context, tx bun.Tx, person uuid.UUID) (last bool, err error) {
	err = tx.NewRaw(`SELECT EXISTS (SELECT FROM role_grants g WHERE g.person_id = ?0 AND g.role IN ('province-admin', 'operator')
		AND (g.ends_at IS NULL OR g.ends_at > now()) AND NOT EXISTS (
			SELECT FROM role_grants o JOIN people p ON p.id = o.person_id AND p.suspended_at IS NULL
			WHERE o.role = g.role AND o.unit_id = g.unit_id AND o.person_id <> ?0 AND (o.ends_at IS NULL OR o.ends_at > now())))`, person).Scan(ctx, &last)
	return last, postgres.Wrap(err, "other administrators")
}

// guestLife is how long a guest who never registered is kept.
const guestLife = 180 * 24 * time.Hour

// TidyGuests deletes guests who have not been here for half a year, with what
// they learned: it was never anybody's. It says how many went.
func (s *Service) TidyGuests(ctx context.Context) (int, error) {
	gone := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var ids []uuid.UUID
		err := tx.NewRaw(`SELECT p.id FROM people p WHERE p.registered_at IS NULL AND p.merged_into IS NULL AND p.created_at < ?0
			AND NOT EXISTS (SELECT FROM sessions se WHERE se.person_id = p.id AND se.seen_at > ?0)
			ORDER BY p.created_at LIMIT 500 FOR UPDATE SKIP LOCKED`, s.now().Add(-guestLife)).Scan(ctx, &ids)
		if err != nil || len(ids) == 0 {
			return err
		}
		gone = len(ids)
		for _, query := range []string{
			"DELETE FROM attempts WHERE person_id IN (?0)",
			"DELETE FROM lesson_progress lp USING enrolments e WHERE e.id = lp.enrolment_id AND e.person_id IN (?0)",
			"DELETE FROM enrolments WHERE person_id IN (?0)",
			"DELETE FROM sessions WHERE person_id IN (?0)",
			"DELETE FROM device_people WHERE person_id IN (?0)",
			"DELETE FROM people WHERE id IN (?0)",
		} {
			if _, err := tx.NewRaw(query, bun.List(ids)).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, postgres.Wrap(err, "tidy guests")
}
