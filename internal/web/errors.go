package web

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/views/layout"
	"hocso/views/status"
)

// statuses gives each kind of fault its HTTP status, in this one place.
var statuses = map[fault.Kind]int{
	fault.Invalid:     fiber.StatusUnprocessableEntity,
	fault.SignIn:      fiber.StatusUnauthorized,
	fault.Forbidden:   fiber.StatusForbidden,
	fault.NotFound:    fiber.StatusNotFound,
	fault.Conflict:    fiber.StatusConflict,
	fault.TooLarge:    fiber.StatusRequestEntityTooLarge,
	fault.TooMany:     fiber.StatusTooManyRequests,
	fault.Unavailable: fiber.StatusServiceUnavailable,
	fault.Internal:    fiber.StatusInternalServerError,
}

// fail turns an error into a page. Whoever is not signed in is led to the
// sign-in page and back.
func (s *site) fail(c *fiber.Ctx, err error) error {
	kind := kindOf(err)
	if kind == fault.SignIn {
		return c.Redirect("/sign-in?next="+url.QueryEscape(returnPath(c)), fiber.StatusSeeOther)
	}
	if kind == fault.Internal || kind == fault.Unavailable {
		s.Log.Error("request failed", "id", requestID(c), "method", c.Method(), "route", c.Route().Path, "error", err)
	}
	if kind == fault.Unavailable || kind == fault.TooMany {
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	c.Status(statuses[kind])
	if layout.From(c.UserContext()).RequestID == "" { // it failed before the frame was made
		c.SetUserContext(layout.With(c.UserContext(), s.frame(c)))
	}
	return page(c, status.Page(status.Data{Kind: kind, RequestID: requestID(c)}))
}

// kindOf reads the kind of an error, Fiber's own and the database's included.
func kindOf(err error) fault.Kind {
	var own *fiber.Error
	switch {
	case errors.As(err, &own):
		switch own.Code {
		case fiber.StatusRequestEntityTooLarge:
			return fault.TooLarge
		case fiber.StatusNotFound, fiber.StatusMethodNotAllowed:
			return fault.NotFound
		case fiber.StatusRequestTimeout, fiber.StatusServiceUnavailable:
			return fault.Unavailable
		}
		if own.Code < 500 {
			return fault.Invalid
		}
		return fault.Internal
	case postgres.IsDown(err):
		return fault.Unavailable
	}
	return fault.KindOf(err)
}

// returnPath is where somebody wanted to go: the page itself, or for a form
// the page that it stood on.
func returnPath(c *fiber.Ctx) string {
	if c.Method() == fiber.MethodGet {
		return localPath(c.OriginalURL(), "/")
	}
	if from, err := url.Parse(c.Get(fiber.HeaderReferer)); err == nil && from.Host == string(c.Request().Host()) {
		return localPath(from.Path, "/")
	}
	return "/"
}
