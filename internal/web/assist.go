package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/views/people"
)

func (s *site) assistRoutes() []Route {
	return []Route{
		{fiber.MethodPost, "/people/:person<guid>/assist", helpers, s.beginAssist},
		{fiber.MethodPost, "/assist/end", signedIn, s.endAssist},
	}
}

// beginAssist lets the viewer act beside a resident, for half an hour and
// under a banner.
func (s *site) beginAssist(c *fiber.Ctx) error {
	person, err := s.personIn(c, viewerOf(c).Scope(identity.Helpers...))
	if err != nil {
		return err
	}
	err = s.Identity.BeginAssist(c.UserContext(), viewerOf(c), s.by(c), person.ID, identity.Support(c.FormValue("support")))
	if fault.Is(err, fault.Invalid) {
		return s.personDone(c, person.ID, err, "", people.PersonData{})
	}
	if err != nil {
		return err
	}
	return c.Redirect("/me", fiber.StatusSeeOther)
}

// endAssist brings the helper back to themselves, at the person they helped.
func (s *site) endAssist(c *fiber.Ctx) error {
	viewer := viewerOf(c)
	if err := s.Identity.EndAssist(c.UserContext(), viewer, s.by(c)); err != nil {
		return err
	}
	if viewer.Assist == nil {
		return c.Redirect("/", fiber.StatusSeeOther)
	}
	return s.leadTo(c, personPath(viewer.PersonID), "notice.assist_ended")
}
