package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
)

const sessionCookie = "hocso_session"

// viewerOf is who is signed in, or nil.
func viewerOf(c *fiber.Ctx) *identity.Viewer {
	viewer, _ := c.Locals(viewerKey).(*identity.Viewer)
	return viewer
}

// keepSession gives the browser the session's token.
func (s *site) keepSession(c *fiber.Ctx, token string) {
	s.setCookie(c, sessionCookie, token, identity.SessionLife)
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
