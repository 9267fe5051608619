package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/platform/fault"
)

// Keys of what a request carries.
type key int

const (
	requestKey key = iota
	viewerKey
)

// observe gives the request an id, logs its end and measures it. The log holds
// the route's pattern and never the address, a body or a person.
func (s *site) observe(c *fiber.Ctx) error {
	began := time.Now()
	id := newID().String()
	c.Locals(requestKey, id)
	c.Set(fiber.HeaderXRequestID, id)
	if err := c.Next(); err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	status, took, route := c.Response().StatusCode(), time.Since(began), c.Route().Path
	s.Metrics.Request(route, c.Method(), status, took)
	level := slog.LevelInfo
	switch {
	case status >= 500:
		level = slog.LevelWarn
	case quiet(c.Path()):
		level = slog.LevelDebug
	}
	s.Log.Log(c.UserContext(), level, "request", "id", id, "method", c.Method(), "route", route,
		"status", status, "took", took.Round(time.Microsecond), "bytes", size(c))
	return nil
}

// size is how many bytes an answer has; -1 for one that is written while it is
// sent: asking for its body would read all of it into memory.
func size(c *fiber.Ctx) int {
	if c.Response().IsBodyStream() {
		return -1
	}
	return len(c.Response().Body())
}

// quiet tells the requests that come by themselves, many for each page: they
// are logged only to who asks for debug lines.
func quiet(path string) bool {
	for _, prefix := range []string{"/static/", "/media/", "/healthz", "/readyz", "/metrics", "/favicon.ico"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// recover turns a panic into an error with its stack in the log.
func (s *site) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("panic", "id", requestID(c), "route", c.Route().Path, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.Next()
}

// permissions keep pages from asking for what they have no use for.
const permissions = "camera=(), microphone=(), geolocation=()"

// headers sets what every answer carries. Pictures that editors send are
// served from the same site, so the policy forbids scripts outside our files.
func headers(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
		"font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, permissions)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Next()
}

// sameOrigin refuses writes that another site's page sends with our cookies,
// by the rule of Go's http.CrossOriginProtection: Sec-Fetch-Site where the
// browser sends it, else Origin against Host; neither means no browser.
func sameOrigin(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return c.Next()
	case "":
	default:
		return fault.New(fault.Forbidden, "cross-origin write")
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		parsed, err := url.Parse(origin)
		if err != nil || !strings.EqualFold(parsed.Host, string(c.Request().Host())) {
			return fault.New(fault.Forbidden, "cross-origin write")
		}
	}
	return c.Next()
}

// noNUL refuses what PostgreSQL's text can't hold and no page sends: the
// character of the number zero, in an address or a form. Files may hold it.
func noNUL(c *fiber.Ctx) error {
	sent := c.Request().RequestURI()
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationForm) {
		sent = append(slices.Clone(sent), c.Request().Body()...)
	}
	if bytes.Contains(sent, []byte("%00")) || bytes.IndexByte(sent, 0) >= 0 {
		return fault.New(fault.Invalid, "a NUL character")
	}
	return c.Next()
}

// alreadySmall keeps the compressor off answers that are compressed or tiny.
func alreadySmall(c *fiber.Ctx) bool {
	path := c.Path()
	return strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/healthz") || strings.HasPrefix(path, "/readyz")
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestKey).(string)
	return id
}
