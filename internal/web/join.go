package web

import (
	"maps"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/shortcode"
	"hocso/views/people"
	"hocso/views/signin"
)

func (s *site) joinRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/join", anyone, s.joinForm},
		{fiber.MethodPost, "/join", anyone, s.findJoin},
		{fiber.MethodGet, "/join/:code", anyone, s.joinRegister},
		{fiber.MethodPost, "/join/:code", anyone, s.join},
	}
}

func (s *site) joinForm(c *fiber.Ctx) error { return page(c, signin.Join(signin.JoinData{})) }

// findJoin leads to the registration of the hamlet or class whose code was typed.
func (s *site) findJoin(c *fiber.Ctx) error {
	code, err := s.Identity.JoinCode(c.UserContext(), s.from(c), c.FormValue("code"))
	if key := joinProblem(err); key != "" {
		c.Status(statuses[fault.KindOf(err)])
		return page(c, signin.Join(signin.JoinData{Typed: c.FormValue("code"), Error: key}))
	}
	if err != nil {
		return err
	}
	return c.Redirect(joinPath(code.Code), fiber.StatusSeeOther)
}

// joinProblem is the key of what to say beside the code, or "".
func joinProblem(err error) string {
	switch {
	case fault.Is(err, fault.TooMany):
		return "signin.wait"
	case fault.Is(err, fault.Invalid):
		return "join.code_wrong"
	}
	return ""
}

// joinRegister shows the registration of a code.
func (s *site) joinRegister(c *fiber.Ctx) error {
	return s.showJoin(c, signin.JoinRegisterData{Form: people.Form{ID: newID()}, Listed: true})
}

// join registers somebody with a code, makes what they learned on this device
// theirs, and signs them in.
func (s *site) join(c *fiber.Ctx) error {
	code, err := s.Identity.JoinCode(c.UserContext(), s.from(c), c.Params("code"))
	if joinProblem(err) != "" {
		return s.showJoin(c, signin.JoinRegisterData{})
	}
	if err != nil {
		return err
	}
	form, registration := readRegistration(c)
	form.PIN, form.PINAgain = c.FormValue("pin"), c.FormValue("pin_again")
	registration.PIN, registration.Guest = form.PIN, guestOf(c)
	if form.Agreed {
		registration.Consent.How = identity.BySelf
	}
	person, err := s.registerHere(c, code, registration, form)
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showJoin(c, signin.JoinRegisterData{Form: form, Errors: fault.FieldsOf(err), Listed: c.FormValue("listed") != ""})
	}
	if err != nil {
		return err
	}
	from := s.from(c)
	from.Listed = c.FormValue("listed") != ""
	entry, err := s.Identity.SignIn(c.UserContext(), from, *person.Code, form.PIN) // proves that a form sent again is theirs
	if err != nil {
		return err
	}
	s.keepSession(c, entry)
	return c.Redirect("/me/welcome", fiber.StatusSeeOther)
}

func (s *site) registerHere(c *fiber.Ctx, code *identity.JoinCode, registration identity.Registration, form people.Form) (*identity.Person, error) {
	if form.PIN != form.PINAgain {
		return nil, fault.InvalidField("pin_again", "join.pin_differs")
	}
	below := org.Scope{Units: []uuid.UUID{code.UnitID}}
	unit, err := org.NewStore(s.DB).Current(c.UserContext(), below, form.Unit)
	if fault.Is(err, fault.NotFound) {
		problems := map[string]string{"unit": "person.unit_missing"}
		maps.Copy(problems, registration.Problems(s.Now())) // all at once
		return nil, fault.InvalidFields(problems)
	}
	if err != nil {
		return nil, err
	}
	registration.UnitID = unit.ID
	return s.Identity.Join(c.UserContext(), s.by(c), code, registration, s.Learner.Adopt)
}

// showJoin shows the registration of the code in the address; a code that does
// not work leads back to typing it.
func (s *site) showJoin(c *fiber.Ctx, data signin.JoinRegisterData) error {
	code, err := s.Identity.JoinCode(c.UserContext(), s.from(c), c.Params("code"))
	if key := joinProblem(err); key != "" {
		c.Status(statuses[fault.KindOf(err)])
		return page(c, signin.Join(signin.JoinData{Typed: c.Params("code"), Error: key}))
	}
	if err != nil {
		return err
	}
	data.Code, data.Guest = code, guestOf(c) != nil
	if data.Choices, err = org.NewStore(s.DB).Choices(c.UserContext(), org.Scope{Units: []uuid.UUID{code.UnitID}}); err != nil {
		return err
	}
	return page(c, signin.JoinRegister(data))
}

func joinPath(code string) string { return "/join/" + shortcode.Show(code) }

func (s *site) joinCodeRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/join-codes", helpers, s.joinCodes},
		{fiber.MethodPost, "/join-codes", helpers, s.makeJoinCode},
		{fiber.MethodPost, "/join-codes/:code/end", helpers, s.endJoinCode},
	}
}

// joinCodes lists the codes that work where the viewer looks after residents.
func (s *site) joinCodes(c *fiber.Ctx) error { return s.showJoinCodes(c, people.JoinCodesData{}) }

func (s *site) showJoinCodes(c *fiber.Ctx, data people.JoinCodesData) error {
	scope := viewerOf(c).Scope(identity.Helpers...)
	var err error
	if data.Codes, err = identity.NewStore(s.DB).JoinCodes(c.UserContext(), scope, s.Now()); err != nil {
		return err
	}
	if data.Choices, err = org.NewStore(s.DB).Choices(c.UserContext(), scope); err != nil {
		return err
	}
	data.Lives, data.Site = identity.JoinLives, c.Hostname()
	return page(c, people.JoinCodes(data))
}

func (s *site) makeJoinCode(c *fiber.Ctx) error {
	unit, err := org.NewStore(s.DB).Current(c.UserContext(), viewerOf(c).Scope(identity.Helpers...), c.FormValue("unit"))
	if fault.Is(err, fault.NotFound) {
		err = fault.InvalidField("unit", "person.unit_missing")
	}
	if err == nil {
		_, err = s.Identity.MakeJoinCode(c.UserContext(), s.by(c), unit.ID, c.FormValue("label"), joinLife(c.FormValue("hours")))
	}
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showJoinCodes(c, people.JoinCodesData{Errors: fault.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/join-codes", "notice.join_code_made")
}

// joinLife reads how long a code shall last: one of those offered, else a day.
func joinLife(hours string) time.Duration {
	for _, life := range identity.JoinLives {
		if hours == life.String() {
			return life
		}
	}
	return 24 * time.Hour
}

func (s *site) endJoinCode(c *fiber.Ctx) error {
	if err := s.Identity.EndJoinCode(c.UserContext(), s.by(c), viewerOf(c).Scope(identity.Helpers...), c.Params("code")); err != nil {
		return err
	}
	return s.leadTo(c, "/join-codes", "notice.join_code_ended")
}
