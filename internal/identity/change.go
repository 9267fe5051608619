package identity

import (
	"context"
	"maps"
	"strconv"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Change is what may be corrected of a person, as typed.
type Change struct {
	FullName  string
	BirthYear string
	Phone     string
	UnitID    uuid.UUID
}

// ChangePerson corrects a person's data; a changed phone becomes their login
// where it is nobody else's. What was learned before stays with the unit where
// it was learned.
func (s *Service) ChangePerson(ctx context.Context, viewer *Viewer, by audit.By, person *Listed, change Change) error {
	if may, err := s.MayManage(ctx, viewer, person.ID); err != nil || !may {
		return firstOf(err, fault.New(fault.Forbidden, "change person"))
	}
	if err := s.mayAt(ctx, viewer.Scope(Managers...), change.UnitID); err != nil {
		return fault.InvalidField("unit", "person.unit_missing")
	}
	changed, err := person.with(change, s)
	if err != nil {
		return err
	}
	changes := person.differences(changed)
	if len(changes) == 0 {
		return nil
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewUpdate().Model(changed).Column("full_name", "search", "birth_year", "phone", "home_unit_id").WherePK().Exec(ctx); err != nil {
			return postgres.Wrap(err, "change person")
		}
		if err := NewStore(tx).followPhone(ctx, changed); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.PersonChange, SubjectID: &person.ID, UnitID: changed.HomeUnitID, Changes: changes,
		})
	})
}

// with is the person after a change, or everything that is wrong with it.
func (p *Listed) with(change Change, s *Service) (*Person, error) {
	changed := p.Person
	problems := map[string]string{}
	var problem string
	if changed.FullName, problem = ReadName(change.FullName); problem != "" {
		problems["name"] = problem
	}
	if changed.BirthYear, problem = ReadBirthYear(change.BirthYear, s.now()); problem != "" {
		problems["birth_year"] = problem
	}
	phone, err := readPhone(change.Phone)
	maps.Copy(problems, fault.FieldsOf(err))
	changed.Phone, changed.HomeUnitID, changed.Search = phone, &change.UnitID, org.Fold(changed.FullName)
	if len(problems) > 0 {
		return nil, fault.InvalidFields(problems)
	}
	return &changed, nil
}

// differences lists what a change changes, masked for the log.
func (p *Listed) differences(changed *Person) []audit.Change {
	var changes []audit.Change
	add := func(field, before, after string) {
		if before != after {
			changes = append(changes, audit.Change{Field: field, Before: before, After: after})
		}
	}
	if p.FullName != changed.FullName {
		changes = append(changes, audit.Change{Field: "name", Before: audit.MaskName(p.FullName), After: audit.MaskName(changed.FullName)})
	}
	add("birth_year", year(p.BirthYear), year(changed.BirthYear))
	if text(p.Phone) != text(changed.Phone) {
		changes = append(changes, audit.Change{Field: "phone", Before: audit.MaskNumber(text(p.Phone)), After: audit.MaskNumber(text(changed.Phone))})
	}
	add("unit", p.HomeUnitID.String(), changed.HomeUnitID.String())
	return changes
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func year(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// followPhone makes a person's phone their login unless somebody else signs in with it.
func (s *Store) followPhone(ctx context.Context, person *Person) error {
	_, err := s.db.NewRaw("DELETE FROM logins WHERE person_id = ? AND kind = 'phone' AND login IS DISTINCT FROM ?", person.ID, person.Phone).Exec(ctx)
	if err != nil || person.Phone == nil {
		return postgres.Wrap(err, "drop former phone")
	}
	login := &Login{Login: *person.Phone, PersonID: person.ID, Kind: LoginPhone}
	_, err = s.db.NewInsert().Model(login).On("CONFLICT DO NOTHING").Exec(ctx)
	return postgres.Wrap(err, "follow phone")
}

// Suspend keeps a person out, with all their sessions, until Restore lets them
// in again; what they learned stays.
func (s *Service) Suspend(ctx context.Context, viewer *Viewer, by audit.By, person *Listed) error {
	if person.ID == viewer.PersonID {
		return fault.InvalidField("person", "person.not_oneself")
	}
	return s.setSuspended(ctx, viewer, by, person, true)
}

// Restore lets a suspended person in again.
func (s *Service) Restore(ctx context.Context, viewer *Viewer, by audit.By, person *Listed) error {
	return s.setSuspended(ctx, viewer, by, person, false)
}

func (s *Service) setSuspended(ctx context.Context, viewer *Viewer, by audit.By, person *Listed, suspended bool) error {
	if may, err := s.MayManage(ctx, viewer, person.ID); err != nil || !may {
		return firstOf(err, fault.New(fault.Forbidden, "suspend person"))
	}
	action, query := audit.PersonRestore, "UPDATE people SET suspended_at = NULL WHERE id = ?0 AND suspended_at IS NOT NULL"
	if suspended {
		action, query = audit.PersonSuspend, "UPDATE people SET suspended_at = ?1 WHERE id = ?0 AND suspended_at IS NULL"
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if suspended {
			if err := s.mayDoWithout(ctx, NewStore(tx), person.ID); err != nil {
				return err
			}
		}
		result, err := tx.NewRaw(query, person.ID, s.now()).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "suspend person")
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return err
		}
		if suspended {
			if err := NewStore(tx).EndSessions(ctx, person.ID, uuid.Nil); err != nil {
				return err
			}
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: action, SubjectID: &person.ID, UnitID: person.HomeUnitID})
	})
}

// mayDoWithout refuses to suspend the last administrator: two might suspend
// each other at once.
func (s *Service) mayDoWithout(ctx context.Context, store *Store, person uuid.UUID) error {
	if err := store.LockAdministration(ctx); err != nil {
		return err
	}
	last, err := store.LastOfTheirKind(ctx, []uuid.UUID{person}, s.now())
	if err == nil && last {
		return fault.InvalidField("person", "role.last_admin")
	}
	return err
}
