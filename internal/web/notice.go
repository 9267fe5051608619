package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	noticeCookie = "hocso_notice"
	noticeLife   = time.Minute
)

// leadTo redirects and has the next page say something; notice is a catalogue key.
func (s *site) leadTo(c *fiber.Ctx, path, notice string) error {
	s.setCookie(c, noticeCookie, notice, noticeLife)
	return c.Redirect(path, fiber.StatusSeeOther)
}

// takeNotice reads what the last page left to be said, once.
func (s *site) takeNotice(c *fiber.Ctx) string {
	notice := c.Cookies(noticeCookie)
	if notice != "" {
		s.dropCookie(c, noticeCookie)
	}
	return notice
}
