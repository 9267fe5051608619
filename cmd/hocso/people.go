package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
)

type peopleCmd struct {
	Add   addPersonCmd `cmd:"" help:"Add a person with a login name; the password is read from standard input."`
	Grant grantCmd     `cmd:"" help:"Give somebody a role at a unit and everything below it."`
}

type addPersonCmd struct {
	Login string `arg:"" help:"Name to sign in with."`
	Name  string `required:"" help:"Full name."`
	Unit  string `required:"" help:"Code of the unit that the person belongs to."`
}

// Run adds the person as a resident of the unit.
func (p addPersonCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	unit, err := org.NewStore(a.db).ByCode(ctx, p.Unit)
	if err != nil {
		return err
	}
	fmt.Fprint(os.Stderr, "Password (8 characters or more): ")
	password, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && password == "" {
		return errors.New("no password on standard input")
	}
	now := clock.System()
	person := &identity.Person{ID: uuid.Must(uuid.NewV7()), FullName: p.Name, HomeUnitID: &unit.ID, CreatedAt: now, RegisteredAt: &now}
	return a.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := identity.NewStore(tx)
		if err := store.AddPeople(ctx, person); err != nil {
			return err
		}
		if err := a.identity.SetPassword(ctx, tx, person.ID, p.Login, strings.TrimRight(password, "\r\n")); err != nil {
			return err
		}
		return store.AddGrants(ctx, &identity.Grant{
			ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: identity.Resident, UnitID: unit.ID, StartsAt: now,
		})
	})
}

type grantCmd struct {
	Login string `arg:"" help:"Login name of the person."`
	Role  string `arg:"" enum:"resident,official,team-member,coordinator,unit-head,editor,province-admin,operator" help:"The role (${enum})."`
	Unit  string `arg:"" help:"Code of the unit."`
}

// Run gives the role.
func (g grantCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	store := identity.NewStore(a.db)
	person, err := store.PersonByLogin(ctx, g.Login)
	if err != nil {
		return fmt.Errorf("nobody signs in as %q; 'hocso people add' makes an account", g.Login)
	}
	unit, err := org.NewStore(a.db).ByCode(ctx, g.Unit)
	if err != nil {
		return err
	}
	return store.AddGrants(ctx, &identity.Grant{
		ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: identity.Role(g.Role), UnitID: unit.ID, StartsAt: clock.System(),
	})
}
