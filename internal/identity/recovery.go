package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Reset is the way back for somebody who lost everything they sign in with:
// they come to the commune, and get a PIN that works until they choose their
// own. What they had before works no more, on any device. The PIN is shown once.
func (s *Service) Reset(ctx context.Context, viewer *Viewer, by audit.By, person *Listed) (pin string, err error) {
	if may, err := s.MayManage(ctx, viewer, person.ID); err != nil || !may {
		return "", firstOf(err, fault.New(fault.Forbidden, "reset sign-in"))
	}
	pin = randomPIN()
	hash, err := s.hash(ctx, pin)
	if err != nil {
		return "", err
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := NewStore(tx).resetSecrets(ctx, person.ID, hash, s); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.CredentialsReset, SubjectID: &person.ID, UnitID: person.HomeUnitID})
	})
	return pin, err
}

// resetSecrets leaves a person nothing to sign in with but a temporary PIN.
func (s *Store) resetSecrets(ctx context.Context, person uuid.UUID, pinHash string, service *Service) error {
	for _, query := range []string{
		`INSERT INTO accounts (person_id, pin_hash, temporary, created_at) VALUES (?0, ?1, true, ?2)
			ON CONFLICT (person_id) DO UPDATE SET pin_hash = ?1, password_hash = NULL, pictures_hash = NULL, temporary = true`,
		"UPDATE sign_in_cards SET revoked_at = ?2 WHERE person_id = ?0 AND revoked_at IS NULL",
		"DELETE FROM device_people WHERE person_id = ?0",
		"DELETE FROM external_identities WHERE person_id = ?0",
		"DELETE FROM sessions WHERE person_id = ?0",
		"DELETE FROM sign_in_guesses WHERE key = ?3",
	} {
		if _, err := s.db.NewRaw(query, person, pinHash, service.now(), limitOn(accountPace, "account", "person:"+person.String()).key).Exec(ctx); err != nil {
			return postgres.Wrap(err, "reset sign-in")
		}
	}
	return nil
}

// randomPIN makes a PIN that CheckPIN allows.
func randomPIN() string {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			panic(err) // only if the system has no randomness
		}
		if pin := fmt.Sprintf("%06d", n); CheckPIN(pin) == nil {
			return pin
		}
	}
}
