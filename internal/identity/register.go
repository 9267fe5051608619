package identity

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Registration is what somebody tells of a resident to be registered: as
// little as it takes to know them again (name, year of birth, hamlet).
type Registration struct {
	ID        uuid.UUID  // made where the form was drawn: the same form sent twice is one person
	Guest     *uuid.UUID // who learned on this device until now and is this person
	FullName  string
	BirthYear string // as typed; "" when unknown
	UnitID    uuid.UUID
	Phone     string // as typed; "" for none
	PIN       string // chosen by themselves; "" when somebody else registers them
	Consent   Consent
}

// Then is done in the transaction of a registration, with the new person.
type Then func(ctx context.Context, tx bun.Tx, person *Person) error

// Register makes a person, with the role of a resident, a code of their own and
// their consent, all or nothing; then is done with it. The same registration
// again changes nothing and gives the person who was made.
func (s *Service) Register(ctx context.Context, by audit.By, r Registration, then Then) (*Person, error) {
	person, err := r.person(s.now())
	if err != nil {
		return nil, err
	}
	pin := ""
	if r.PIN != "" { // slow: before the transaction
		if pin, err = s.hash(ctx, r.PIN); err != nil {
			return nil, err
		}
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := NewStore(tx)
		made, err := store.register(ctx, person, r.Guest)
		if err != nil {
			return err
		}
		if !made {
			return store.reload(ctx, person)
		}
		if pin != "" {
			if err := store.setSecret(ctx, person.ID, "pin_hash", pin, s.now()); err != nil {
				return err
			}
		}
		if err := s.welcome(ctx, tx, by, person, r.Consent); err != nil {
			return err
		}
		return then(ctx, tx, person)
	})
	return person, err
}

// person makes the row of a registration, or says everything that is wrong with it.
func (r *Registration) person(now time.Time) (*Person, error) {
	person := &Person{ID: r.ID, HomeUnitID: &r.UnitID, CreatedAt: now, RegisteredAt: &now}
	if r.Guest != nil {
		person.ID = *r.Guest
	}
	problems := map[string]string{}
	var problem string
	if person.FullName, problem = ReadName(r.FullName); problem != "" {
		problems["name"] = problem
	}
	if person.BirthYear, problem = ReadBirthYear(r.BirthYear, now); problem != "" {
		problems["birth_year"] = problem
	}
	phone, err := readPhone(r.Phone)
	maps.Copy(problems, fault.FieldsOf(err))
	person.Phone = phone
	if r.PIN != "" {
		maps.Copy(problems, fault.FieldsOf(CheckPIN(r.PIN)))
	}
	maps.Copy(problems, r.Consent.check(person.BirthYear, now))
	if len(problems) > 0 {
		return nil, fault.InvalidFields(problems)
	}
	return person, nil
}

// Problems says what is wrong with a registration: field → catalogue key.
func (r *Registration) Problems(now time.Time) map[string]string {
	_, err := r.person(now)
	return fault.FieldsOf(err)
}

// ReadName tidies a full name; problem is the key of what is wrong with it, or "".
func ReadName(typed string) (name, problem string) {
	name = strings.Join(strings.Fields(typed), " ")
	switch {
	case name == "":
		return "", "person.name_missing"
	case len([]rune(name)) > 120:
		return "", "person.too_long"
	case strings.ContainsAny(name, "0123456789<>@=+"):
		return "", "person.name_form"
	}
	return name, ""
}

// ReadBirthYear reads an optional year of birth; problem is the key of what is
// wrong with it, or "".
func ReadBirthYear(typed string, now time.Time) (year *int, problem string) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return nil, ""
	}
	value, err := strconv.Atoi(typed)
	if err != nil || value < 1900 || value > now.In(clock.Zone).Year()-5 {
		return nil, "person.birth_year_form"
	}
	return &value, ""
}

// welcome gives a new person what every resident has.
func (s *Service) welcome(ctx context.Context, tx bun.Tx, by audit.By, person *Person, consent Consent) error {
	store, now := NewStore(tx), s.now()
	if err := store.AddGrants(ctx, &Grant{
		ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Role: Resident, UnitID: *person.HomeUnitID, StartsAt: now, GrantedBy: by.ActorID,
	}); err != nil {
		return err
	}
	if err := store.addFreeLogins(ctx, person); err != nil {
		return err
	}
	consent.PersonID, consent.Purpose = person.ID, Learning
	if by.ActorID == nil {
		by.ActorID = &person.ID // they registered themselves
	}
	if err := s.giveConsent(ctx, tx, by, person.HomeUnitID, &consent); err != nil {
		return err
	}
	return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{
		Action: audit.PersonRegister, SubjectID: &person.ID, UnitID: person.HomeUnitID,
		Changes: []audit.Change{{Field: "name", After: audit.MaskName(person.FullName)}},
	})
}

// register writes a new person, or makes a person of a guest; made is false
// when that was done before.
func (s *Store) register(ctx context.Context, person *Person, guest *uuid.UUID) (made bool, err error) {
	person.complete()
	insert := s.db.NewInsert().Model(person)
	if guest != nil {
		insert = insert.On("CONFLICT (id) DO UPDATE").Set("full_name = excluded.full_name, search = excluded.search, birth_year = excluded.birth_year").
			Set("home_unit_id = excluded.home_unit_id, phone = excluded.phone, code = excluded.code, registered_at = excluded.registered_at").
			Where("p.registered_at IS NULL").Where("p.merged_into IS NULL")
	} else {
		insert = insert.On("CONFLICT (id) DO NOTHING")
	}
	result, err := insert.Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "register")
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

func (s *Store) reload(ctx context.Context, person *Person) error {
	found, err := s.Person(ctx, person.ID)
	if err == nil {
		*person = *found
	}
	return err
}

// addFreeLogins lets a person sign in with their code, and with their phone
// unless somebody else of the household does.
func (s *Store) addFreeLogins(ctx context.Context, person *Person) error {
	logins := []*Login{{Login: strings.ToLower(*person.Code), PersonID: person.ID, Kind: LoginCode}}
	if person.Phone != nil {
		logins = append(logins, &Login{Login: *person.Phone, PersonID: person.ID, Kind: LoginPhone})
	}
	_, err := s.db.NewInsert().Model(&logins).On("CONFLICT DO NOTHING").Exec(ctx)
	return postgres.Wrap(err, "add logins")
}
