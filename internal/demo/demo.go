// Package demo fills an empty database with a province to show: real units,
// one made-up person per role, officials, teams and a household, and three months of made-up learning.
//
// It must never touch a database that holds anything else, and none of its
// people can sign in with a password: web lets them in by a click, in demo
// mode only.
package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/content"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
)

// Loader loads the demonstration.
type Loader struct {
	DB       *bun.DB
	Identity *identity.Service
	Bell     *queue.Bell
	Now      clock.Clock
	Progress func(string) // is told what is being done
}

// loadLock is the advisory lock of whoever loads.
const loadLock = 0x64656d6f // "demo"

// Load fills the database, in one transaction, unless it holds units already;
// then it does nothing. The courses must have been imported.
func (l *Loader) Load(ctx context.Context) (loaded bool, err error) {
	places, err := readPlaces(content.FS)
	if err != nil {
		return false, err
	}
	err = l.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", loadLock); err != nil {
			return err
		}
		filled, err := tx.NewSelect().Model((*org.Unit)(nil)).Exists(ctx)
		if err != nil || filled {
			return err
		}
		loaded = true
		return l.fill(ctx, tx, places)
	})
	if err == nil && loaded {
		l.Progress("required learning")
		err = l.requireLearning(ctx, places)
	}
	return loaded, postgres.Wrap(err, "load the demonstration")
}

func (l *Loader) fill(ctx context.Context, tx bun.Tx, places *places) error {
	l.Progress("units")
	units := places.units()
	if err := org.NewStore(tx).Add(ctx, units); err != nil {
		return err
	}
	byCode := make(map[string]uuid.UUID, len(units))
	for _, unit := range units {
		byCode[unit.Code] = unit.ID
	}
	if err := l.cast(ctx, tx, places.People, byCode); err != nil {
		return err
	}
	workers, err := l.addStaff(ctx, tx, places, units)
	if err != nil {
		return err
	}
	if err := l.addHousehold(ctx, tx, &places.Household, byCode); err != nil {
		return err
	}
	l.Progress("three months of learning")
	return addHistory(ctx, tx, places, byCode, workers, l.Now())
}

// cast adds the one person of each role.
func (l *Loader) cast(ctx context.Context, tx bun.Tx, people []player, units map[string]uuid.UUID) error {
	store, now := identity.NewStore(tx), l.Now()
	for _, p := range people {
		home, at := units[p.Home], units[p.At]
		if home == uuid.Nil || at == uuid.Nil {
			return fmt.Errorf("demo/people.yaml: %s: no unit %q or %q", p.Name, p.Home, p.At)
		}
		born := p.BirthYear
		person := &identity.Person{ID: uuid.Must(uuid.NewV7()), FullName: p.Name, BirthYear: &born, HomeUnitID: &home, CreatedAt: now, RegisteredAt: &now}
		if err := addPeople(ctx, tx, []*identity.Person{person}); err != nil {
			return err
		}
		if err := l.Identity.SetPassword(ctx, tx, person.ID, identity.DemoLogin(p.Role), rand.Text()); err != nil {
			return err
		}
		grants := []*identity.Grant{{ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: p.Role, UnitID: at, StartsAt: now}}
		if p.Role != identity.Resident {
			// Everyone is also a resident of where they live: the leader learns, too.
			grants = append(grants, &identity.Grant{ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: identity.Resident, UnitID: home, StartsAt: now})
		}
		if err := store.AddGrants(ctx, grants...); err != nil {
			return err
		}
		if p.Position != "" {
			head := &identity.Appointment{
				ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, UnitID: at, Position: p.Position, Head: true, StartsOn: clock.Day(now.AddDate(-1, 0, 0)),
			}
			if err := insert(ctx, tx, []*identity.Appointment{head}); err != nil {
				return err
			}
		}
	}
	return nil
}

// days is how long the made-up history is.
const days = 90

// start is the first morning of the history.
func start(now time.Time) time.Time {
	return clock.Day(now).AddDate(0, 0, 1-days).Add(-7 * time.Hour) // midnight in Zone
}
