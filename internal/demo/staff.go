package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
)

// staff is who works at agencies and communes and in the hamlets' teams.
type staff struct {
	Positions struct {
		Agency  []string `yaml:"agency"`
		Ward    []string `yaml:"ward"`
		Commune []string `yaml:"commune"`
	} `yaml:"positions"`
	Team []string `yaml:"team"`
}

// positionsAt lists the positions of a unit, the head's first.
func (s *staff) positionsAt(unit *org.Unit) []string {
	switch {
	case unit.Kind == org.Agency:
		return s.Positions.Agency
	case unit.Kind == org.Hamlet:
		return s.Team
	case unit.Kind == org.Commune && strings.HasPrefix(unit.Name, "Phường"):
		return s.Positions.Ward
	case unit.Kind == org.Commune:
		return s.Positions.Commune
	}
	return nil
}

// workers are those who hold a position.
type workers struct{ officials, teams []*identity.Person }

// addStaff adds everybody who holds a position, with the role that goes with it.
func (l *Loader) addStaff(ctx context.Context, tx bun.Tx, p *places, units []*org.Unit) (*workers, error) {
	h := &history{random: rand.New(rand.NewPCG(2, 2))}
	now, since, all := l.Now(), start(l.Now()), &workers{}
	var people []*identity.Person
	var grants []*identity.Grant
	var positions []*identity.Appointment
	for _, unit := range units {
		for i, position := range p.Staff.positionsAt(unit) {
			if i == 0 && p.heads(unit) {
				continue
			}
			born := 1966 + h.random.IntN(34)
			person := &identity.Person{
				ID: uuid.Must(uuid.NewV7()), HomeUnitID: &unit.ID, BirthYear: &born, CreatedAt: since, RegisteredAt: &since,
				FullName: pick(h, families) + " " + pick(h, middles) + " " + pick(h, given),
			}
			people = append(people, person)
			positions = append(positions, &identity.Appointment{
				ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, UnitID: unit.ID, Position: position,
				Head: i == 0 && unit.Kind != org.Hamlet, StartsOn: clock.Day(now.AddDate(0, -h.random.IntN(14), 0)),
			})
			role := identity.Official
			if unit.Kind == org.Hamlet {
				role = identity.TeamMember
				all.teams = append(all.teams, person)
			} else {
				all.officials = append(all.officials, person)
			}
			grants = append(grants, &identity.Grant{ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: role, UnitID: unit.ID, StartsAt: since})
		}
	}
	return all, firstError(
		func() error { return addPeople(ctx, tx, people) },
		func() error { return insert(ctx, tx, grants) },
		func() error { return insert(ctx, tx, positions) },
	)
}

// heads tells whether somebody of the cast heads a unit.
func (p *places) heads(unit *org.Unit) bool {
	return slices.ContainsFunc(p.People, func(player player) bool { return player.Position != "" && player.At == unit.Code })
}

// family is a household that shares a phone.
type family struct {
	Home   string `yaml:"home"`
	Phone  string `yaml:"phone"`
	PIN    string `yaml:"pin"`
	People []struct {
		Name      string `yaml:"name"`
		BirthYear int    `yaml:"birth_year"`
	} `yaml:"people"`
}

// addHousehold adds the family, each with the PIN; the phone is everybody's.
func (l *Loader) addHousehold(ctx context.Context, tx bun.Tx, f *family, units map[string]uuid.UUID) error {
	home, now := units[f.Home], l.Now()
	for _, member := range f.People {
		born := member.BirthYear
		person := &identity.Person{
			ID: uuid.Must(uuid.NewV7()), FullName: member.Name, BirthYear: &born, HomeUnitID: &home, Phone: &f.Phone,
			CreatedAt: now.Add(-time.Hour), RegisteredAt: &now,
		}
		if err := firstError(
			func() error { return addPeople(ctx, tx, []*identity.Person{person}) },
			func() error { return l.Identity.SetPIN(ctx, tx, person.ID, f.PIN) },
			func() error {
				return l.Identity.SetLogin(ctx, tx, &identity.Login{Login: *person.Code, PersonID: person.ID, Kind: identity.LoginCode})
			},
			func() error {
				return identity.NewStore(tx).AddGrants(ctx, &identity.Grant{
					ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: identity.Resident, UnitID: home, StartsAt: now,
				})
			},
		); err != nil {
			return err
		}
	}
	return nil
}
