package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/oidc"
	"hocso/views/layout"
	"hocso/views/signin"
)

const (
	callbackPath = "/sign-in/oidc/callback"
	// flowCookie holds the secret of a sign-in that is under way at the provider.
	flowCookie = "hocso_flow"
)

// oidcRoutes exist where a provider is configured.
func (s *site) oidcRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/sign-in/oidc", anyone, s.signInElsewhere},
		{fiber.MethodGet, callbackPath, anyone, s.backFromElsewhere},
		{fiber.MethodGet, identityPath, owners, s.identities},
		{fiber.MethodGet, identityPath + "/link", owners, s.linkIdentity},
		{fiber.MethodPost, identityPath + "/unlink", owners, s.unlinkIdentity},
	}
}

// signInElsewhere leads to the provider.
func (s *site) signInElsewhere(c *fiber.Ctx) error {
	next := localPath(c.Query("next"), "/")
	if err := s.leadElsewhere(c, next, nil); err != nil {
		return s.notEntered(c, next, err)
	}
	return nil
}

// leadElsewhere begins a flow; links is the person who links an account, nil
// for somebody who signs in.
func (s *site) leadElsewhere(c *fiber.Ctx, next string, links *uuid.UUID) error {
	flow := oidc.NewFlow()
	address, err := s.Provider.Begin(c.UserContext(), flow, s.address(c)+callbackPath)
	if err != nil {
		return err
	}
	if err := s.Identity.BeginFlow(c.UserContext(), s.from(c), string(flow), next, links); err != nil {
		return err
	}
	s.setCookie(c, flowCookie, string(flow), identity.FlowLife)
	return c.Redirect(address, fiber.StatusSeeOther)
}

// backFromElsewhere takes the provider's answer, once. An answer to another
// flow leaves this one alone: anybody can lead a browser here.
func (s *site) backFromElsewhere(c *fiber.Ctx) error {
	flow := oidc.Flow(c.Cookies(flowCookie))
	if !flow.Expects(c.Query("state")) {
		return s.notEntered(c, "", oidc.Stale())
	}
	s.dropCookie(c, flowCookie)
	begun, err := s.Identity.TakeFlow(c.UserContext(), s.from(c), string(flow))
	switch {
	case fault.Is(err, fault.NotFound):
		return s.notEntered(c, "", oidc.Stale())
	case err != nil:
		return err
	case begun.PersonID != nil:
		return s.finishLink(c, flow, *begun.PersonID)
	}
	return s.finishSignIn(c, flow, begun.Next)
}

// finishSignIn signs in whom the provider vouches for.
func (s *site) finishSignIn(c *fiber.Ctx, flow oidc.Flow, next string) error {
	external, err := s.vouchedFor(c, flow)
	if err != nil {
		return s.notEntered(c, next, err)
	}
	entry, err := s.Identity.SignInExternal(c.UserContext(), s.from(c), *external)
	if err != nil {
		return s.notEntered(c, next, err)
	}
	return s.enterTo(c, entry, localPath(next, "/"))
}

// vouchedFor asks the provider whom its answer stands for.
func (s *site) vouchedFor(c *fiber.Ctx, flow oidc.Flow) (*identity.External, error) {
	answer := oidc.Answer{State: c.Query("state"), Code: c.Query("code"), Error: c.Query("error")}
	account, err := s.Provider.Finish(c.UserContext(), flow, s.address(c)+callbackPath, answer)
	if err != nil {
		return nil, err
	}
	return &identity.External{
		Issuer: account.Issuer, Subject: account.Subject,
		By: identity.Match(s.Config.OIDC.Match), Claim: account.Match, EmailVerified: account.EmailVerified,
	}, nil
}

// notEntered shows the sign-in page with what went wrong.
func (s *site) notEntered(c *fiber.Ctx, next string, err error) error {
	problem, err := s.elsewhereProblem(c, err)
	if err != nil {
		return err
	}
	s.stripLeadsTo(c, "/sign-in")
	return s.showSignIn(c, signin.Data{Next: localPath(next, ""), Provider: signin.Provider{Error: problem}})
}

// stripLeadsTo has the page's own buttons lead to a page of ours and not back
// to the provider's answer, which is taken once.
func (s *site) stripLeadsTo(c *fiber.Ctx, path string) {
	chrome := layout.From(c.UserContext())
	chrome.Path = path
	c.SetUserContext(layout.With(c.UserContext(), chrome))
}

// elsewhereProblem sets the status for what went wrong between the provider,
// the person and us, and gives the words for it; other errors come back.
func (s *site) elsewhereProblem(c *fiber.Ctx, err error) (problem string, other error) {
	switch fault.KindOf(err) {
	case fault.Invalid:
		problem = fault.FieldsOf(err)[oidc.Field]
	case fault.Unavailable:
		problem = "oidc.down"
		c.Set(fiber.HeaderRetryAfter, "5")
	case fault.TooMany:
		problem = "oidc.wait"
	}
	if problem == "" {
		return "", err
	}
	s.Log.Warn("not signed in through the provider", "id", requestID(c), "why", problem, "error", err)
	c.Status(statuses[fault.KindOf(err)])
	return problem, nil
}

// providerName is what people call an account at the provider, "" where there
// is no provider.
func (s *site) providerName() string {
	if s.Provider == nil {
		return ""
	}
	return s.Config.OIDC.Name
}
