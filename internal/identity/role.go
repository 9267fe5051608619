package identity

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// grantable says which roles the holder of a role gives and takes, at their
// unit and below. Operators are made on the command line only.
var grantable = map[Role][]Role{
	Coordinator:   {Resident, TeamMember},
	UnitHead:      {Resident, Official, TeamMember, Coordinator},
	ProvinceAdmin: {Resident, Official, TeamMember, Coordinator, UnitHead, Editor, ProvinceAdmin},
}

// Managers are the roles that look after other people's accounts.
var Managers = []Role{Coordinator, UnitHead, ProvinceAdmin}

// Helpers are the roles that act beside residents.
var Helpers = []Role{TeamMember, Coordinator, UnitHead, ProvinceAdmin}

// CardRoles are the roles of those who may sign in with a card's pictures:
// three pictures are too little for who may see others' data.
var CardRoles = []Role{Resident, TeamMember}

// longestDelegation is how long a role may be lent.
const longestDelegation = 90 * 24 * time.Hour

// GrantScope gathers the units at which the viewer may give and take a role. A
// role that was lent to them gives no such right.
func (v *Viewer) GrantScope(role Role) org.Scope {
	var scope org.Scope
	if v == nil {
		return scope
	}
	for _, grant := range v.Grants {
		if !grant.Delegated && slices.Contains(grantable[grant.Role], role) {
			scope.Units = append(scope.Units, grant.UnitID)
		}
	}
	return scope
}

// Grantable lists the roles that the viewer may give somewhere.
func (v *Viewer) Grantable() []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(role Role) bool { return v.GrantScope(role).Empty() })
}

// GrantsOf lists the roles that a person holds or will hold, with their units.
func (s *Store) GrantsOf(ctx context.Context, person uuid.UUID, now time.Time) ([]*Grant, error) {
	var grants []*Grant
	err := s.db.NewSelect().Model(&grants).ColumnExpr("g.*").ColumnExpr("u.code AS unit_code, u.name AS unit_name").
		Join("JOIN units AS u ON u.id = g.unit_id").
		Where("g.person_id = ?", person).Where("g.ends_at IS NULL OR g.ends_at > ?", now).Order("g.starts_at", "g.id").Scan(ctx)
	return grants, postgres.Wrap(err, "roles of a person")
}

// MayManage tells whether the viewer may change how a person signs in, their
// data and whether they may come in at all: only who could also give every role
// that the person holds. So nobody takes over an account above their own.
func (s *Service) MayManage(ctx context.Context, viewer *Viewer, person uuid.UUID) (bool, error) {
	store := NewStore(s.db)
	grants, err := store.GrantsOf(ctx, person, s.now())
	if err != nil {
		return false, err
	}
	for _, grant := range grants {
		inside, err := org.NewStore(s.db).Reaches(ctx, viewer.GrantScope(grant.Role), grant.UnitID)
		if err != nil || !inside {
			return false, err
		}
	}
	return viewer.Has(Managers...), nil
}

// Give gives somebody a role, if the viewer may; ends is nil for an open end.
func (s *Service) Give(ctx context.Context, viewer *Viewer, by audit.By, grant *Grant) error {
	if !slices.Contains(Roles, grant.Role) {
		return fault.InvalidField("role", "role.unknown")
	}
	if err := s.mayAt(ctx, viewer.GrantScope(grant.Role), grant.UnitID); err != nil {
		return err
	}
	return s.give(ctx, by, grant, audit.RoleGrant)
}

// Delegate lends a role that the viewer holds to somebody until a day. What was
// lent can't be lent on.
func (s *Service) Delegate(ctx context.Context, viewer *Viewer, by audit.By, grant *Grant) error {
	lent := org.Scope{}
	for _, own := range viewer.Grants {
		if own.Role == grant.Role && !own.Delegated && slices.Contains(Helpers, own.Role) {
			lent.Units = append(lent.Units, own.UnitID)
		}
	}
	if err := s.mayAt(ctx, lent, grant.UnitID); err != nil {
		return err
	}
	if grant.EndsAt == nil || grant.EndsAt.Sub(s.now()) > longestDelegation {
		return fault.InvalidField("ends", "role.delegation_too_long")
	}
	grant.Delegated = true
	return s.give(ctx, by, grant, audit.RoleDelegate)
}

func (s *Service) mayAt(ctx context.Context, scope org.Scope, unit uuid.UUID) error {
	inside, err := org.NewStore(s.db).Reaches(ctx, scope, unit)
	if err == nil && !inside {
		return fault.New(fault.Forbidden, "role at a unit")
	}
	return err
}

func (s *Service) give(ctx context.Context, by audit.By, grant *Grant, action audit.Action) error {
	if grant.EndsAt != nil && !grant.EndsAt.After(grant.StartsAt) {
		return fault.InvalidField("ends", "role.ends_before_start")
	}
	grant.ID, grant.GrantedBy = uuid.Must(uuid.NewV7()), by.ActorID
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := NewStore(tx).AddGrants(ctx, grant); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: action, SubjectID: &grant.PersonID, UnitID: &grant.UnitID, Changes: []audit.Change{{Field: "role", After: string(grant.Role)}},
		})
	})
}

// Take ends a role now, if the viewer may give it or lent it. The last
// administrator of a province keeps theirs.
func (s *Service) Take(ctx context.Context, viewer *Viewer, by audit.By, person, id uuid.UUID) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := NewStore(tx).LockAdministration(ctx); err != nil {
			return err
		}
		grant := new(Grant)
		err := tx.NewSelect().Model(grant).Where("g.id = ?", id).Where("g.person_id = ?", person).
			Where("g.ends_at IS NULL OR g.ends_at > ?", s.now()).For("UPDATE").Scan(ctx)
		if err != nil {
			return postgres.Wrap(err, "role")
		}
		lender := grant.Delegated && grant.GrantedBy != nil && *grant.GrantedBy == viewer.PersonID
		if !lender {
			if err := s.mayAt(ctx, viewer.GrantScope(grant.Role), grant.UnitID); err != nil {
				return err
			}
		}
		if last, err := NewStore(tx).isLast(ctx, grant, s.now()); err != nil || last {
			return firstOf(err, fault.InvalidField("role", "role.last_admin"))
		}
		if err := NewStore(tx).end(ctx, grant, s.now()); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.RoleEnd, SubjectID: &person, UnitID: &grant.UnitID, Changes: []audit.Change{{Field: "role", Before: string(grant.Role)}},
		})
	})
}

// end ends a role now; one that has not begun never was.
func (s *Store) end(ctx context.Context, grant *Grant, now time.Time) error {
	query := s.db.NewRaw("UPDATE role_grants SET ends_at = ? WHERE id = ?", now, grant.ID)
	if !grant.StartsAt.Before(now) {
		query = s.db.NewRaw("DELETE FROM role_grants WHERE id = ?", grant.ID)
	}
	_, err := query.Exec(ctx)
	return postgres.Wrap(err, "end role")
}

// firstOf is err when there is one, else otherwise.
func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
