package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// address is where people reach the site, as configured or as this one did.
func (s *site) address(c *fiber.Ctx) string {
	if s.Config.URL != "" {
		return strings.TrimRight(s.Config.URL, "/")
	}
	return c.BaseURL()
}
