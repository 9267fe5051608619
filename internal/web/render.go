package web

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
)

// page answers with a page.
func page(c *fiber.Ctx, component templ.Component) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return component.Render(c.UserContext(), c.Response().BodyWriter())
}
