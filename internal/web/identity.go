package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/platform/oidc"
	"hocso/views/account"
)

// identityPath is the viewer's accounts elsewhere.
const identityPath = "/me/identity"

func (s *site) identities(c *fiber.Ctx) error { return s.showIdentities(c, "") }

// linkIdentity leads to the provider and back to the viewer's accounts. Another
// site's page that leads here is not the viewer's wish.
func (s *site) linkIdentity(c *fiber.Ctx) error {
	if from := c.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" {
		return c.Redirect(identityPath, fiber.StatusSeeOther)
	}
	if err := s.leadElsewhere(c, identityPath, &viewerOf(c).PersonID); err != nil {
		return s.notLinked(c, err)
	}
	return nil
}

// finishLink links the account that the provider vouches for to the person who
// set out to, if it is they who came back.
func (s *site) finishLink(c *fiber.Ctx, flow oidc.Flow, person uuid.UUID) error {
	viewer := viewerOf(c)
	if viewer == nil || viewer.PersonID != person || viewer.Assist != nil {
		return s.notEntered(c, "", oidc.Stale())
	}
	external, err := s.vouchedFor(c, flow)
	if err != nil {
		return s.notLinked(c, err)
	}
	if err := s.Identity.Link(c.UserContext(), s.by(c), viewer, *external); err != nil {
		return s.notLinked(c, err)
	}
	return s.leadTo(c, identityPath, "notice.identity_linked")
}

// unlinkIdentity takes the viewer's account at a provider away.
func (s *site) unlinkIdentity(c *fiber.Ctx) error {
	if err := s.Identity.Unlink(c.UserContext(), s.by(c), viewerOf(c), c.FormValue("issuer")); err != nil {
		return s.notLinked(c, err)
	}
	return s.leadTo(c, identityPath, "notice.identity_unlinked")
}

// notLinked shows the viewer's accounts with what went wrong.
func (s *site) notLinked(c *fiber.Ctx, err error) error {
	problem, err := s.elsewhereProblem(c, err)
	if err != nil {
		return err
	}
	s.stripLeadsTo(c, identityPath)
	return s.showIdentities(c, problem)
}

func (s *site) showIdentities(c *fiber.Ctx, problem string) error {
	linked, err := identity.NewStore(s.DB).ExternalIdentities(c.UserContext(), viewerOf(c).PersonID)
	if err != nil {
		return err
	}
	return page(c, account.Identities(account.IdentityData{
		Name: s.providerName(), Issuer: s.Config.OIDC.Issuer, Identities: linked, Error: problem,
	}))
}
