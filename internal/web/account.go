package web

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/views/account"
)

// secretPath is where somebody chooses their own PIN or password.
const secretPath = "/me/secret"

func (s *site) accountRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/me/welcome", owners, s.welcome},
		{fiber.MethodGet, "/me/account", owners, s.account},
		{fiber.MethodGet, secretPath, owners, s.secretForm},
		{fiber.MethodPost, secretPath, owners, s.changeSecret},
		{fiber.MethodPost, "/me/sessions/end", owners, s.endOtherSessions},
		{fiber.MethodPost, "/me/sessions/:session<guid>/end", owners, s.endSession},
		{fiber.MethodPost, "/me/device", owners, s.rememberHere},
	}
}

// welcome tells somebody new the code that they sign in with.
func (s *site) welcome(c *fiber.Ctx) error {
	person, err := identity.NewStore(s.DB).Person(c.UserContext(), viewerOf(c).PersonID)
	if err != nil {
		return err
	}
	return page(c, account.Welcome(person))
}

// account shows how the viewer signs in and where they are signed in.
func (s *site) account(c *fiber.Ctx) error {
	viewer, store := viewerOf(c), identity.NewStore(s.DB)
	data := account.Data{Viewer: viewer, Provider: s.providerName()}
	var err error
	if data.Person, err = store.Person(c.UserContext(), viewer.PersonID); err != nil {
		return err
	}
	if data.Logins, err = store.Logins(c.UserContext(), viewer.PersonID); err != nil {
		return err
	}
	if data.Sessions, err = store.Sessions(c.UserContext(), viewer.PersonID, s.Now()); err != nil {
		return err
	}
	onDevice, err := s.Identity.OnDevice(c.UserContext(), c.Cookies(deviceCookie))
	if err != nil {
		return err
	}
	for _, person := range onDevice {
		data.Remembered = data.Remembered || person.PersonID == viewer.PersonID
	}
	return page(c, account.Page(data))
}

func (s *site) secretForm(c *fiber.Ctx) error {
	return page(c, account.Secret(account.SecretData{Temporary: viewerOf(c).Temporary}))
}

// changeSecret sets the viewer's own PIN or password; all their other sessions end.
func (s *site) changeSecret(c *fiber.Ctx) error {
	viewer := viewerOf(c)
	err := s.newSecret(c, viewer)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) {
		data := account.SecretData{Temporary: viewer.Temporary, Errors: fault.FieldsOf(err)}
		if fault.Is(err, fault.TooMany) {
			data.Errors = map[string]string{"current": "signin.wait"}
		}
		c.Status(statuses[fault.KindOf(err)])
		return page(c, account.Secret(data))
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/me/account", "notice.secret_changed")
}

func (s *site) newSecret(c *fiber.Ctx, viewer *identity.Viewer) error {
	secret := c.FormValue("secret")
	if secret != c.FormValue("again") {
		return fault.InvalidField("again", "join.pin_differs")
	}
	return s.Identity.ChangeSecret(c.UserContext(), s.from(c), s.by(c), viewer, c.FormValue("current"), secret)
}

// endSession signs one of the viewer's browsers out.
func (s *site) endSession(c *fiber.Ctx) error {
	if err := identity.NewStore(s.DB).EndSessionOf(c.UserContext(), viewerOf(c).PersonID, uuid.MustParse(c.Params("session"))); err != nil {
		return err
	}
	return s.leadTo(c, "/me/account", "notice.session_ended")
}

// endOtherSessions signs the viewer out everywhere but here.
func (s *site) endOtherSessions(c *fiber.Ctx) error {
	if err := s.Identity.SignOutElsewhere(c.UserContext(), s.by(c), viewerOf(c)); err != nil {
		return err
	}
	return s.leadTo(c, "/me/account", "notice.sessions_ended")
}

// rememberHere puts the viewer on the list of the people of this device.
func (s *site) rememberHere(c *fiber.Ctx) error {
	from := s.from(c)
	from.Listed = true
	var token string
	err := s.DB.RunInTx(c.UserContext(), nil, func(ctx context.Context, tx bun.Tx) (err error) {
		token, err = identity.NewStore(tx).RememberOnDevice(ctx, from, viewerOf(c).PersonID, s.Now())
		return err
	})
	if err != nil {
		return err
	}
	s.setCookie(c, deviceCookie, token, identity.DeviceLife)
	return s.leadTo(c, "/me/account", "notice.remembered_here")
}
