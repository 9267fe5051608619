package notify

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

// AddressConfirm is the kind of letter that asks to confirm an address.
const AddressConfirm Kind = "address-confirm"

const (
	// confirmWithin is how long a confirming link works.
	confirmWithin = 3 * 24 * time.Hour
	// mostAsked is how many confirming letters a person can have sent in a day:
	// they go to people who may not want them.
	mostAsked = 3
)

// Address is an e-mail address that somebody gave themselves.
type Address struct {
	bun.BaseModel `bun:"table:notice_addresses,alias:na"`

	PersonID    uuid.UUID `bun:",pk,type:uuid"`
	Email       string
	Token       string // of the confirming link; "" once it was used
	AskedAt     time.Time
	Asked       int // letters on that day
	ConfirmedAt *time.Time
}

// Addresses are where somebody is reached.
type Addresses struct {
	Email  string // where e-mail goes; "" for nowhere
	Own    bool   // they gave it themselves
	Asking string // one that waits to be confirmed
	Phone  string

	Declined bool // they took back that they may be written to, and chose nothing since
}

// Addresses reads where somebody is reached.
func (s *Service) Addresses(ctx context.Context, person uuid.UUID) (*Addresses, error) {
	store := NewStore(s.db)
	contacts, err := store.contacts(ctx, []uuid.UUID{person})
	if err != nil || contacts[person] == nil {
		return &Addresses{}, err
	}
	own, err := store.ownAddress(ctx, person)
	if err != nil {
		return nil, err
	}
	c := contacts[person]
	return &Addresses{Email: c.Email, Own: own != nil && own.ConfirmedAt != nil, Asking: c.Asking, Phone: c.Phone, Declined: c.Declined}, nil
}

// AskAddress takes an e-mail address down and has a letter sent there that asks
// to confirm it. Until then e-mail goes to the address in their record, if there
// is one.
func (s *Service) AskAddress(ctx context.Context, by audit.By, person uuid.UUID, typed string) error {
	email, err := readAddress(typed)
	if err != nil {
		return err
	}
	if !s.ways.Offers(Email) {
		return fault.New(fault.Unavailable, "e-mail is not set up")
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now, store := s.now(), NewStore(tx)
		if err := store.askAddress(ctx, &Address{PersonID: person, Email: email, Token: ticket.New(), AskedAt: now, Asked: 1}); err != nil {
			return err
		}
		if err := store.addMessages(ctx, &message{ID: newID(), PersonID: person, Channel: Email, About: aboutAddress, State: Ready, MadeAt: now, DueAt: now, Most: mostAttempts}); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.AddressAsk, SubjectID: &person, Changes: []audit.Change{{Field: "email", After: maskEmail(email)}}})
	})
	if err == nil {
		s.bell.Ring(SendBell)
	}
	return err
}

// readAddress reads an address as people type it. Only the plain form is taken:
// what it would mean with quotes and comments, mail servers disagree on.
func readAddress(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Address != typed || len(typed) > 254 || strings.ContainsAny(typed, `"<>,`) || !strings.Contains(typed[strings.LastIndex(typed, "@"):], ".") {
		return "", fault.InvalidField("email", "notify.email_wrong")
	}
	for _, letter := range typed {
		if letter > 127 {
			return "", fault.InvalidField("email", "notify.email_wrong")
		}
	}
	return typed, nil
}

// ConfirmAddress has e-mail go to the address whose link somebody opened. A
// link of somebody else's, or one that has run out, is a fault.NotFound; one
// that was used already changes nothing.
func (s *Service) ConfirmAddress(ctx context.Context, by audit.By, person uuid.UUID, token string) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		var email string
		err := tx.NewRaw("UPDATE notice_addresses SET confirmed_at = ?0, token = '' WHERE person_id = ?1 AND token = ?2 AND token <> '' AND asked_at > ?3 RETURNING email",
			now, person, token, now.Add(-confirmWithin)).Scan(ctx, &email)
		if err != nil {
			return postgres.Wrap(err, "confirm address")
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.AddressConfirm, SubjectID: &person, Changes: []audit.Change{{Field: "email", After: maskEmail(email)}}})
	})
}

// DropAddress forgets the address that somebody gave: e-mail goes to the one in
// their record again, if there is one.
func (s *Service) DropAddress(ctx context.Context, by audit.By, person uuid.UUID) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*Address)(nil)).Where("person_id = ?", person).Exec(ctx); err != nil {
			return postgres.Wrap(err, "forget address")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.AddressDrop, SubjectID: &person})
	})
}

func (s *Store) ownAddress(ctx context.Context, person uuid.UUID) (*Address, error) {
	a := new(Address)
	err := postgres.Wrap(s.db.NewSelect().Model(a).Where("person_id = ?", person).Scan(ctx), "own address")
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return a, err
}

// askAddress writes an address that is to be confirmed, or refuses with
// fault.TooMany when there were enough letters that day. The one that was
// confirmed before counts no more: somebody may have lost it.
func (s *Store) askAddress(ctx context.Context, a *Address) error {
	today := clock.Day(a.AskedAt)
	result, err := s.db.NewInsert().Model(a).On("CONFLICT (person_id) DO UPDATE").
		Set("email = EXCLUDED.email, token = EXCLUDED.token, asked_at = EXCLUDED.asked_at, confirmed_at = NULL").
		Set("asked = CASE WHEN (na.asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = ?::date THEN na.asked + 1 ELSE 1 END", today).
		Where("(na.asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <> ?::date OR na.asked < ?", today, mostAsked).
		Returning("NULL").Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "ask to confirm an address")
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.TooMany, "letters that ask to confirm an address")
	}
	return nil
}

// maskEmail keeps of an address its first sign and its server: "n…@danang.gov.vn".
func maskEmail(email string) string {
	at := strings.LastIndex(email, "@")
	if at < 1 {
		return ""
	}
	return email[:1] + "…" + email[at:]
}

func mask(channel Channel, address string) string {
	if channel == Email {
		return maskEmail(address)
	}
	return audit.MaskNumber(address)
}
