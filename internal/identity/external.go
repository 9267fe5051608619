package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
)

// Match is what of a person a provider's claim has to equal.
type Match string

// The ways to find somebody who signs in through a provider for the first
// time. A login is one that was given by name: what people may choose at the
// provider must not open accounts by a phone number or a learner's code.
const (
	MatchLogin     Match = "login"
	MatchEmail     Match = "email"
	MatchStaffCode Match = "staff-code"
)

// External is somebody whom an OpenID Connect provider vouches for.
type External struct {
	Issuer        string
	Subject       string // tells the provider's people apart for ever
	By            Match
	Claim         string // what By is compared with, "" for nothing
	EmailVerified bool   // the provider knows that the address is theirs
}

// ExternalIdentity is an account at a provider that is linked to a person.
type ExternalIdentity struct {
	bun.BaseModel `bun:"table:external_identities,alias:ex"`

	Issuer   string `bun:",pk"`
	Subject  string `bun:",pk"`
	PersonID uuid.UUID
	LinkedAt time.Time
}

// ExternalField is the field under which faults about linked accounts stand.
const ExternalField = "oidc"

var (
	errUnlinked = fault.InvalidField(ExternalField, "oidc.unlinked")
	errClosed   = fault.InvalidField(ExternalField, "oidc.closed")
	errTaken    = fault.InvalidField(ExternalField, "oidc.taken")
	errSecond   = fault.InvalidField(ExternalField, "oidc.second")
	errLastWay  = fault.InvalidField(ExternalField, "oidc.last_way")
)

// SignInExternal begins a session for whom a provider vouches for: the person
// to whom the account is linked, or else the one person whom it matches and to
// whom it is linked now. A fault.Invalid says in ExternalField why there is none.
func (s *Service) SignInExternal(ctx context.Context, from From, x External) (*Entry, error) {
	var holder *Person
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		holder, err = NewStore(tx).holder(ctx, x)
		if fault.Is(err, fault.NotFound) {
			holder, err = s.linkMatched(ctx, tx, from, x)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if holder.SuspendedAt != nil || holder.ErasedAt != nil {
		return nil, errClosed
	}
	return s.Begin(ctx, from, holder.ID)
}

// linkMatched links an account to the person whom it matches. Somebody who has
// another account at the provider is not matched: an address or a name there
// may have been given to a successor.
func (s *Service) linkMatched(ctx context.Context, tx bun.Tx, from From, x External) (*Person, error) {
	people, err := NewStore(tx).matching(ctx, x)
	if err != nil {
		return nil, err
	}
	if len(people) != 1 {
		return nil, errUnlinked
	}
	person := people[0]
	err = s.link(ctx, tx, audit.By{ActorID: &person.ID, Address: from.Address}, person.ID, x)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) {
		return nil, errUnlinked
	}
	return person, err
}

// Link links the account at a provider to the viewer, who is alone and has just
// proved that it is theirs. Again changes nothing; an account of somebody else,
// or a second one at the same provider, is a fault.Invalid.
func (s *Service) Link(ctx context.Context, by audit.By, viewer *Viewer, x External) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return s.link(ctx, tx, by, viewer.PersonID, x) })
}

func (s *Service) link(ctx context.Context, tx bun.Tx, by audit.By, id uuid.UUID, x External) error {
	store := NewStore(tx)
	person, err := store.lockPerson(ctx, id)
	if err != nil {
		return err
	}
	present, err := store.ExternalIdentities(ctx, id)
	if err != nil {
		return err
	}
	for _, identity := range present {
		switch {
		case identity.Issuer == x.Issuer && identity.Subject == x.Subject:
			return nil
		case identity.Issuer == x.Issuer:
			return errSecond
		}
	}
	if err := store.addExternal(ctx, &ExternalIdentity{Issuer: x.Issuer, Subject: x.Subject, PersonID: id, LinkedAt: s.now()}); err != nil {
		return err
	}
	return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
		Action: audit.IdentityLink, SubjectID: &id, UnitID: person.HomeUnitID,
		Changes: []audit.Change{{Field: "issuer", After: x.Issuer}, {Field: "subject", After: audit.MaskNumber(x.Subject)}},
	})
}

// Unlink takes the viewer's accounts at a provider away from them. It refuses
// to while they have neither a PIN nor a password.
func (s *Service) Unlink(ctx context.Context, by audit.By, viewer *Viewer, issuer string) error {
	if has, err := s.HasSecret(ctx, viewer.PersonID); err != nil || !has {
		return firstOf(err, errLastWay)
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		gone, err := NewStore(tx).removeExternal(ctx, viewer.PersonID, issuer)
		if err != nil || gone == 0 {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.IdentityUnlink, SubjectID: &viewer.PersonID, UnitID: viewer.HomeUnitID,
			Changes: []audit.Change{{Field: "issuer", Before: issuer}},
		})
	})
}

// claim is what is looked for; "" when nothing may be.
func (x External) claim() string {
	claim := strings.TrimSpace(x.Claim)
	switch {
	case len(claim) > 254, x.By == MatchEmail && !x.EmailVerified:
		return ""
	case x.By == MatchStaffCode:
		return claim
	}
	return strings.ToLower(claim)
}
