// Package web is the site: routes, who may use them, and handlers that bind,
// ask one service and render or redirect.
//
// It must never hold a business rule or a line of SQL.
package web

import (
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/uptrace/bun"

	"hocso/internal/certificate"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/mastery"
	"hocso/internal/notify"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/metrics"
	"hocso/internal/platform/oidc"
	"hocso/internal/platform/queue"
	"hocso/internal/practice"
	"hocso/internal/program"
	"hocso/internal/quiz"
	"hocso/internal/roster"
)

const (
	// maxBody is the most bytes of a request body; a quiz's answers need about 4 KB.
	maxBody = 64 << 10
	// slowest is how long a client may take to send a request or read an answer:
	// long, because a village network is slow, not because we are.
	slowest = 60 * time.Second
	idle    = 90 * time.Second
)

// Deps are what the site works with.
type Deps struct {
	Config    *config.Config
	DB        *bun.DB
	Redis     *queue.Redis
	Library   *course.Library
	Courses   *course.Service
	Quiz      *quiz.Service
	Scenarios *practice.Library
	Practice  *practice.Service
	Mastery   *mastery.Service
	Pilot     *pilot.Service
	Programs  *program.Service
	Records   *certificate.Service
	Notices   *notify.Service
	Identity  *identity.Service
	Learner   *learner.Service
	Roster    *roster.Service
	Provider  *oidc.Client        // nil when there is none
	Signer    *certificate.Signer // nil when records are not signed
	Metrics   *metrics.Metrics
	Now       clock.Clock
	Log       *slog.Logger
}

// site holds what every handler needs.
type site struct{ Deps }

// New makes the site.
func New(deps Deps) *fiber.App {
	s := &site{deps}
	app := fiber.New(fiber.Config{
		AppName:               "hocso",
		DisableStartupMessage: true,
		// fasthttp reuses its buffers; a string kept from a request would change under us.
		Immutable:                 true,
		BodyLimit:                 maxBody,
		ReadTimeout:               slowest,
		WriteTimeout:              slowest,
		IdleTimeout:               idle,
		ErrorHandler:              s.fail,
		ProxyHeader:               proxyHeader(deps.Config),
		EnableIPValidation:        true,
		ReadBufferSize:            16 << 10, // of headers
		DisableDefaultContentType: true,
	})
	// A browser that is not told would send its next request into a closing connection.
	app.Server().CloseOnShutdown = true
	app.Server().HeaderReceived = s.bodyLimit
	app.Use(s.observe, s.recover, headers, sameOrigin, noNUL)
	app.Use(compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: alreadySmall}))
	app.Use(s.chrome)
	app.Use(calendarPath, calendarPace())
	for _, route := range s.routes() {
		app.Add(route.Method, route.Path, s.guard(route), route.handle)
	}
	app.Use(s.nowhere)
	s.Metrics.Ask(s.gauges)
	return app
}

func proxyHeader(cfg *config.Config) string {
	if cfg.TrustProxy {
		return fiber.HeaderXForwardedFor
	}
	return ""
}
