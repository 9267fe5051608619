package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// administrationLock is the advisory lock of whoever takes a role, suspends or
// erases: two administrators who go at once must see each other.
const administrationLock = 0x61646d696e // "admin"

// LockAdministration lets nobody else take a role, suspend or erase until the
// transaction ends. It comes before every lock on rows.
func (s *Store) LockAdministration(ctx context.Context) error {
	_, err := s.db.NewRaw("SELECT pg_advisory_xact_lock(?)", administrationLock).Exec(ctx)
	return postgres.Wrap(err, "lock administration")
}

// LastOfTheirKind tells whether nobody else administers a province that a
// person does, or operates the servers. Records are all that the person has; a
// record that was merged or erased, and a role that was lent, stand in for
// nobody. The caller holds LockAdministration.
func (s *Store) LastOfTheirKind(ctx context.Context, records []uuid.UUID, now time.Time) (last bool, err error) {
	err = s.db.NewRaw(`SELECT EXISTS (SELECT FROM role_grants g WHERE g.person_id IN (?0) AND g.role IN ('province-admin', 'operator')
		AND NOT g.delegated AND (g.ends_at IS NULL OR g.ends_at > ?1) AND NOT EXISTS (`+othersInOffice+`))`, bun.List(records), now).Scan(ctx, &last)
	return last, postgres.Wrap(err, "other administrators")
}

// isLast is LastOfTheirKind for one role that a person holds.
func (s *Store) isLast(ctx context.Context, grant *Grant, now time.Time) (last bool, err error) {
	if grant.Role != ProvinceAdmin || grant.Delegated {
		return false, nil
	}
	err = s.db.NewRaw("SELECT NOT EXISTS (SELECT FROM role_grants g WHERE g.id = ?2 AND EXISTS ("+othersInOffice+"))",
		bun.List([]uuid.UUID{grant.PersonID}), now, grant.ID).Scan(ctx, &last)
	return last, postgres.Wrap(err, "other administrators")
}

// othersInOffice finds people besides those of ?0 who hold at ?1 what the grant g gives.
const othersInOffice = `SELECT FROM role_grants o
	JOIN people p ON p.id = o.person_id AND p.suspended_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL
	WHERE o.role = g.role AND o.unit_id = g.unit_id AND o.person_id NOT IN (?0)
	AND NOT o.delegated AND o.starts_at <= ?1 AND (o.ends_at IS NULL OR o.ends_at > ?1)`
