package web

import (
	"context"
	"maps"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/views/people"
)

func (s *site) registerRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/people/new", helpers, s.registerForm},
		{fiber.MethodPost, "/people", helpers, s.register},
	}
}

// registerForm is the form with which a helper registers a resident in half a minute.
func (s *site) registerForm(c *fiber.Ctx) error {
	return s.showRegister(c, people.NewData{Form: people.Form{ID: newID(), Unit: c.Cookies(unitCookie), How: identity.Spoken, Witness: viewerOf(c).FullName}})
}

// register registers a resident. Somebody like them who is registered already
// is shown first, to be told apart or opened.
func (s *site) register(c *fiber.Ctx) error {
	ctx, scope := c.UserContext(), viewerOf(c).Scope(identity.Helpers...)
	form, registration := readRegistration(c)
	unit, err := org.NewStore(s.DB).Current(ctx, scope, form.Unit)
	if fault.Is(err, fault.NotFound) {
		problems := map[string]string{"unit": "person.unit_missing"}
		maps.Copy(problems, registration.Problems(s.Now())) // all at once
		return s.registerAgain(c, form, problems)
	}
	if err != nil {
		return err
	}
	registration.UnitID = unit.ID
	if c.FormValue("another") == "" {
		suspects, err := identity.NewStore(s.DB).Suspects(ctx, scope, registration, s.Now())
		if err != nil {
			return err
		}
		if len(suspects) > 0 {
			return s.showRegister(c, people.NewData{Form: form, Suspects: suspects})
		}
	}
	person, err := s.Identity.Register(ctx, s.by(c), registration, nothingMore)
	if fault.Is(err, fault.Invalid) {
		return s.registerAgain(c, form, fault.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	s.setCookie(c, unitCookie, unit.Code, preferenceLife) // the next one lives nearby
	return s.leadTo(c, personPath(person.ID), "notice.registered")
}

// unitCookie remembers where the last resident was registered.
const unitCookie = "hocso_unit"

func nothingMore(context.Context, bun.Tx, *identity.Person) error { return nil }

// readRegistration reads the form, once as typed and once as a registration.
func readRegistration(c *fiber.Ctx) (people.Form, identity.Registration) {
	form := people.Form{
		Name: c.FormValue("name"), BirthYear: c.FormValue("birth_year"), Phone: c.FormValue("phone"), Unit: c.FormValue("unit"),
		How: identity.How(c.FormValue("how")), Witness: c.FormValue("witness"), Guardian: c.FormValue("guardian"), Agreed: c.FormValue("agreed") != "",
	}
	var err error
	if form.ID, err = uuid.Parse(c.FormValue("id")); err != nil {
		form.ID = newID()
	}
	registration := identity.Registration{
		ID: form.ID, FullName: form.Name, BirthYear: form.BirthYear, Phone: form.Phone,
		Consent: identity.Consent{How: form.How, Witness: form.Witness, Guardian: form.Guardian},
	}
	if !form.Agreed {
		registration.Consent.How = "" // silence is no consent
	}
	return form, registration
}

func (s *site) registerAgain(c *fiber.Ctx, form people.Form, problems map[string]string) error {
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showRegister(c, people.NewData{Form: form, Errors: problems})
}

func (s *site) showRegister(c *fiber.Ctx, data people.NewData) error {
	var err error
	data.Choices, err = org.NewStore(s.DB).Choices(c.UserContext(), viewerOf(c).Scope(identity.Helpers...))
	if err != nil {
		return err
	}
	return page(c, people.New(data))
}
