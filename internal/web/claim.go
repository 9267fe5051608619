package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/views/signin"
)

const (
	claimPath = "/sign-in/claim"
	// guestCookie holds a guest's session while somebody who signed in on the
	// same device is asked whether the guest was them.
	guestCookie = "hocso_guest"
	guestLife   = time.Hour
)

func (s *site) claimRoutes() []Route {
	return []Route{
		{fiber.MethodGet, claimPath, owners, s.askClaim},
		{fiber.MethodPost, claimPath, owners, s.claim},
	}
}

// keepGuest puts a guest's session aside when somebody signs in, and tells
// whether they have to be asked about it: on a shared phone the guest may have
// been somebody else.
func (s *site) keepGuest(c *fiber.Ctx) (asks bool, err error) {
	viewer := viewerOf(c)
	if viewer == nil || !viewer.Guest {
		return false, nil
	}
	learned, err := identity.NewStore(s.DB).HasLearned(c.UserContext(), viewer.PersonID)
	if err != nil || !learned {
		return false, err
	}
	s.setCookie(c, guestCookie, c.Cookies(sessionCookie), guestLife)
	return true, nil
}

// askClaim shows what was learned on this device and asks whose it is.
func (s *site) askClaim(c *fiber.Ctx) error {
	guest, err := s.guestAside(c)
	if err != nil {
		return err
	}
	if guest == nil {
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	all, err := s.Courses.AllProgress(c.UserContext(), guest.PersonID)
	if err != nil {
		return err
	}
	return page(c, signin.Claim(signin.ClaimData{All: all, Name: viewerOf(c).FullName}))
}

// claim makes what the guest did the viewer's, or leaves it alone.
func (s *site) claim(c *fiber.Ctx) error {
	guest, err := s.guestAside(c)
	if err != nil {
		return err
	}
	if guest == nil || c.FormValue("mine") != "yes" {
		s.dropCookie(c, guestCookie)
		return c.Redirect("/me", fiber.StatusSeeOther)
	}
	if err := s.Learner.Claim(c.UserContext(), guest.PersonID, viewerOf(c).PersonID, s.by(c)); err != nil {
		return err // an attempt is being graded, or they asked to be erased: they can come again
	}
	s.dropCookie(c, guestCookie)
	return s.leadTo(c, "/me", "notice.claimed")
}

// guestAside is the guest who learned on this device before; nil when there is none.
func (s *site) guestAside(c *fiber.Ctx) (*identity.Viewer, error) {
	token := c.Cookies(guestCookie)
	if token == "" {
		return nil, nil
	}
	guest, err := s.Identity.Viewer(c.UserContext(), token)
	if err != nil || guest == nil || !guest.Guest {
		return nil, err
	}
	return guest, nil
}

// by is the viewer as the audit log names them.
func (s *site) by(c *fiber.Ctx) audit.By {
	by := audit.By{Address: c.IP()}
	if viewer := viewerOf(c); viewer != nil {
		by.ActorID = &viewer.PersonID
		if viewer.Assist != nil {
			by.HelperID = &viewer.Assist.HelperID
		}
	}
	return by
}

// guestOf is the guest whom a registration on this device turns into a person.
func guestOf(c *fiber.Ctx) *uuid.UUID {
	if viewer := viewerOf(c); viewer != nil && viewer.Guest {
		return &viewer.PersonID
	}
	return nil
}
