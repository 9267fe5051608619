package web

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	preferenceCookie = "hocso_view"
	preferenceLife   = 365 * 24 * time.Hour
)

// preferences are how somebody likes to see the pages. They are the browser's,
// not the person's: the phone of a household is set up for its eyes once.
type preferences struct {
	Size  string // "s", "m" or "l"
	Theme string // "light" or "contrast"
	Lang  string // "vi" or "en"
}

var (
	sizes  = []string{"m", "s", "l"} // the first is what a new visitor gets
	themes = []string{"light", "contrast"}
	langs  = []string{"vi", "en"}
)

func (s *site) preferenceRoutes() []Route {
	return []Route{
		{fiber.MethodPost, "/preferences", anyone, s.setPreferences},
	}
}

// setPreferences changes what the form names, keeps the rest and goes back.
func (s *site) setPreferences(c *fiber.Ctx) error {
	p := readPreferences(c)
	p.Size = oneOf(sizes, c.FormValue("size"), p.Size)
	p.Theme = oneOf(themes, c.FormValue("theme"), p.Theme)
	p.Lang = oneOf(langs, c.FormValue("lang"), p.Lang)
	s.setCookie(c, preferenceCookie, strings.Join([]string{p.Size, p.Theme, p.Lang}, "."), preferenceLife)
	return c.Redirect(localPath(c.FormValue("back"), "/"), fiber.StatusSeeOther)
}

func readPreferences(c *fiber.Ctx) preferences {
	parts := append(strings.Split(c.Cookies(preferenceCookie), "."), "", "", "")
	return preferences{
		Size:  oneOf(sizes, parts[0], sizes[0]),
		Theme: oneOf(themes, parts[1], themes[0]),
		Lang:  oneOf(langs, parts[2], langs[0]),
	}
}

func oneOf(allowed []string, value, fallback string) string {
	if slices.Contains(allowed, value) {
		return value
	}
	return fallback
}
