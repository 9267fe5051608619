package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/views/signin"
)

func (s *site) householdRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/switch", anyone, s.household},
		{fiber.MethodPost, "/switch", anyone, s.leaveForAnother},
		{fiber.MethodPost, "/switch/forget", owners, s.forgetMe},
		{fiber.MethodGet, "/switch/:person<guid>", anyone, s.household},
		{fiber.MethodPost, "/switch/:person<guid>", anyone, s.switchTo},
	}
}

// household offers the people who asked to be remembered on this device; of
// the one that was tapped it asks the PIN or the pictures.
func (s *site) household(c *fiber.Ctx) error { return s.showHousehold(c, signin.HouseholdData{}) }

func (s *site) showHousehold(c *fiber.Ctx, data signin.HouseholdData) error {
	people, err := s.Identity.OnDevice(c.UserContext(), c.Cookies(deviceCookie))
	if err != nil {
		return err
	}
	data.People, data.Viewer = people, viewerOf(c)
	if id := c.Params("person"); id != "" {
		for _, person := range people {
			if person.PersonID.String() == id {
				data.Chosen = person
			}
		}
		if data.Chosen == nil {
			return fault.New(fault.NotFound, "person on this device")
		}
	}
	return page(c, signin.Household(data))
}

// leaveForAnother ends the session of who holds the phone and shows the others.
func (s *site) leaveForAnother(c *fiber.Ctx) error {
	if err := s.Identity.End(c.UserContext(), c.Cookies(sessionCookie)); err != nil {
		return err
	}
	s.leave(c)
	return c.Redirect("/switch", fiber.StatusSeeOther)
}

// switchTo lets somebody of the household in who proves that it is them.
func (s *site) switchTo(c *fiber.Ctx) error {
	person, err := uuid.Parse(c.Params("person"))
	if err != nil {
		return fault.New(fault.NotFound, "person on this device")
	}
	secret := c.FormValue("secret")
	if secret == "" {
		chosen, done := readPictures(c)
		if !done {
			return s.showHousehold(c, signin.HouseholdData{Pictures: chosen})
		}
		if secret, err = identity.PictureKey(chosen); err != nil {
			return err
		}
	}
	entry, err := s.Identity.SignInOnDevice(c.UserContext(), s.from(c), person, secret)
	switch {
	case fault.Is(err, fault.Invalid):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showHousehold(c, signin.HouseholdData{Error: "signin.secret_wrong"})
	case fault.Is(err, fault.TooMany):
		c.Status(fiber.StatusTooManyRequests)
		return s.showHousehold(c, signin.HouseholdData{Error: "signin.wait"})
	case err != nil:
		return err
	}
	if err := s.Identity.End(c.UserContext(), c.Cookies(sessionCookie)); err != nil { // whoever was here has left
		return err
	}
	c.Set("Clear-Site-Data", `"cache"`)
	s.keepSession(c, entry)
	return c.Redirect("/me", fiber.StatusSeeOther)
}

// forgetMe takes the viewer off this device's list.
func (s *site) forgetMe(c *fiber.Ctx) error {
	if err := s.Identity.ForgetOnDevice(c.UserContext(), c.Cookies(deviceCookie), viewerOf(c).PersonID); err != nil {
		return err
	}
	return s.leadTo(c, "/me/account", "notice.forgotten_here")
}
