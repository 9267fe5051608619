package web

import (
	"context"
	"crypto/subtle"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/heartbeat"
	"hocso/internal/platform/metrics"
	"hocso/internal/platform/postgres"
	"hocso/internal/quiz"
	"hocso/migrations"
)

// readyLimit is how long readiness may take to find out.
const readyLimit = 2 * time.Second

func (s *site) healthRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/healthz", anyone, s.healthy},
		{fiber.MethodGet, "/readyz", anyone, s.ready},
		{fiber.MethodGet, "/metrics", anyone, s.metrics},
	}
}

// healthy says that this process answers.
func (s *site) healthy(c *fiber.Ctx) error { return c.SendString("ok\n") }

// ready says whether everything is there that learners need, part by part.
func (s *site) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), readyLimit)
	defer cancel()
	checks := map[string]string{
		"database":   readiness(s.DB.PingContext(ctx) == nil, "does not answer"),
		"redis":      readiness(s.Redis.Ping(ctx) == nil, "does not answer"),
		"migrations": readiness(s.migrated(ctx), "pending or unknown: run hocso migrate"),
		"worker":     readiness(s.worked(ctx), "none seen lately: run hocso work"),
	}
	status := fiber.StatusOK
	for _, check := range checks {
		if check != "ok" {
			status = fiber.StatusServiceUnavailable
		}
	}
	return c.Status(status).JSON(checks)
}

func readiness(ok bool, otherwise string) string {
	if ok {
		return "ok"
	}
	return otherwise
}

func (s *site) migrated(ctx context.Context) bool {
	pending, err := postgres.Pending(ctx, s.DB, migrations.FS)
	return err == nil && len(pending) == 0
}

func (s *site) worked(ctx context.Context) bool {
	alive, err := heartbeat.Any(ctx, s.DB, s.Now())
	return err == nil && alive
}

// metrics serves Prometheus: to whoever holds the token or, without one, to
// this machine itself when no proxy stands between.
func (s *site) metrics(c *fiber.Ctx) error {
	if !s.mayReadMetrics(c) {
		return fault.New(fault.NotFound, "metrics")
	}
	return adaptor.HTTPHandler(s.Metrics.Handler())(c)
}

func (s *site) mayReadMetrics(c *fiber.Ctx) bool {
	if token := s.Config.MetricsToken; token != "" {
		given := strings.TrimPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
		return subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
	}
	host, _, err := net.SplitHostPort(c.Context().RemoteAddr().String())
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback() && c.Get(fiber.HeaderXForwardedFor) == "" && c.Get("Forwarded") == ""
}

// gauges tells what waits, by PostgreSQL and by Redis.
func (s *site) gauges(ctx context.Context) []metrics.Gauge {
	var gauges []metrics.Gauge
	if waiting, oldest, err := quiz.NewStore(s.DB).Waiting(ctx); err == nil {
		age := 0.0
		if oldest != nil {
			age = s.Now().Sub(*oldest).Seconds()
		}
		gauges = append(gauges,
			metrics.Gauge{Name: "hocso_attempts_waiting", Help: "Submitted attempts without a grade.", Value: float64(waiting)},
			metrics.Gauge{Name: "hocso_attempts_oldest_seconds", Help: "Age of the oldest submitted attempt without a grade.", Value: age})
	}
	if behind, err := s.Pilot.Behind(ctx); err == nil {
		gauges = append(gauges, metrics.Gauge{Name: "hocso_events_behind", Help: "Progress events not yet in the figures.", Value: float64(behind)})
	}
	if depth, err := s.Redis.Depth(ctx); err == nil {
		gauges = append(gauges,
			metrics.Gauge{Name: "hocso_queue_pending", Help: "Tasks in Redis that wait for a worker.", Value: float64(depth.Pending)},
			metrics.Gauge{Name: "hocso_queue_active", Help: "Tasks in Redis that a worker holds.", Value: float64(depth.Active)},
			metrics.Gauge{Name: "hocso_queue_retry", Help: "Tasks in Redis that failed and will be tried again.", Value: float64(depth.Retry)},
			metrics.Gauge{Name: "hocso_queue_archived", Help: "Tasks in Redis that failed too often.", Value: float64(depth.Archived)})
	}
	return gauges
}
