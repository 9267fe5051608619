package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"hocso/views/signin"
)

func (s *site) scanRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/sign-in/scan", anyone, s.scan},
	}
}

// scan shows the page that reads a card with the camera: the only one that may
// ask for it.
func (s *site) scan(c *fiber.Ctx) error {
	c.Set(fiber.HeaderPermissionsPolicy, strings.Replace(permissions, "camera=()", "camera=(self)", 1))
	return page(c, signin.Scan())
}
