package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	certificateview "hocso/views/certificate"
	"hocso/views/people"
)

func (s *site) personRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/people/:person<guid>", helpers, s.person},
		{fiber.MethodPost, "/people/:person<guid>", managers, s.changePerson},
		{fiber.MethodPost, "/people/:person<guid>/suspend", managers, s.suspend},
		{fiber.MethodPost, "/people/:person<guid>/restore", managers, s.restore},
		{fiber.MethodPost, "/people/:person<guid>/reset", managers, s.resetSignIn},
		{fiber.MethodPost, "/people/:person<guid>/roles", managers, s.giveRole},
		{fiber.MethodPost, "/people/:person<guid>/roles/:role<guid>/end", managers, s.endRole},
		{fiber.MethodPost, "/people/:person<guid>/delegate", managers, s.delegate},
		{fiber.MethodPost, "/people/:person<guid>/positions", managers, s.appoint},
		{fiber.MethodPost, "/people/:person<guid>/positions/:position<guid>/end", managers, s.endPosition},
	}
}

// person shows somebody with their roles and positions, and what the viewer
// may do about them. Of a record that was merged it leads to the one that counts.
func (s *site) person(c *fiber.Ctx) error {
	record, err := s.recordIn(c, viewerOf(c).Scope(identity.Helpers...))
	if err != nil {
		return err
	}
	if record.MergedInto != nil {
		return c.Redirect(personPath(*record.MergedInto), fiber.StatusSeeOther)
	}
	return s.showPerson(c, people.PersonData{})
}

// showPerson fills in the page; data holds what a form sent in vain.
func (s *site) showPerson(c *fiber.Ctx, data people.PersonData) error {
	ctx, viewer := c.UserContext(), viewerOf(c)
	person, err := s.personIn(c, viewer.Scope(identity.Helpers...))
	if err != nil {
		return err
	}
	store := identity.NewStore(s.DB)
	data.Person, data.Today, data.Self = person, clock.Day(s.Now()), person.ID == viewer.PersonID
	if data.MayManage, err = s.Identity.MayManage(ctx, viewer, person.ID); err != nil {
		return err
	}
	if data.Grants, err = store.GrantsOf(ctx, person.ID, s.Now()); err != nil {
		return err
	}
	if data.Positions, err = store.Appointments(ctx, person.ID); err != nil {
		return err
	}
	if data.Card, err = store.CardOf(ctx, person.ID); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	} else if err != nil {
		data.Card = nil
	}
	if data.Consents, err = store.Consents(ctx, person.ID); err != nil {
		return err
	}
	if data.Progress, err = s.Courses.AllProgress(ctx, person.ID); err != nil {
		return err
	}
	if data.MayManage {
		data.Grantable = viewer.Grantable()
		if data.Choices, err = org.NewStore(s.DB).Choices(ctx, viewer.Scope(identity.Managers...)); err != nil {
			return err
		}
	}
	if data.MayManage && !data.Self {
		if err := s.findTwins(c, &data); err != nil {
			return err
		}
	}
	if viewer.Has(certificate.Keepers...) {
		data.Records = &certificateview.MineData{Today: data.Today}
		if data.Records.Records, err = certificate.NewStore(s.DB).Of(ctx, person.ID); err != nil {
			return err
		}
	}
	data.Lendable = lendable(viewer)
	return page(c, people.Person(data))
}

// findTwins looks for records that may be of the same person, and for those
// that were merged into this one.
func (s *site) findTwins(c *fiber.Ctx, data *people.PersonData) (err error) {
	if data.Merges, err = s.Learner.MergesInto(c.UserContext(), data.Person.ID); err != nil {
		return err
	}
	data.Twins, err = identity.NewStore(s.DB).Suspects(c.UserContext(), viewerOf(c).Scope(identity.Managers...), data.Person.AsRegistration(), s.Now())
	return err
}

// lendable lists the roles that the viewer may lend.
func lendable(viewer *identity.Viewer) []identity.Grant {
	var own []identity.Grant
	for _, grant := range viewer.Grants {
		if !grant.Delegated && viewer.Has(identity.Managers...) && grant.Role != identity.Resident && grant.Role != identity.Official && grant.Role != identity.TeamMember {
			own = append(own, grant)
		}
	}
	return own
}

// changePerson corrects what is known of somebody, or says beside each field
// what is wrong with it.
func (s *site) changePerson(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	form := people.Form{Name: c.FormValue("name"), BirthYear: c.FormValue("birth_year"), Phone: c.FormValue("phone"), Unit: c.FormValue("unit")}
	unit, err := org.NewStore(s.DB).Current(c.UserContext(), viewerOf(c).Scope(identity.Managers...), form.Unit)
	if fault.Is(err, fault.NotFound) {
		err = fault.InvalidField("unit", "person.unit_missing")
	}
	if err == nil {
		err = s.Identity.ChangePerson(c.UserContext(), viewerOf(c), s.by(c), person, identity.Change{
			FullName: form.Name, BirthYear: form.BirthYear, Phone: form.Phone, UnitID: unit.ID,
		})
	}
	return s.personDone(c, person.ID, err, "notice.saved", people.PersonData{Form: &form})
}

