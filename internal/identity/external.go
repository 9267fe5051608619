package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// ExternalIdentity is somebody's account at an OpenID Connect provider.
type ExternalIdentity struct {
	bun.BaseModel `bun:"table:external_identities,alias:ei"`

	Issuer   string    `bun:",pk"`
	Subject  string    `bun:",pk"` // the provider's lasting name for them
	PersonID uuid.UUID `bun:",type:uuid"`
	LinkedAt time.Time
}

// Match is what of ours a provider's claim is compared with, to find the person
// of an account that comes for the first time.
type Match string

// The ways of matching. Empty: nobody is found; people link their account
// themselves once they are signed in.
const (
	MatchLogin Match = "login"
	MatchEmail Match = "email"
	MatchStaff Match = "staff-code"
)

// Proven is what a provider has proved about somebody.
type Proven struct {
	Issuer, Subject string
	Match           Match
	Value           string // of the claim to match, "" for none
}

// SignInExternal lets the person in whose account at a provider was proved. An
// account that comes for the first time is linked to the one person who
// matches. Nobody, or more than one, is fault.Invalid.
func (s *Service) SignInExternal(ctx context.Context, from From, proven Proven) (*Entry, error) {
	store := NewStore(s.db)
	person, err := store.personOfExternal(ctx, proven)
	if fault.Is(err, fault.NotFound) {
		if person, err = store.matching(ctx, proven); err == nil {
			err = s.link(ctx, audit.By{ActorID: &person.ID, Address: from.Address}, person, proven)
		}
	}
	if fault.Is(err, fault.NotFound) {
		return nil, fault.InvalidField("login", "oidc.nobody")
	}
	if err != nil {
		return nil, err
	}
	return s.Begin(ctx, from, person.ID)
}

// LinkExternal links the viewer's account at a provider to them; one that is
// somebody else's is fault.Conflict.
func (s *Service) LinkExternal(ctx context.Context, by audit.By, viewer *Viewer, proven Proven) error {
	return s.link(ctx, by, &Person{ID: viewer.PersonID, HomeUnitID: viewer.HomeUnitID}, proven)
}

func (s *Service) link(ctx context.Context, by audit.By, person *Person, proven Proven) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row := &ExternalIdentity{Issuer: proven.Issuer, Subject: proven.Subject, PersonID: person.ID, LinkedAt: s.now()}
		result, err := tx.NewInsert().Model(row).On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "link account")
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return firstOf(err, fault.New(fault.Conflict, "account is linked"))
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.IdentityLink, SubjectID: &person.ID, UnitID: person.HomeUnitID})
	})
}

// Unlink takes the viewer's links to providers away.
func (s *Service) Unlink(ctx context.Context, viewer *Viewer) error {
	_, err := s.db.NewDelete().Model((*ExternalIdentity)(nil)).Where("person_id = ?", viewer.PersonID).Exec(ctx)
	return postgres.Wrap(err, "unlink accounts")
}

// Linked tells whether a person has an account at a provider.
func (s *Store) Linked(ctx context.Context, person uuid.UUID) (bool, error) {
	linked, err := s.db.NewSelect().Model((*ExternalIdentity)(nil)).Where("ei.person_id = ?", person).Exists(ctx)
	return linked, postgres.Wrap(err, "linked accounts")
}

// living is the condition on people p that they may come in.
const living = "p.registered_at IS NOT NULL AND p.suspended_at IS NULL AND p.erased_at IS NULL AND p.merged_into IS NULL"

// personOfExternal finds the person of an account that was linked before. A
// suspended one is fault.Forbidden: no other may take their place.
func (s *Store) personOfExternal(ctx context.Context, proven Proven) (*Person, error) {
	person := new(Person)
	err := s.db.NewSelect().Model(person).Join("JOIN external_identities AS ei ON ei.person_id = p.id").
		Where("ei.issuer = ?", proven.Issuer).Where("ei.subject = ?", proven.Subject).Scan(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "person of an account")
	}
	if person.SuspendedAt != nil || person.ErasedAt != nil || person.MergedInto != nil {
		return nil, fault.InvalidField("login", "oidc.nobody")
	}
	return person, nil
}

// matching finds the one living person whom a claim names.
func (s *Store) matching(ctx context.Context, proven Proven) (*Person, error) {
	none := fault.New(fault.NotFound, "person matching an account")
	value := strings.TrimSpace(proven.Value)
	if value == "" {
		return nil, none
	}
	var people []*Person
	query := s.db.NewSelect().Model(&people).Where(living).Limit(2)
	switch proven.Match {
	case MatchLogin:
		query = query.Join("JOIN logins AS lo ON lo.person_id = p.id AND lo.kind = 'name'").Where("lo.login = ?", cleanLogin(value))
	case MatchEmail:
		query = query.Where("lower(p.email) = lower(?)", value)
	case MatchStaff:
		query = query.Where("p.staff_code = ?", value)
	default:
		return nil, none
	}
	if err := query.Scan(ctx); err != nil {
		return nil, postgres.Wrap(err, "person matching an account")
	}
	if len(people) != 1 {
		return nil, none
	}
	return people[0], nil
}
