package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Appointment is an office that somebody holds at a unit or agency. A unit has
// one head at a time, who answers for it in person: that can't be delegated.
type Appointment struct {
	bun.BaseModel `bun:"table:appointments,alias:ap"`

	ID       uuid.UUID `bun:",pk,type:uuid"`
	PersonID uuid.UUID
	UnitID   uuid.UUID
	Position string // "Chủ tịch UBND phường"
	Head     bool
	StartsOn time.Time  `bun:",type:date"`
	EndsOn   *time.Time `bun:",type:date"` // first day it is no longer held

	UnitName string `bun:",scanonly"`
	UnitCode string `bun:",scanonly"`
	FullName string `bun:",scanonly"` // of the person
}

// Appoint gives somebody a position from today. A new head takes the place of
// the one before, whose position ends; so does a new position at the same unit.
func (s *Service) Appoint(ctx context.Context, by audit.By, a *Appointment) error {
	a.Position = strings.Join(strings.Fields(a.Position), " ")
	switch {
	case a.Position == "":
		return fault.InvalidField("position", "unit.position_missing")
	case len([]rune(a.Position)) > 120:
		return fault.InvalidField("position", "person.too_long")
	}
	a.ID, a.StartsOn = uuid.Must(uuid.NewV7()), clock.Day(s.now())
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := NewStore(tx).makeRoom(ctx, a); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(a).Exec(ctx); err != nil {
			return postgres.Wrap(err, "appoint")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.AppointmentMake, SubjectID: &a.PersonID, UnitID: &a.UnitID, Changes: []audit.Change{{Field: "position", After: a.Position}},
		})
	})
}

// makeRoom ends what a new appointment takes the place of.
func (s *Store) makeRoom(ctx context.Context, a *Appointment) error {
	if _, err := s.db.NewRaw("SELECT FROM units WHERE id = ? FOR UPDATE", a.UnitID).Exec(ctx); err != nil { // two heads at once: one after the other
		return postgres.Wrap(err, "lock unit")
	}
	_, err := s.db.NewUpdate().Model((*Appointment)(nil)).Set("ends_on = greatest(starts_on, ?)", a.StartsOn).
		Where("unit_id = ?", a.UnitID).Where("ends_on IS NULL").Where("person_id = ? OR (head AND ?)", a.PersonID, a.Head).Exec(ctx)
	return postgres.Wrap(err, "end former position")
}

// EndAppointment ends a position today.
func (s *Service) EndAppointment(ctx context.Context, by audit.By, person, id uuid.UUID) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var ended []*Appointment
		err := tx.NewRaw(`UPDATE appointments SET ends_on = greatest(starts_on, ?) WHERE id = ? AND person_id = ? AND ends_on IS NULL RETURNING *`,
			clock.Day(s.now()), id, person).Scan(ctx, &ended)
		if err != nil || len(ended) == 0 {
			return postgres.Wrap(err, "end position")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.AppointmentEnd, SubjectID: &person, UnitID: &ended[0].UnitID, Changes: []audit.Change{{Field: "position", Before: ended[0].Position}},
		})
	})
}

// Appointments lists the positions that a person holds.
func (s *Store) Appointments(ctx context.Context, person uuid.UUID) ([]*Appointment, error) {
	return s.appointments(ctx, "ap.person_id = ?", person)
}

// Officers lists who holds a position at a unit, the head first.
func (s *Store) Officers(ctx context.Context, unit uuid.UUID) ([]*Appointment, error) {
	return s.appointments(ctx, "ap.unit_id = ?", unit)
}

func (s *Store) appointments(ctx context.Context, where string, id uuid.UUID) ([]*Appointment, error) {
	var all []*Appointment
	err := s.db.NewSelect().Model(&all).ColumnExpr("ap.*").ColumnExpr("u.name AS unit_name, u.code AS unit_code, p.full_name").
		Join("JOIN units AS u ON u.id = ap.unit_id").Join("JOIN people AS p ON p.id = ap.person_id").
		Where(where, id).Where("ap.ends_on IS NULL").Order("ap.head DESC", "ap.starts_on", "ap.id").Scan(ctx)
	return all, postgres.Wrap(err, "positions")
}
