package identity

import (
	"context"

	"github.com/google/uuid"

	"hocso/internal/platform/postgres"
)

// holder finds the person to whom an account is linked; for a record that was
// merged, the one that counts.
func (s *Store) holder(ctx context.Context, x External) (*Person, error) {
	person := new(Person)
	err := s.db.NewRaw(`
		WITH RECURSIVE held AS (
			SELECT p.* FROM external_identities ex JOIN people p ON p.id = ex.person_id WHERE ex.issuer = ? AND ex.subject = ?
			UNION SELECT kept.* FROM held JOIN people kept ON kept.id = held.merged_into)
		SELECT * FROM held WHERE merged_into IS NULL`, x.Issuer, x.Subject).Scan(ctx, person)
	return person, postgres.Wrap(err, "holder of an account")
}

// matching finds registered people who are neither suspended, merged nor erased
// and whom an account matches: none, one, or two for any more.
func (s *Store) matching(ctx context.Context, x External) (people []*Person, err error) {
	condition, known := map[Match]string{
		MatchLogin:     "p.id = (SELECT lo.person_id FROM logins lo WHERE lo.login = ? AND lo.kind = 'name')",
		MatchEmail:     "lower(p.email) = ?",
		MatchStaffCode: "p.staff_code = ?",
	}[x.By]
	claim := x.claim()
	if !known || claim == "" {
		return nil, nil
	}
	err = s.db.NewSelect().Model(&people).Where(condition, claim).Where("p.registered_at IS NOT NULL").
		Where("p.suspended_at IS NULL").Where("p.merged_into IS NULL").Where("p.erased_at IS NULL").Limit(2).Scan(ctx)
	return people, postgres.Wrap(err, "people whom an account matches")
}

// lockPerson reads somebody living and keeps others from linking, merging or
// erasing them meanwhile.
func (s *Store) lockPerson(ctx context.Context, id uuid.UUID) (*Person, error) {
	person := new(Person)
	err := s.db.NewSelect().Model(person).Where("p.id = ?", id).Where("p.registered_at IS NOT NULL").
		Where("p.suspended_at IS NULL").Where("p.merged_into IS NULL").Where("p.erased_at IS NULL").For("UPDATE").Scan(ctx)
	return person, postgres.Wrap(err, "lock person")
}

// ExternalIdentities lists the accounts that are linked to a person, oldest first.
func (s *Store) ExternalIdentities(ctx context.Context, person uuid.UUID) ([]*ExternalIdentity, error) {
	var identities []*ExternalIdentity
	err := s.db.NewSelect().Model(&identities).Where("ex.person_id = ?", person).Order("ex.linked_at", "ex.issuer", "ex.subject").Scan(ctx)
	return identities, postgres.Wrap(err, "linked accounts")
}

func (s *Store) addExternal(ctx context.Context, identity *ExternalIdentity) error {
	result, err := s.db.NewInsert().Model(identity).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "link account")
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return firstOf(err, errTaken)
	}
	return nil
}

func (s *Store) removeExternal(ctx context.Context, person uuid.UUID, issuer string) (gone int, err error) {
	result, err := s.db.NewDelete().Model((*ExternalIdentity)(nil)).Where("person_id = ?", person).Where("issuer = ?", issuer).Exec(ctx)
	if err != nil {
		return 0, postgres.Wrap(err, "unlink account")
	}
	rows, err := result.RowsAffected()
	return int(rows), postgres.Wrap(err, "unlink account")
}
