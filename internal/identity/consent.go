package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Purpose is what somebody's data is used for; each needs a consent of its own
// (Luật 91/2025/QH15: never by default, silence is none).
type Purpose string

// The purposes. Without Learning there is no record of learning at all.
const (
	Learning Purpose = "learning" // keep what they learn and give them a record of it
	Contact  Purpose = "contact"  // call or write to them about classes and deadlines
	Study    Purpose = "study"    // take part, unnamed, in studies of how people learn
)

// Purposes lists every purpose, in the order in which pages show them.
var Purposes = []Purpose{Learning, Contact, Study}

// How is the way in which a consent was given.
type How string

// The ways of giving consent.
const (
	BySelf  How = "self"    // ticked by themselves
	Spoken  How = "spoken"  // said before a witness
	Written How = "written" // signed on paper
)

// Known tells whether there is such a purpose.
func (p Purpose) Known() bool { return slices.Contains(Purposes, p) }

// Consent is one consent of a person to one purpose.
type Consent struct {
	bun.BaseModel `bun:"table:consents,alias:co"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	PersonID    uuid.UUID
	Purpose     Purpose
	GivenAt     time.Time
	How         How
	Witness     string     // who heard it, when spoken
	Guardian    string     // who agreed too, for a child
	RecordedBy  *uuid.UUID `bun:",type:uuid"` // nil when they did it themselves
	WithdrawnAt *time.Time
}

// childUntil is the age from which nobody else has to agree (Luật Trẻ em 2016:
// a child is a person under 16; from 7 both child and guardian agree).
const childUntil = 16

// IsChild tells whether somebody born in a year may still be a child. Only the
// year is known, so the whole year of the birthday counts as childhood.
func IsChild(birthYear int, now time.Time) bool {
	return now.In(clock.Zone).Year()-birthYear <= childUntil
}

// check says what is missing from a consent, field by field.
func (c *Consent) check(birthYear *int, now time.Time) map[string]string {
	c.Witness, c.Guardian = strings.TrimSpace(c.Witness), strings.TrimSpace(c.Guardian)
	problems := map[string]string{}
	switch c.How {
	case BySelf, Written:
	case Spoken:
		if c.Witness == "" {
			problems["witness"] = "consent.witness_missing"
		}
	default:
		problems["consent"] = "consent.missing"
	}
	if birthYear != nil && IsChild(*birthYear, now) && c.Guardian == "" {
		problems["guardian"] = "consent.guardian_missing"
	}
	if len(c.Witness) > 120 {
		problems["witness"] = "person.too_long"
	}
	if len(c.Guardian) > 120 {
		problems["guardian"] = "person.too_long"
	}
	return problems
}

// GiveConsent notes a consent; one that stands already stays.
func (s *Service) GiveConsent(ctx context.Context, by audit.By, unit *uuid.UUID, consent *Consent) error {
	person, err := NewStore(s.db).Person(ctx, consent.PersonID)
	if err != nil {
		return err
	}
	if problems := consent.check(person.BirthYear, s.now()); len(problems) > 0 {
		return fault.InvalidFields(problems)
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return s.giveConsent(ctx, tx, by, unit, consent)
	})
}

func (s *Service) giveConsent(ctx context.Context, tx bun.Tx, by audit.By, unit *uuid.UUID, consent *Consent) error {
	consent.ID, consent.GivenAt = uuid.Must(uuid.NewV7()), s.now()
	if by.ActorID != nil && *by.ActorID != consent.PersonID {
		consent.RecordedBy = by.ActorID
	}
	result, err := tx.NewInsert().Model(consent).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "give consent")
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
		Action: audit.ConsentGive, SubjectID: &consent.PersonID, UnitID: unit,
		Changes: []audit.Change{{Field: string(consent.Purpose), After: string(consent.How)}},
	})
}

// WithdrawConsent takes a consent back; withdrawing is as easy as giving.
func (s *Service) WithdrawConsent(ctx context.Context, by audit.By, unit *uuid.UUID, person uuid.UUID, purpose Purpose) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewUpdate().Model((*Consent)(nil)).Set("withdrawn_at = ?", s.now()).
			Where("person_id = ?", person).Where("purpose = ?", purpose).Where("withdrawn_at IS NULL").Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "withdraw consent")
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.ConsentWithdraw, SubjectID: &person, UnitID: unit, Changes: []audit.Change{{Field: string(purpose)}},
		})
	})
}

// Consents lists the consents of a person that stand, by purpose.
func (s *Store) Consents(ctx context.Context, person uuid.UUID) (map[Purpose]*Consent, error) {
	var rows []*Consent
	err := s.db.NewSelect().Model(&rows).Where("co.person_id = ?", person).Where("co.withdrawn_at IS NULL").Scan(ctx)
	consents := make(map[Purpose]*Consent, len(rows))
	for _, row := range rows {
		consents[row.Purpose] = row
	}
	return consents, postgres.Wrap(err, "consents")
}