func (s *site) suspend(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	return s.personDone(c, person.ID, s.Identity.Suspend(c.UserContext(), viewerOf(c), s.by(c), person), "notice.suspended", people.PersonData{})
}

func (s *site) restore(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	return s.personDone(c, person.ID, s.Identity.Restore(c.UserContext(), viewerOf(c), s.by(c), person), "notice.restored", people.PersonData{})
}

// resetSignIn gives a temporary PIN to somebody who lost all they sign in
// with, and shows it this once.
func (s *site) resetSignIn(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	pin, err := s.Identity.Reset(c.UserContext(), viewerOf(c), s.by(c), person)
	if err != nil {
		return err
	}
	return s.showPerson(c, people.PersonData{NewPIN: pin})
}

func (s *site) giveRole(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	role := identity.Role(c.FormValue("role"))
	grant, err := s.grantFrom(c, person, role, viewerOf(c).GrantScope(role))
	if err == nil {
		err = s.Identity.Give(c.UserContext(), viewerOf(c), s.by(c), grant)
	}
	return s.personDone(c, person.ID, err, "notice.role_given", people.PersonData{})
}

// delegate lends one of the viewer's own roles to somebody of their units.
func (s *site) delegate(c *fiber.Ctx) error {
	person, err := s.personIn(c, viewerOf(c).Scope(identity.Managers...))
	if err != nil {
		return err
	}
	role := identity.Role(c.FormValue("role"))
	grant, err := s.grantFrom(c, person, role, viewerOf(c).Scope(role))
	if err == nil {
		err = s.Identity.Delegate(c.UserContext(), viewerOf(c), s.by(c), grant)
	}
	return s.personDone(c, person.ID, err, "notice.role_lent", people.PersonData{})
}

// grantFrom reads a role's form: unit, first day (today when empty) and last day.
func (s *site) grantFrom(c *fiber.Ctx, person *identity.Listed, role identity.Role, scope org.Scope) (*identity.Grant, error) {
	unit, err := org.NewStore(s.DB).Current(c.UserContext(), scope, c.FormValue("unit"))
	if fault.Is(err, fault.NotFound) {
		return nil, fault.InvalidField("role", "role.not_there")
	}
	if err != nil {
		return nil, err
	}
	grant := &identity.Grant{PersonID: person.ID, Role: role, UnitID: unit.ID, StartsAt: s.Now()}
	if typed := c.FormValue("starts"); typed != "" {
		day, err := time.ParseInLocation(time.DateOnly, typed, clock.Zone)
		if err != nil {
			return nil, fault.InvalidField("starts", "role.day_form")
		}
		if day.After(grant.StartsAt) {
			grant.StartsAt = day
		}
	}
	if typed := c.FormValue("ends"); typed != "" {
		day, err := time.ParseInLocation(time.DateOnly, typed, clock.Zone)
		if err != nil {
			return nil, fault.InvalidField("ends", "role.day_form")
		}
		end := day.AddDate(0, 0, 1) // the last day counts
		grant.EndsAt = &end
	}
	return grant, nil
}

func (s *site) endRole(c *fiber.Ctx) error {
	person, err := s.personIn(c, viewerOf(c).Scope(identity.Managers...))
	if err != nil {
		return err
	}
	err = s.Identity.Take(c.UserContext(), viewerOf(c), s.by(c), person.ID, uuid.MustParse(c.Params("role")))
	return s.personDone(c, person.ID, err, "notice.role_ended", people.PersonData{})
}

func (s *site) appoint(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	unit, err := org.NewStore(s.DB).Current(c.UserContext(), viewerOf(c).Scope(identity.UnitHead, identity.ProvinceAdmin), c.FormValue("unit"))
	if fault.Is(err, fault.NotFound) {
		err = fault.InvalidField("position", "unit.position_not_there")
	}
	if err == nil {
		err = s.Identity.Appoint(c.UserContext(), s.by(c), &identity.Appointment{
			PersonID: person.ID, UnitID: unit.ID, Position: c.FormValue("position"), Head: c.FormValue("head") != "",
		})
	}
	return s.personDone(c, person.ID, err, "notice.saved", people.PersonData{})
}

func (s *site) endPosition(c *fiber.Ctx) error {
	person, err := s.managed(c)
	if err != nil {
		return err
	}
	err = s.Identity.EndAppointment(c.UserContext(), s.by(c), person.ID, uuid.MustParse(c.Params("position")))
	return s.personDone(c, person.ID, err, "notice.saved", people.PersonData{})
}

// personDone leads back to the person, or shows the page again with what is wrong.
func (s *site) personDone(c *fiber.Ctx, person uuid.UUID, err error, notice string, data people.PersonData) error {
	if fault.Is(err, fault.Invalid) {
		data.Errors = fault.FieldsOf(err)
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showPerson(c, data)
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, personPath(person), notice)
}
