package identity

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Store reads and writes people, accounts, roles and sessions.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// AddPeople writes people.
func (s *Store) AddPeople(ctx context.Context, people ...*Person) error {
	for _, person := range people {
		person.complete()
	}
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
	err := s.db.NewSelect().Model(person).Join("JOIN logins AS lo ON lo.person_id = p.id").
		Where("lo.login = ?", readLogin(login)).Scan(ctx)
	return person, postgres.Wrap(err, "person by login")
}

// Tidy removes what has run out: sessions, unfinished sign-ins, devices that are long
// unused, and counts of guesses that no longer matter. It says how many rows went.
func (s *Store) Tidy(ctx context.Context, now time.Time) (gone int64, err error) {
	for _, query := range []string{
		"DELETE FROM sessions WHERE expires_at < ?0",
		"DELETE FROM sign_in_flows WHERE ends_at < ?0",
		"DELETE FROM sign_in_guesses WHERE last_at < ?0::timestamptz - interval '2 days'",
		"DELETE FROM devices WHERE seen_at < ?0::timestamptz - interval '365 days'",
	} {
		result, err := s.db.NewRaw(query, now).Exec(ctx)
		if err != nil {
			return gone, postgres.Wrap(err, "tidy")
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return gone, postgres.Wrap(err, "tidy")
		}
		gone += rows
	}
	return gone, nil
}
