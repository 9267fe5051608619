package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Store reads and writes people, accounts, roles and sessions.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// account is what a person signs in with.
type account struct {
	bun.BaseModel `bun:"table:accounts,alias:ac"`

	PersonID     uuid.UUID `bun:",pk,type:uuid"`
	Login        string
	PasswordHash string
	CreatedAt    time.Time
}

// session is one signed-in browser.
type session struct {
	bun.BaseModel `bun:"table:sessions,alias:se"`

	TokenHash []byte `bun:",pk"`
	PersonID  uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
}

// AddPeople writes people.
func (s *Store) AddPeople(ctx context.Context, people ...*Person) error {
	_, err := s.db.NewInsert().Model(&people).Exec(ctx)
	return postgres.Wrap(err, "add people")
}

// AddGrants writes roles; a role held already stays as it is.
func (s *Store) AddGrants(ctx context.Context, grants ...*Grant) error {
	_, err := s.db.NewInsert().Model(&grants).On("CONFLICT DO NOTHING").Exec(ctx)
	return postgres.Wrap(err, "add roles")
}

// PersonByLogin finds the person behind a login name.
func (s *Store) PersonByLogin(ctx context.Context, login string) (*Person, error) {
	person := new(Person)
	err := s.db.NewSelect().Model(person).Join("JOIN accounts AS ac ON ac.person_id = p.id").
		Where("ac.login = ?", login).Scan(ctx)
	return person, postgres.Wrap(err, "person by login")
}

func (s *Store) addAccount(ctx context.Context, a *account) error {
	_, err := s.db.NewInsert().Model(a).Exec(ctx)
	return postgres.Wrap(err, "add account")
}

// accountFor finds a living account; suspended people have none.
func (s *Store) accountFor(ctx context.Context, login string) (*account, error) {
	a := new(account)
	err := s.db.NewSelect().Model(a).Join("JOIN people AS p ON p.id = ac.person_id").
		Where("ac.login = ?", login).Where("p.suspended_at IS NULL").Scan(ctx)
	return a, postgres.Wrap(err, "account by login")
}

func (s *Store) addSession(ctx context.Context, row *session) error {
	_, err := s.db.NewInsert().Model(row).Exec(ctx)
	return postgres.Wrap(err, "add session")
}

func (s *Store) endSession(ctx context.Context, tokenHash []byte) error {
	_, err := s.db.NewDelete().Model((*session)(nil)).Where("token_hash = ?", tokenHash).Exec(ctx)
	return postgres.Wrap(err, "end session")
}

// failures tells how often in a row a password for the login was wrong, and when last.
func (s *Store) failures(ctx context.Context, login string) (count int, last time.Time, err error) {
	var row struct {
		Failures int
		LastAt   time.Time
	}
	err = s.db.NewSelect().Table("sign_in_failures").Column("failures", "last_at").Where("login = ?", login).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, time.Time{}, nil
	}
	return row.Failures, row.LastAt, postgres.Wrap(err, "sign-in failures")
}

// addFailure counts a wrong password; a count older than forget starts anew.
func (s *Store) addFailure(ctx context.Context, login string, now time.Time, forget time.Duration) error {
	_, err := s.db.NewRaw(`
		INSERT INTO sign_in_failures AS f (login, failures, last_at) VALUES (?0, 1, ?1)
		ON CONFLICT (login) DO UPDATE SET last_at = ?1,
			failures = CASE WHEN f.last_at < ?2 THEN 1 ELSE f.failures + 1 END`,
		login, now, now.Add(-forget)).Exec(ctx)
	return postgres.Wrap(err, "count sign-in failure")
}

func (s *Store) clearFailures(ctx context.Context, login string) error {
	_, err := s.db.NewRaw("DELETE FROM sign_in_failures WHERE login = ?", login).Exec(ctx)
	return postgres.Wrap(err, "clear sign-in failures")
}

// Tidy removes what has run out: sessions, and counts of failures that no
// longer matter. It says how many rows went.
func (s *Store) Tidy(ctx context.Context, now time.Time) (int, error) {
	gone := 0
	for _, query := range []string{
		"DELETE FROM sessions WHERE expires_at < ?0",
		"DELETE FROM sign_in_failures WHERE last_at < ?0::timestamptz - interval '1 day'",
	} {
		result, err := s.db.NewRaw(query, now).Exec(ctx)
		if err != nil {
			return gone, postgres.Wrap(err, "tidy")
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return gone, postgres.Wrap(err, "tidy")
		}
		gone += int(rows)
	}
	return gone, nil
}
