package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/oidc"
	"hocso/views/signin"
)

const (
	flowCookie = "hocso_flow"
	flowLife   = 10 * time.Minute
)

// flow is what a browser keeps while it is at the provider.
type flow struct {
	oidc.Flow
	Next string `json:"next"`
	Link bool   `json:"link"` // the account shall be linked to who is signed in
}

func (s *site) oidcRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/sign-in/oidc", anyone, s.toProvider},
		{fiber.MethodGet, "/sign-in/oidc/callback", anyone, s.fromProvider},
		{fiber.MethodGet, "/me/identity", owners, s.linkAtProvider},
		{fiber.MethodPost, "/me/identity/unlink", owners, s.unlink},
	}
}

// toProvider sends somebody to the provider to prove who they are.
func (s *site) toProvider(c *fiber.Ctx) error {
	return s.sendToProvider(c, flow{Next: localPath(c.Query("next"), "/")})
}

// linkAtProvider sends the viewer there to link the account to themselves.
func (s *site) linkAtProvider(c *fiber.Ctx) error {
	return s.sendToProvider(c, flow{Next: "/me/account", Link: true})
}

func (s *site) sendToProvider(c *fiber.Ctx, f flow) error {
	if s.Provider == nil {
		return s.nowhere(c)
	}
	address, begun, err := s.Provider.Begin(c.UserContext(), s.callback(c))
	if fault.Is(err, fault.Unavailable) {
		s.Log.Warn("the OpenID Connect provider does not answer", "error", err)
		return s.signInFailed(c, fault.Unavailable, "oidc.unreachable")
	}
	if err != nil {
		return err
	}
	f.Flow = begun
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	s.setCookie(c, flowCookie, base64.RawURLEncoding.EncodeToString(raw), flowLife)
	return c.Redirect(address, fiber.StatusSeeOther)
}

// fromProvider takes somebody back from the provider and lets them in, or
// links the account to who is signed in.
func (s *site) fromProvider(c *fiber.Ctx) error {
	if s.Provider == nil {
		return s.nowhere(c)
	}
	f := readFlow(c.Cookies(flowCookie))
	s.dropCookie(c, flowCookie) // a flow is used once
	if c.Query("error") != "" {
		return s.signInFailed(c, fault.Invalid, "oidc.cancelled")
	}
	claims, err := s.Provider.Finish(c.UserContext(), s.callback(c), f.Flow, c.Query("state"), c.Query("code"))
	if err != nil {
		s.Log.Warn("an OpenID Connect sign-in failed", "error", err)
		key := "oidc.unreachable"
		if fault.Is(err, fault.Invalid) {
			key = "oidc.refused"
		}
		return s.signInFailed(c, fault.KindOf(err), key)
	}
	proven, ok := s.proven(claims)
	if !ok {
		return s.signInFailed(c, fault.Invalid, "oidc.not_allowed")
	}
	if f.Link {
		return s.linkTo(c, proven)
	}
	entry, err := s.Identity.SignInExternal(c.UserContext(), s.from(c), proven)
	if fault.Is(err, fault.Invalid) {
		return s.signInFailed(c, fault.Invalid, fault.FieldsOf(err)["login"])
	}
	if err != nil {
		return err
	}
	s.keepSession(c, entry)
	return c.Redirect(localPath(f.Next, "/"), fiber.StatusSeeOther)
}

func (s *site) linkTo(c *fiber.Ctx, proven identity.Proven) error {
	viewer := viewerOf(c)
	if viewer == nil || viewer.Guest || viewer.Assist != nil {
		return fault.New(fault.SignIn, "link an account")
	}
	err := s.Identity.LinkExternal(c.UserContext(), s.by(c), viewer, proven)
	if fault.Is(err, fault.Conflict) {
		return s.leadTo(c, "/me/account", "notice.linked_before")
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/me/account", "notice.linked")
}

// unlink takes the viewer's account at the provider away from theirs here.
func (s *site) unlink(c *fiber.Ctx) error {
	if err := s.Identity.Unlink(c.UserContext(), viewerOf(c)); err != nil {
		return err
	}
	return s.leadTo(c, "/me/account", "notice.unlinked")
}

// proven reads from the claims what the configuration names; ok is false when
// a claim that is required is missing or another.
func (s *site) proven(claims oidc.Claims) (proven identity.Proven, ok bool) {
	cfg := s.Config
	if name, value, required := strings.Cut(cfg.OIDCRequire, "="); required && claims.Text(name) != value {
		return proven, false
	}
	proven = identity.Proven{Issuer: cfg.OIDCIssuer, Subject: claims.Text(cfg.OIDCSubject), Match: identity.Match(cfg.OIDCMatch), Value: claims.Text(cfg.OIDCMatchClaim)}
	if verified, _ := claims["email_verified"].(bool); proven.Match == identity.MatchEmail && !verified {
		proven.Value = "" // anybody may type an address
	}
	return proven, proven.Subject != ""
}

// signInFailed shows the sign-in page with a sentence about the provider.
func (s *site) signInFailed(c *fiber.Ctx, kind fault.Kind, key string) error {
	c.Status(statuses[kind])
	return s.showSignIn(c, signin.Data{ProviderError: key})
}

func readFlow(cookie string) (f flow) {
	raw, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil || json.Unmarshal(raw, &f) != nil {
		return flow{}
	}
	return f
}

func (s *site) callback(c *fiber.Ctx) string { return s.address(c) + "/sign-in/oidc/callback" }

// address is where people reach the site, as configured or as this one did.
func (s *site) address(c *fiber.Ctx) string {
	if s.Config.URL != "" {
		return strings.TrimRight(s.Config.URL, "/")
	}
	return c.BaseURL()
}
