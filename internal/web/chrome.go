package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/views/layout"
)

// chrome finds out who is asking and how they like to see pages, and hands it
// to the layout. Files and health need none of it.
func (s *site) chrome(c *fiber.Ctx) error {
	if quiet(c.Path()) {
		return c.Next()
	}
	chrome := s.frame(c)
	c.SetUserContext(layout.With(c.UserContext(), chrome))
	viewer, err := s.readSession(c)
	if err != nil {
		return err
	}
	c.Locals(viewerKey, viewer)
	chrome.Viewer, chrome.Nav, chrome.Notice = viewer, navigation(viewer, c.Path()), s.takeNotice(c)
	c.SetUserContext(layout.With(c.UserContext(), chrome))
	return c.Next()
}

// frame is what the layout shows to anybody: how they like to see pages.
func (s *site) frame(c *fiber.Ctx) layout.Chrome {
	p := readPreferences(c)
	return layout.Chrome{
		Lang: p.Lang, Theme: p.Theme, Size: p.Size, Saver: p.saves(c), Tongue: p.Tongue, Path: returnPath(c), Demo: s.Config.Demo, RequestID: requestID(c),
	}
}

func (s *site) readSession(c *fiber.Ctx) (*identity.Viewer, error) {
	token := c.Cookies(sessionCookie)
	if token == "" {
		return nil, nil
	}
	return s.Identity.Viewer(c.UserContext(), token)
}

// navigation lists what this viewer may open.
func navigation(viewer *identity.Viewer, path string) []layout.Link {
	links := []layout.Link{{Href: "/", TextKey: "nav.home"}}
	add := func(may bool, href, text string) {
		if may {
			links = append(links, layout.Link{Href: href, TextKey: text})
		}
	}
	add(true, "/practice", "nav.practice")
	add(viewer != nil, "/me", "nav.me")
	add(viewer.Has(identity.Official, identity.UnitHead, identity.ProvinceAdmin), "/me/programs", "program.nav_mine")
	add(viewer.Has(pilotReaders.Roles...), "/pilot", "nav.pilot")
	add(viewer.Has(pilotReaders.Roles...), boardPath, "program.nav_board")
	add(viewer.Has(keepers.Roles...), recordsPath, "certificate.nav_list")
	add(viewer.Has(helpers.Roles...), "/people", "nav.people")
	add(viewer.Has(helpers.Roles...), "/units", "nav.units")
	add(viewer.Has(helpers.Roles...), "/join-codes", "nav.join_codes")
	add(viewer.Has(managers.Roles...), "/requests", "nav.requests")
	add(viewer.Has(auditReaders.Roles...), "/audit", "nav.audit")
	add(viewer.Has(provinceAdmins.Roles...), templatesPath, "notify.nav_templates")
	add(viewer.Has(operators.Roles...), "/ops/queue", "nav.queue")
	add(viewer.Has(operators.Roles...), failuresPath, "notify.nav_failures")
	markCurrent(links, path)
	return links
}

// markCurrent marks the link that the page lies under: of several, the closest.
func markCurrent(links []layout.Link, path string) {
	closest := -1
	for i, link := range links {
		under := path == link.Href || link.Href != "/" && strings.HasPrefix(path, link.Href+"/")
		if under && (closest < 0 || len(link.Href) > len(links[closest].Href)) {
			closest = i
		}
	}
	if closest >= 0 {
		links[closest].Current = true
	}
}
