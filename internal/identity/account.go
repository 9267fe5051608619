package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Account is what a person proves themselves with; any of the hashes may be
// missing.
type Account struct {
	bun.BaseModel `bun:"table:accounts,alias:ac"`

	PersonID     uuid.UUID `bun:",pk,type:uuid"`
	PasswordHash *string
	PinHash      *string
	PicturesHash *string
	Temporary    bool // handed out by the commune: to be changed at once
	CreatedAt    time.Time

	Staff bool `bun:",scanonly"` // pictures do not prove them, see CardRoles
}

func (a *Account) who() string { return "person:" + a.PersonID.String() }

// hashFor picks the hash that a secret is compared with: six digits are a PIN
// where there is one. A nil account has none.
func (a *Account) hashFor(secret string) string {
	if a == nil {
		return ""
	}
	hash := a.PasswordHash
	switch {
	case strings.HasPrefix(secret, "pictures:"):
		if hash = a.PicturesHash; a.Staff {
			hash = nil
		}
	case pinForm.MatchString(secret) && a.PinHash != nil:
		hash = a.PinHash
	}
	if hash == nil {
		return ""
	}
	return *hash
}

// Account reads what a person proves themselves with.
func (s *Store) Account(ctx context.Context, person uuid.UUID) (*Account, error) {
	return s.account(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("ac.person_id = ?", person) })
}

// accountByLogin finds a living account; suspended people have none.
func (s *Store) accountByLogin(ctx context.Context, login string) (*Account, error) {
	return s.account(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Join("JOIN logins AS lo ON lo.person_id = ac.person_id").Where("lo.login = ?", login)
	})
}

func (s *Store) account(ctx context.Context, which func(*bun.SelectQuery) *bun.SelectQuery) (*Account, error) {
	a := new(Account)
	err := s.db.NewSelect().Model(a).ColumnExpr("ac.*").ColumnExpr(staffNow() + " AS staff").Join("JOIN people AS p ON p.id = ac.person_id").
		Where("p.suspended_at IS NULL").Where("p.merged_into IS NULL").Apply(which).Scan(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "account")
	}
	return a, nil
}

// SetLogin lets a person sign in with a name of a kind; see Store.setLogin.
func (s *Service) SetLogin(ctx context.Context, tx bun.IDB, login *Login) error {
	login.Login = readLogin(login.Login)
	return NewStore(tx).setLogin(ctx, login)
}

// setLogin gives a person a login; one of the same kind that they had goes.
// A login that is somebody else's is a fault.Conflict.
func (s *Store) setLogin(ctx context.Context, login *Login) error {
	_, err := s.db.NewInsert().Model(login).On("CONFLICT (person_id, kind) DO UPDATE").Set("login = excluded.login").Exec(ctx)
	if postgres.IsUnique(err, "logins_pkey") {
		return fault.New(fault.Conflict, "login is taken")
	}
	return postgres.Wrap(err, "set login")
}

// Logins lists what a person signs in with.
func (s *Store) Logins(ctx context.Context, person uuid.UUID) ([]*Login, error) {
	var logins []*Login
	err := s.db.NewSelect().Model(&logins).Where("lo.person_id = ?", person).Order("lo.kind").Scan(ctx)
	return logins, postgres.Wrap(err, "logins")
}

// setSecret writes one hash of a person's account, which it makes if need be.
func (s *Store) setSecret(ctx context.Context, person uuid.UUID, column, hash string, now time.Time) error {
	_, err := s.db.NewRaw(`INSERT INTO accounts (person_id, ?0, created_at) VALUES (?1, ?2, ?3)
		ON CONFLICT (person_id) DO UPDATE SET ?0 = excluded.?0, temporary = false`, bun.Ident(column), person, hash, now).Exec(ctx)
	return postgres.Wrap(err, "set secret")
}
