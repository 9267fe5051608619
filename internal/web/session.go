package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
)

const (
	sessionCookie = "hocso_session"
	deviceCookie  = "hocso_device"
)

// viewerOf is who is signed in, or nil.
func viewerOf(c *fiber.Ctx) *identity.Viewer {
	viewer, _ := c.Locals(viewerKey).(*identity.Viewer)
	return viewer
}

// keepSession gives the browser the tokens of the session and of the device.
func (s *site) keepSession(c *fiber.Ctx, entry *identity.Entry) {
	s.setCookie(c, sessionCookie, entry.Session, identity.SessionLife)
	s.setCookie(c, deviceCookie, entry.Device, identity.DeviceLife)
}

// from is where a request comes from.
func (s *site) from(c *fiber.Ctx) identity.From {
	return identity.From{Address: c.IP(), Browser: browserName(c.Get(fiber.HeaderUserAgent)), Device: c.Cookies(deviceCookie)}
}

// setCookie sets a cookie for our pages alone; a life of 0 or less removes it.
func (s *site) setCookie(c *fiber.Ctx, name, value string, life time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", Expires: s.Now().Add(life), MaxAge: int(life.Seconds()),
		HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: s.Config.SecureCookies,
	})
}

func (s *site) dropCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: "", Path: "/", Expires: time.Unix(1, 0),
		HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: s.Config.SecureCookies,
	})
}

// localPath keeps a "next" or "back" address on this site: an absolute path of
// ours, or the fallback.
func localPath(path, fallback string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") || len(path) > 500 {
		return fallback
	}
	return path
}
