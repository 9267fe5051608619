package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/platform/fault"
	"hocso/views/static"
)

// forever lets browsers keep what is named by its content.
const forever = "public, max-age=31536000, immutable"

func (s *site) staticRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/static/:file", anyone, s.static},
		{fiber.MethodGet, "/media/:file", anyone, s.media},
		{fiber.MethodGet, "/favicon.ico", anyone, s.favicon},
	}
}

// media serves a course's picture. It may come from an editor: nothing in it
// may run, even when it is opened by itself.
func (s *site) media(c *fiber.Ctx) error {
	asset, err := s.Library.Asset(c.UserContext(), c.Params("file"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, asset.Mime)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	c.Set(fiber.HeaderCacheControl, forever)
	return c.Send(asset.Bytes)
}

// static serves a built file, compressed where that gains something.
func (s *site) static(c *fiber.Ctx) error {
	file, ok := static.Find(c.Params("file"))
	if !ok {
		return fault.New(fault.NotFound, "static file")
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, forever)
	if file.Brotli == nil {
		return c.Send(file.Bytes)
	}
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if c.AcceptsEncodings("br") == "br" {
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(file.Brotli)
	}
	return c.Send(file.Bytes)
}

// favicon answers browsers that ask for one without reading the page.
func (s *site) favicon(c *fiber.Ctx) error {
	logo, _ := static.Find(strings.TrimPrefix(static.Path("logo.svg"), "/static/"))
	c.Set(fiber.HeaderContentType, logo.Type)
	c.Set(fiber.HeaderCacheControl, forever)
	return c.Send(logo.Bytes)
}
