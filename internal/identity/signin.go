package identity

import (
	"context"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/ticket"
)

// From is where a request comes from.
type From struct {
	Address string // of the client
	Browser string // "Chrome, Android": for the list of one's own sessions
	Device  string // the token that the device keeps, "" for one never seen
	Listed  bool   // the person asks to be offered by name on this device
}

// Entry is what somebody who got in takes along.
type Entry struct {
	PersonID uuid.UUID
	Session  string // token for the session cookie
	Device   string // token for the device cookie
	// Temporary tells that the secret was handed out and has to be changed now.
	Temporary bool
}

// SignIn checks a login (name, phone or learner's code) with a password or PIN
// and begins a session. The error is the same for an unknown login and a wrong
// secret, and takes as long; fault.TooMany means that they have to wait.
func (s *Service) SignIn(ctx context.Context, from From, login, secret string) (*Entry, error) {
	login = readLogin(login)
	account, err := NewStore(s.db).accountByLogin(ctx, login)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	who := "login:" + login
	if account != nil {
		who = account.who()
	}
	return s.prove(ctx, from, who, account, "login", secret)
}

// SignInOnDevice is SignIn for one of the people whom a device offers by name.
func (s *Service) SignInOnDevice(ctx context.Context, from From, person uuid.UUID, secret string) (*Entry, error) {
	account, err := NewStore(s.db).accountOnDevice(ctx, ticket.Hash(from.Device), person)
	if err != nil {
		return nil, err
	}
	from.Listed = true
	return s.prove(ctx, from, account.who(), account, "secret", secret)
}

// prove lets an account's holder in who knows its secret. The field is where
// the error stands.
func (s *Service) prove(ctx context.Context, from From, who string, account *Account, field, secret string) (*Entry, error) {
	known := false
	if account != nil {
		var err error
		if known, err = NewStore(s.db).deviceKnows(ctx, ticket.Hash(from.Device), account.PersonID); err != nil {
			return nil, err
		}
	}
	limits := limitsOf(who, from, known)
	if err := s.guess(ctx, limits); err != nil {
		return nil, err
	}
	right, err := s.compare(ctx, secret, account.hashFor(secret))
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, fault.InvalidField(field, "signin.wrong")
	}
	if err := s.forgive(ctx, limits); err != nil {
		return nil, err
	}
	entry, err := s.Begin(ctx, from, account.PersonID)
	if err == nil {
		entry.Temporary = account.Temporary
	}
	return entry, err
}
