package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/views/signin"
)

const signOutPath = "/sign-out"

func (s *site) signInRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/sign-in", anyone, s.signInForm},
		{fiber.MethodPost, "/sign-in", anyone, s.signIn},
		{fiber.MethodPost, signOutPath, learners, s.signOut},
	}
}

func (s *site) signInForm(c *fiber.Ctx) error {
	return s.showSignIn(c, signin.Data{Next: localPath(c.Query("next"), "")})
}

// signIn signs in, or shows the form again with what was typed and one
// sentence that does not tell whether the name exists.
func (s *site) signIn(c *fiber.Ctx) error {
	data := signin.Data{Login: c.FormValue("login"), Next: localPath(c.FormValue("next"), ""), Listed: c.FormValue("listed") != ""}
	from := s.from(c)
	from.Listed = data.Listed
	entry, err := s.Identity.SignIn(c.UserContext(), from, data.Login, c.FormValue("password"))
	switch {
	case fault.Is(err, fault.Invalid):
		c.Status(fiber.StatusUnprocessableEntity)
		data.Error = fault.FieldsOf(err)["login"]
		return s.showSignIn(c, data)
	case fault.Is(err, fault.TooMany):
		c.Status(fiber.StatusTooManyRequests)
		data.Error = "signin.wait"
		return s.showSignIn(c, data)
	case err != nil:
		return err
	}
	return s.enter(c, entry)
}

// signOut ends the session here and on the server.
func (s *site) signOut(c *fiber.Ctx) error {
	if err := s.Identity.End(c.UserContext(), c.Cookies(sessionCookie)); err != nil {
		return err
	}
	s.leave(c)
	return s.leadTo(c, "/", "notice.signed_out")
}

// enter keeps the session and leads to where the person wanted to go.
func (s *site) enter(c *fiber.Ctx, entry *identity.Entry) error {
	return s.enterTo(c, entry, localPath(c.FormValue("next"), "/"))
}

// enterTo is enter for somebody who wanted to go to a page of ours.
func (s *site) enterTo(c *fiber.Ctx, entry *identity.Entry, next string) error {
	if asks, err := s.keepGuest(c); err != nil {
		return err
	} else if asks {
		next = claimPath
	}
	s.keepSession(c, entry)
	return c.Redirect(next, fiber.StatusSeeOther)
}

// leave takes the session away and tells the browser to forget the pages that
// it keeps, so that the next one to hold this phone can't go back to them.
func (s *site) leave(c *fiber.Ctx) {
	s.dropCookie(c, sessionCookie)
	c.Set("Clear-Site-Data", `"cache"`)
}

func (s *site) showSignIn(c *fiber.Ctx, data signin.Data) error {
	if s.Config.Demo {
		people, err := s.demoPeople(c)
		if err != nil {
			return err
		}
		data.Demo = people
	}
	data.Provider.Name = s.providerName()
	return page(c, signin.Page(data))
}

func (s *site) demoRoutes() []Route {
	return []Route{
		{fiber.MethodPost, "/demo/sign-in", anyone, s.demoSignIn},
	}
}

// demoSignIn signs in as the demonstration's person for a role; the route
// exists in demo mode only.
func (s *site) demoSignIn(c *fiber.Ctx) error {
	person, err := identity.NewStore(s.DB).PersonByLogin(c.UserContext(), identity.DemoLogin(identity.Role(c.FormValue("role"))))
	if err != nil {
		return err
	}
	entry, err := s.Identity.Begin(c.UserContext(), s.from(c), person.ID)
	if err != nil {
		return err
	}
	if identity.Role(c.FormValue("role")) == identity.Resident {
		if err := identity.NewStore(s.DB).Household(c.UserContext(), entry.Device, *person.HomeUnitID, s.Now()); err != nil {
			return err
		}
	}
	return s.enter(c, entry)
}

// demoPeople lists the demonstration's people, one per role.
func (s *site) demoPeople(c *fiber.Ctx) ([]signin.DemoPerson, error) {
	people, err := identity.NewStore(s.DB).DemoPeople(c.UserContext())
	if err != nil {
		return nil, err
	}
	shown := make([]signin.DemoPerson, len(people))
	for i, person := range people {
		shown[i] = signin.DemoPerson{Role: person.Role, Name: person.Name, Unit: person.Unit}
	}
	return shown, nil
}
