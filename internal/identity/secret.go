package identity

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
)

const (
	// hashesAtOnce bounds memory: each argon2id hash takes hashCost.Memory.
	hashesAtOnce = 2
	minPassword  = 8   // bytes
	maxPassword  = 200 // bytes

	// Pictures is how many drawings a card's holder chooses from, and
	// PicturesChosen how many they choose, in order.
	Pictures       = 12
	PicturesChosen = 3
)

// hashCost follows OWASP's second choice for argon2id (19 MiB, 2 passes).
var hashCost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

var pinForm = regexp.MustCompile(`^[0-9]{6}$`)

// CheckPIN says what is wrong with a PIN that somebody chooses: it has six
// digits and is none of those that everybody tries first.
func CheckPIN(pin string) error {
	if !pinForm.MatchString(pin) {
		return fault.InvalidField("pin", "signin.pin_form")
	}
	steps := map[int]bool{}
	for i := 1; i < len(pin); i++ {
		steps[int(pin[i])-int(pin[i-1])] = true
	}
	_, common := commonPINs[pin]
	if common || len(steps) == 1 && (steps[0] || steps[1] || steps[-1]) {
		return fault.InvalidField("pin", "signin.pin_common")
	}
	return nil
}

// commonPINs are the six-digit PINs that lists of leaked ones begin with, and
// that no rule of steps catches.
var commonPINs = map[string]struct{}{
	"123123": {}, "121212": {}, "112233": {}, "696969": {}, "159753": {}, "147258": {}, "131313": {}, "101010": {},
	"123321": {}, "246810": {}, "102030": {}, "686868": {}, "868686": {}, "789789": {}, "456456": {}, "111222": {},
	"202020": {}, "252525": {}, "159357": {}, "147852": {}, "789456": {}, "123654": {}, "000001": {}, "998877": {},
}

// PictureKey writes chosen drawings, each from 0 to Pictures-1, as the secret
// that is hashed; an error when they are too few or the same one repeated.
func PictureKey(chosen []int) (string, error) {
	if len(chosen) != PicturesChosen {
		return "", fault.InvalidField("pictures", "card.pictures_count")
	}
	for i, picture := range chosen {
		if picture < 0 || picture >= Pictures || slices.Contains(chosen[:i], picture) {
			return "", fault.InvalidField("pictures", "card.pictures_count")
		}
	}
	return fmt.Sprintf("pictures:%v", chosen), nil
}

// SetPassword gives a person a login name and a password to go with it.
func (s *Service) SetPassword(ctx context.Context, tx bun.IDB, person uuid.UUID, login, password string) error {
	if len(password) > maxPassword || len(password) < minPassword {
		return fault.InvalidField("password", "signin.password_length")
	}
	store := NewStore(tx)
	if err := store.setLogin(ctx, &Login{Login: cleanLogin(login), PersonID: person, Kind: LoginName}); err != nil {
		return err
	}
	return s.setSecret(ctx, store, person, "password_hash", password)
}

// ChangeSecret sets the viewer's own PIN (six digits) or password. They say
// their present one again, unless it was handed out or they have none yet (who
// signs in with a card's pictures alone). Their other sessions end.
func (s *Service) ChangeSecret(ctx context.Context, from From, by audit.By, viewer *Viewer, current, secret string) error {
	store := NewStore(s.db)
	account, err := store.Account(ctx, viewer.PersonID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if account != nil && !account.Temporary && (account.PinHash != nil || account.PasswordHash != nil) {
		if err := s.recheck(ctx, from, account, current); err != nil {
			return err
		}
	}
	column := "password_hash"
	switch {
	case pinForm.MatchString(secret):
		if err := CheckPIN(secret); err != nil {
			return fault.InvalidField("secret", "signin.pin_common")
		}
		column = "pin_hash"
	case len(secret) < minPassword || len(secret) > maxPassword:
		return fault.InvalidField("secret", "signin.secret_form")
	}
	hash, err := s.hash(ctx, secret)
	if err != nil {
		return err
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := NewStore(tx)
		if err := store.setSecret(ctx, viewer.PersonID, column, hash, s.now()); err != nil {
			return err
		}
		if err := store.EndSessions(ctx, viewer.PersonID, viewer.SessionID); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.CredentialsChange, SubjectID: &viewer.PersonID, UnitID: viewer.HomeUnitID, Changes: []audit.Change{{Field: column}},
		})
	})
}

