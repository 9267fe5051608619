package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/uptrace/bun"

	"hocso/internal/certificate"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/jobs"
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
	"hocso/internal/web"
)

// app is every part, put together once.
type app struct {
	cfg      *config.Config
	log      *slog.Logger
	db       *bun.DB
	redis    *queue.Redis
	bell     *queue.Bell
	metrics  *metrics.Metrics
	library  *course.Library
	courses  *course.Service
	quiz     *quiz.Service
	pilot    *pilot.Service
	identity *identity.Service
	learner  *learner.Service
	roster   *roster.Service

	scenarios *practice.Library
	practice  *practice.Service
	mastery   *mastery.Service
	programs  *program.Service
	signer    *certificate.Signer // nil where nothing is signed
	records   *certificate.Service
	notices   *notify.Service
}

// errNoDatabase and errNoRedis say what to set.
var (
	errNoDatabase = errors.New("HOCSO_DATABASE_URL is not set; give it, or use 'hocso up', which starts its own PostgreSQL")
	errNoRedis    = errors.New("HOCSO_REDIS_URL is not set; give it, or use 'hocso up', which starts its own Redis")
)

// open connects to PostgreSQL, whose tables must be those that this program
// knows, and puts the parts together.
func open(ctx context.Context, cfg *config.Config, log *slog.Logger) (*app, error) {
	switch {
	case cfg.DatabaseURL == "":
		return nil, errNoDatabase
	case cfg.RedisURL == "":
		return nil, errNoRedis
	}
	redis, err := queue.Open(cfg.RedisURL)
	if err != nil {
		return nil, err
	}
	db, err := openMigrated(ctx, cfg.DatabaseURL)
	if err != nil {
		redis.Close()
		return nil, err
	}
	a := &app{cfg: cfg, log: log, db: db, redis: redis, bell: queue.NewBell(redis, log), metrics: metrics.New()}
	a.library = course.NewLibrary(course.NewStore(db))
	a.courses = course.NewService(db, a.library, a.bell, clock.System)
	a.quiz = quiz.NewService(db, a.courses, a.bell, clock.System)
	a.scenarios = practice.NewLibrary(practice.NewStore(db))
	a.practice = practice.NewService(db, a.scenarios, a.bell, clock.System)
	a.mastery = mastery.NewService(db, a.library, a.quiz, a.scenarios, clock.System)
	a.programs = program.NewService(db, a.bell, clock.System)
	a.records = certificate.NewService(db, a.bell, clock.System)
	a.notices = notify.NewService(db, a.bell, notify.WaysOf(cfg, clock.System), clock.System, log)
	a.pilot = pilot.NewService(db, a.library, clock.System)
	a.identity = identity.NewService(db, clock.System)
	a.learner = learner.NewService(db, a.bell, clock.System)
	a.roster = roster.NewService(db, a.bell, clock.System)
	return a, nil
}

// close lets bells ring out and closes the connections.
func (a *app) close() {
	a.bell.Close()
	a.redis.Close()
	a.db.Close()
}

func (a *app) webDeps() web.Deps {
	return web.Deps{
		Config: a.cfg, DB: a.db, Redis: a.redis, Library: a.library, Courses: a.courses, Quiz: a.quiz, Scenarios: a.scenarios, Practice: a.practice, Mastery: a.mastery,
		Provider: oidc.New(a.cfg.OIDC, clock.System), Signer: a.signer, Pilot: a.pilot, Programs: a.programs, Notices: a.notices, Records: a.records, Identity: a.identity, Learner: a.learner, Roster: a.roster, Metrics: a.metrics, Now: clock.System, Log: a.log,
	}
}

func (a *app) jobDeps() jobs.Deps {
	return jobs.Deps{DB: a.db, Redis: a.redis, Quiz: a.quiz, Practice: a.practice, Learner: a.learner, Roster: a.roster, Pilot: a.pilot, Programs: a.programs, Notices: a.notices, Records: a.records, Metrics: a.metrics, Now: clock.System, Log: a.log}
}
