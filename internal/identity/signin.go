package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
)

const (
	// SessionLife is how long a browser stays signed in.
	SessionLife = 30 * 24 * time.Hour
	// freeFailures may happen before the first wait; then the wait doubles from
	// firstWait up to longestWait, after which the count starts anew.
	freeFailures = 5
	firstWait    = 30 * time.Second
	longestWait  = 15 * time.Minute
	// hashesAtOnce bounds memory: each argon2id hash takes hashCost.Memory.
	hashesAtOnce = 2
	maxPassword  = 200 // bytes
)

// hashCost follows OWASP's second choice for argon2id (19 MiB, 2 passes).
var hashCost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Service signs people in and out.
type Service struct {
	db     *bun.DB
	now    clock.Clock
	hashes chan struct{}
	nobody string // a hash to compare with when there is no account: equal time either way
}

// NewService makes the service.
func NewService(db *bun.DB, now clock.Clock) *Service {
	nobody, err := argon2id.CreateHash("", hashCost)
	if err != nil {
		panic(err) // only if the system has no randomness
	}
	return &Service{db: db, now: now, hashes: make(chan struct{}, hashesAtOnce), nobody: nobody}
}

// SignIn checks a login name and a password and begins a session. The error is
// the same for an unknown name and a wrong password, and takes as long;
// fault.TooMany means that the name has to wait.
func (s *Service) SignIn(ctx context.Context, login, password string) (token string, err error) {
	login = cleanLogin(login)
	store := NewStore(s.db)
	count, last, err := store.failures(ctx, login)
	if err != nil {
		return "", err
	}
	if s.now().Before(last.Add(waitAfter(count))) {
		return "", fault.New(fault.TooMany, "sign-in")
	}
	found, err := store.accountFor(ctx, login)
	hash := s.nobody
	switch {
	case err == nil:
		hash = found.PasswordHash
	case !fault.Is(err, fault.NotFound):
		return "", err
	}
	right, herr := s.compare(ctx, password, hash)
	if herr != nil {
		return "", herr
	}
	if !right || err != nil {
		if err := store.addFailure(ctx, login, s.now(), longestWait); err != nil {
			return "", err
		}
		return "", fault.InvalidField("login", "signin.wrong")
	}
	if err := store.clearFailures(ctx, login); err != nil {
		return "", err
	}
	return s.Begin(ctx, found.PersonID)
}

// Begin starts a session for a person and gives the token for the cookie.
func (s *Service) Begin(ctx context.Context, person uuid.UUID) (token string, err error) {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	token = base64.RawURLEncoding.EncodeToString(raw)
	now := s.now()
	err = NewStore(s.db).addSession(ctx, &session{
		TokenHash: hashToken(token), PersonID: person, CreatedAt: now, ExpiresAt: now.Add(SessionLife),
	})
	return token, err
}

// End ends the session of a token.
func (s *Service) End(ctx context.Context, token string) error {
	return NewStore(s.db).endSession(ctx, hashToken(token))
}

// Viewer finds who is behind a token; nil when the session is over or never was.
func (s *Service) Viewer(ctx context.Context, token string) (*Viewer, error) {
	viewer, err := viewerBySession(ctx, s.db, hashToken(token), s.now())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return viewer, err
}

// AddAccount gives a person a login name and a password.
func (s *Service) AddAccount(ctx context.Context, tx bun.IDB, person uuid.UUID, login, password string) error {
	if len(password) > maxPassword || len(password) < 8 {
		return fault.InvalidField("password", "signin.password_length")
	}
	hash, err := argon2id.CreateHash(password, hashCost)
	if err != nil {
		return err
	}
	return NewStore(tx).addAccount(ctx, &account{PersonID: person, Login: cleanLogin(login), PasswordHash: hash, CreatedAt: s.now()})
}

func (s *Service) compare(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > maxPassword {
		return false, nil
	}
	select {
	case s.hashes <- struct{}{}:
		defer func() { <-s.hashes }()
	case <-ctx.Done():
		return false, fault.New(fault.Unavailable, "sign-in: too many at once")
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

// waitAfter is how long a login name waits after so many failures in a row.
func waitAfter(failures int) time.Duration {
	if failures < freeFailures {
		return 0
	}
	return min(firstWait<<min(failures-freeFailures, 10), longestWait)
}

func cleanLogin(login string) string {
	login = strings.ToLower(strings.TrimSpace(login))
	if len(login) > 100 {
		login = login[:100]
	}
	return login
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