// HasSecret tells whether somebody has a PIN or password to prove themselves with.
func (s *Service) HasSecret(ctx context.Context, person uuid.UUID) (bool, error) {
	account, err := NewStore(s.db).Account(ctx, person)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && (account.PinHash != nil || account.PasswordHash != nil), err
}

// Recheck asks somebody who is signed in for their PIN or password again, before
// something that can't be undone. Who has none passes.
func (s *Service) Recheck(ctx context.Context, from From, person uuid.UUID, secret string) error {
	has, err := s.HasSecret(ctx, person)
	if err != nil || !has {
		return err
	}
	account, err := NewStore(s.db).Account(ctx, person)
	if err != nil {
		return err
	}
	return s.recheck(ctx, from, account, secret)
}

// recheck asks somebody who is signed in for their secret again, with the
// same limits as signing in.
func (s *Service) recheck(ctx context.Context, from From, account *Account, secret string) error {
	limits := limitsOf(account.who(), from, true)
	if err := s.guess(ctx, limits); err != nil {
		return err
	}
	right, err := s.compare(ctx, secret, account.hashFor(secret))
	if err != nil {
		return err
	}
	if !right {
		return fault.InvalidField("current", "signin.secret_wrong")
	}
	return s.forgive(ctx, limits)
}

// SetPIN gives a person a PIN that they chose.
func (s *Service) SetPIN(ctx context.Context, tx bun.IDB, person uuid.UUID, pin string) error {
	if err := CheckPIN(pin); err != nil {
		return err
	}
	return s.setSecret(ctx, NewStore(tx), person, "pin_hash", pin)
}

// setPictures gives a person the pictures that they chose for their card.
func (s *Service) setPictures(ctx context.Context, tx bun.IDB, person uuid.UUID, chosen []int) error {
	key, err := PictureKey(chosen)
	if err != nil {
		return err
	}
	return s.setSecret(ctx, NewStore(tx), person, "pictures_hash", key)
}

func (s *Service) setSecret(ctx context.Context, store *Store, person uuid.UUID, column, secret string) error {
	hash, err := s.hash(ctx, secret)
	if err != nil {
		return err
	}
	return store.setSecret(ctx, person, column, hash, s.now())
}

func (s *Service) hash(ctx context.Context, secret string) (hash string, err error) {
	err = s.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(secret, hashCost)
		return err
	})
	return hash, err
}

// compare checks a secret against a hash. An empty hash stands for an account
// without such a secret: it never matches, and takes as long.
func (s *Service) compare(ctx context.Context, secret, hash string) (right bool, err error) {
	if len(secret) > maxPassword {
		secret, hash = "", "" // no secret of ours is as long
	}
	none := hash == ""
	if none {
		hash = s.nobody
	}
	err = s.inTurn(ctx, func() error {
		right, err = argon2id.ComparePasswordAndHash(secret, hash)
		return err
	})
	return right && !none, err
}

// inTurn lets only so many hashes be made at once.
func (s *Service) inTurn(ctx context.Context, do func() error) error {
	select {
	case s.hashes <- struct{}{}:
		defer func() { <-s.hashes }()
		return do()
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "sign-in: too many at once")
	}
}

func cleanLogin(login string) string {
	login = strings.ToLower(strings.TrimSpace(login))
	if len(login) > 100 {
		login = login[:100]
	}
	return strings.ToValidUTF8(login, "")
}
