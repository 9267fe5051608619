package web

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/course"
)

const (
	preferenceCookie = "hocso_view"
	preferenceLife   = 365 * 24 * time.Hour
)

// preferences are how somebody likes to see the pages. They are the browser's,
// not the person's: the phone of a household is set up for its eyes once.
type preferences struct {
	Size   string // "s", "m" or "l"
	Theme  string // "light" or "contrast"
	Lang   string // "vi" or "en"
	Saver  string // data saver: "on", "off", or "auto" for what the browser asks for
	Tongue string // what lessons are read in: "vi", or a language of course.Languages
}

var (
	sizes  = []string{"m", "s", "l"} // the first is what a new visitor gets
	themes = []string{"light", "contrast"}
	langs  = []string{"vi", "en"}
	savers = []string{"auto", "on", "off"}
	// tongues are the languages of lessons.
	tongues = append([]string{"vi"}, course.Languages...)
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
	p.Saver = oneOf(savers, c.FormValue("saver"), p.Saver)
	p.Tongue = oneOf(tongues, c.FormValue("tongue"), p.Tongue)
	s.setCookie(c, preferenceCookie, strings.Join([]string{p.Size, p.Theme, p.Lang, p.Saver, p.Tongue}, "."), preferenceLife)
	return c.Redirect(localPath(c.FormValue("back"), "/"), fiber.StatusSeeOther)
}

func readPreferences(c *fiber.Ctx) preferences {
	parts := append(strings.Split(c.Cookies(preferenceCookie), "."), "", "", "", "", "")
	return preferences{
		Size:   oneOf(sizes, parts[0], sizes[0]),
		Theme:  oneOf(themes, parts[1], themes[0]),
		Lang:   oneOf(langs, parts[2], langs[0]),
		Saver:  oneOf(savers, parts[3], savers[0]),
		Tongue: oneOf(tongues, parts[4], tongues[0]),
	}
}

// saves tells whether pages are to be light: as chosen, else as the browser
// asks for with Save-Data.
func (p preferences) saves(c *fiber.Ctx) bool {
	return p.Saver == "on" || p.Saver == "auto" && c.Get("Save-Data") == "on"
}

func oneOf(allowed []string, value, fallback string) string {
	if slices.Contains(allowed, value) {
		return value
	}
	return fallback
}
