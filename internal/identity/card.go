package identity

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

// Card is a card of paper with a QR that says who somebody is; three pictures
// that they chose say that it is them.
type Card struct {
	bun.BaseModel `bun:"table:sign_in_cards,alias:sc"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	PersonID  uuid.UUID
	TokenHash []byte
	MadeAt    time.Time
	MadeBy    *uuid.UUID `bun:",type:uuid"`
	UsedAt    *time.Time
	RevokedAt *time.Time

	FullName string `bun:",scanonly"`
	Chosen   bool   `bun:",scanonly"` // its holder has chosen their pictures
}

// CardsMost is how many cards are made at once: ten sheets of ten.
const CardsMost = 100

// NewCard is a card that was just made: the only time its token is known.
type NewCard struct {
	Person *Listed
	Token  string
}

// MakeCards makes a card for each of the people; cards that they had before
// work no more. Only who holds no other than CardRoles signs in with one.
func (s *Service) MakeCards(ctx context.Context, by audit.By, people []*Listed) ([]NewCard, error) {
	if len(people) == 0 || len(people) > CardsMost {
		return nil, fault.InvalidField("people", "card.people_count")
	}
	now := s.now()
	var made []NewCard
	var cards []*Card
	var entries []*audit.Entry
	ids := make([]uuid.UUID, len(people))
	for i, person := range people {
		for _, role := range person.Roles {
			if !slices.Contains(CardRoles, role) {
				return nil, fault.InvalidField("people", "card.residents_only")
			}
		}
		token := ticket.New()
		ids[i] = person.ID
		made = append(made, NewCard{Person: person, Token: token})
		cards = append(cards, &Card{ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, TokenHash: ticket.Hash(token), MadeAt: now, MadeBy: by.ActorID})
		entries = append(entries, &audit.Entry{Action: audit.CardMake, SubjectID: &person.ID, UnitID: person.HomeUnitID})
	}
	return made, s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("UPDATE sign_in_cards SET revoked_at = ? WHERE person_id IN (?) AND revoked_at IS NULL", now, bun.List(ids)).Exec(ctx); err != nil {
			return postgres.Wrap(err, "revoke former cards")
		}
		if _, err := tx.NewInsert().Model(&cards).Exec(ctx); err != nil {
			return postgres.Wrap(err, "make cards")
		}
		return audit.NewStore(tx).Add(ctx, by, now, entries...)
	})
}

// RevokeCard makes a person's card worthless, as when it was lost.
func (s *Service) RevokeCard(ctx context.Context, by audit.By, person *Listed) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("UPDATE sign_in_cards SET revoked_at = ? WHERE person_id = ? AND revoked_at IS NULL", s.now(), person.ID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "revoke card")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.CardRevoke, SubjectID: &person.ID, UnitID: person.HomeUnitID})
	})
}

// Card finds the card of a token; one that was revoked, or whose person may
// not come in or not with a card, is not found.
func (s *Service) Card(ctx context.Context, token string) (*Card, error) {
	card := new(Card)
	err := s.db.NewSelect().Model(card).ColumnExpr("sc.*").ColumnExpr("p.full_name, ac.pictures_hash IS NOT NULL AS chosen").
		Join("JOIN people AS p ON p.id = sc.person_id AND p.suspended_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL").
		Join("LEFT JOIN accounts AS ac ON ac.person_id = sc.person_id").
		Where("sc.token_hash = ?", ticket.Hash(token)).Where("sc.revoked_at IS NULL").Where("NOT " + staffNow()).Scan(ctx)
	return card, postgres.Wrap(err, "card")
}

// CardOf finds a person's valid card.
func (s *Store) CardOf(ctx context.Context, person uuid.UUID) (*Card, error) {
	card := new(Card)
	err := s.db.NewSelect().Model(card).Where("sc.person_id = ?", person).Where("sc.revoked_at IS NULL").Scan(ctx)
	return card, postgres.Wrap(err, "card of a person")
}

// SignInByCard lets the holder of a card in who points at the right pictures,
// in order.
func (s *Service) SignInByCard(ctx context.Context, from From, token string, pictures []int) (*Entry, error) {
	card, err := s.Card(ctx, token)
	if err != nil {
		return nil, err
	}
	key, err := PictureKey(pictures)
	if err != nil {
		return nil, err
	}
	account, err := NewStore(s.db).Account(ctx, card.PersonID)
	if err != nil {
		return nil, err
	}
	entry, err := s.prove(ctx, from, "card:"+card.ID.String(), account, "pictures", key)
	if err != nil {
		return nil, err
	}
	_, err = s.db.NewRaw("UPDATE sign_in_cards SET used_at = ? WHERE id = ?", s.now(), card.ID).Exec(ctx)
	return entry, postgres.Wrap(err, "use card")
}

// ChoosePictures sets the pictures of a card whose holder has none yet, and
// lets them in. Whoever is first chooses: the card is handed over in person,
// and its maker sees them do it.
func (s *Service) ChoosePictures(ctx context.Context, from From, token string, pictures []int) (*Entry, error) {
	card, err := s.Card(ctx, token)
	if err != nil {
		return nil, err
	}
	if card.Chosen {
		return nil, fault.New(fault.Conflict, "pictures were chosen before")
	}
	if err := s.setPictures(ctx, s.db, card.PersonID, pictures); err != nil {
		return nil, err
	}
	return s.SignInByCard(ctx, from, token, pictures)
}
