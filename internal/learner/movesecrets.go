package learner

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/platform/postgres"
)

// secret is a secret of kept's account that came from the merged record: the
// hash stands in both, and that of the merged record sleeps.
type secret struct {
	Column string  `json:"column"`
	Former *string `json:"former,omitempty"` // the hash that kept had; nil for none
}

// moveSecrets lets a person prove themselves with the merged record's card,
// pictures, PIN and password, where kept has none of the kind; a card that
// comes along brings its pictures. To whoever holds a staff role no more than a
// password comes: three pictures or six digits, seen by a whole household, must
// not open others' data. A secret that was handed out for a time comes only to
// who has none at all.
func (m *Merge) moveSecrets(ctx context.Context, tx bun.Tx) error {
	staff, err := identity.NewStore(tx).IsStaff(ctx, m.KeptID, m.MadeAt)
	if err != nil {
		return err
	}
	if !staff {
		err = m.moveEach(ctx, tx, []move{{&m.Moved.Cards, `UPDATE sign_in_cards SET person_id = ?0 WHERE person_id = ?1 AND revoked_at IS NULL
			AND NOT EXISTS (SELECT FROM sign_in_cards WHERE person_id = ?0 AND revoked_at IS NULL) RETURNING id`}})
		if err != nil {
			return err
		}
	}
	kept, merged, err := m.accounts(ctx, tx)
	if err != nil || merged == nil {
		return err
	}
	if kept == nil {
		m.Moved.Account = true
		kept = &identity.Account{PersonID: m.KeptID, Temporary: merged.Temporary, CreatedAt: merged.CreatedAt}
	} else if merged.Temporary {
		return nil
	}
	m.take("password_hash", &kept.PasswordHash, merged.PasswordHash, kept.PasswordHash == nil)
	m.take("pin_hash", &kept.PinHash, merged.PinHash, kept.PinHash == nil && !staff)
	m.take("pictures_hash", &kept.PicturesHash, merged.PicturesHash, (kept.PicturesHash == nil || len(m.Moved.Cards) > 0) && !staff)
	if len(m.Moved.Secrets) == 0 {
		m.Moved.Account = false
		return nil
	}
	_, err = tx.NewInsert().Model(kept).On("CONFLICT (person_id) DO UPDATE").
		Set("password_hash = excluded.password_hash, pin_hash = excluded.pin_hash, pictures_hash = excluded.pictures_hash").Exec(ctx)
	return postgres.Wrap(err, "move secrets")
}

// take makes the merged record's secret kept's, if it may and there is one.
func (m *Merge) take(column string, own **string, theirs *string, may bool) {
	if may && theirs != nil {
		m.Moved.Secrets = append(m.Moved.Secrets, secret{Column: column, Former: *own})
		*own = theirs
	}
}

// accounts reads what both prove themselves with, whoever may come in; nil for nothing.
func (m *Merge) accounts(ctx context.Context, tx bun.Tx) (kept, merged *identity.Account, err error) {
	var both []*identity.Account
	err = tx.NewSelect().Model(&both).Where("ac.person_id IN (?, ?)", m.KeptID, m.MergedID).Scan(ctx)
	for _, account := range both {
		if account.PersonID == m.KeptID {
			kept = account
		} else {
			merged = account
		}
	}
	return kept, merged, postgres.Wrap(err, "accounts to merge")
}

// moveSecretsBack takes from kept's account what came from the merged record,
// unless they chose another since.
func (m *Merge) moveSecretsBack(ctx context.Context, tx bun.Tx) error {
	secrets := m.Moved.Secrets
	if m.Moved.Account && len(secrets) == 0 { // by an earlier version, which copied them all
		secrets = []secret{{Column: "password_hash"}, {Column: "pin_hash"}, {Column: "pictures_hash"}}
	}
	for _, s := range secrets { // three at most
		_, err := tx.NewRaw("UPDATE accounts k SET ?0 = ?1 FROM accounts m WHERE k.person_id = ?2 AND m.person_id = ?3 AND k.?0 = m.?0",
			bun.Ident(s.Column), s.Former, m.KeptID, m.MergedID).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "move secrets back")
		}
	}
	if !m.Moved.Account {
		return nil
	}
	return m.execAll(ctx, tx, `DELETE FROM accounts WHERE person_id = ?0 AND password_hash IS NULL AND pin_hash IS NULL AND pictures_hash IS NULL`)
}
