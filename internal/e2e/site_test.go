package e2e

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"testing"

	"github.com/uptrace/bun"
	"golang.org/x/sync/errgroup"

	"hocso/content"
	"hocso/internal/authoring"
	"hocso/internal/certificate"
	"hocso/internal/course"
	"hocso/internal/demo"
	"hocso/internal/identity"
	"hocso/internal/jobs"
	"hocso/internal/learner"
	"hocso/internal/mastery"
	"hocso/internal/notify"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/metrics"
	"hocso/internal/platform/oidc"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/testkit"
	"hocso/internal/practice"
	"hocso/internal/program"
	"hocso/internal/quiz"
	"hocso/internal/roster"
	"hocso/internal/web"
)

// site is a running Học Số with the demonstration loaded.
type site struct {
	url    string
	db     *bun.DB
	pilot  *pilot.Service
	people *identity.Service
}

// startSite runs the site and a worker in this process until the test ends.
func startSite(t *testing.T) *site {
	t.Helper()
	return startSiteWith(t, &config.Config{})
}

// startSiteWith is startSite with a provider through which officials sign in, or
// with ways of telling people things.
func startSiteWith(t *testing.T, cfg *config.Config) *site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	if cfg.SMTP.Addr != "" {
		cfg.URL = "http://" + listener.Addr().String()
	}
	cfg.Demo = true
	ctx, cancel := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	db := testkit.DB(t)
	redis, err := queue.Open(testkit.RedisURL(t))
	must(t, err)
	bell := queue.NewBell(redis, log)
	library := course.NewLibrary(course.NewStore(db))
	courses := course.NewService(db, library, bell, clock.System)
	quizzes := quiz.NewService(db, courses, bell, clock.System)
	scenarios := practice.NewLibrary(practice.NewStore(db))
	practices := practice.NewService(db, scenarios, bell, clock.System)
	masteries := mastery.NewService(db, library, quizzes, scenarios, clock.System)
	programs := program.NewService(db, bell, clock.System)
	papers := certificate.NewService(db, bell, clock.System)
	notices := notify.NewService(db, bell, notify.WaysOf(cfg, clock.System), clock.System, log)
	figures := pilot.NewService(db, library, clock.System)
	people := identity.NewService(db, clock.System)
	rosters := roster.NewService(db, bell, clock.System)
	records := learner.NewService(db, bell, clock.System)
	numbers := metrics.New()

	must(t, authoring.NewService(db).ImportAll(ctx, content.FS, func(string) {}))
	loader := demo.Loader{DB: db, Identity: people, Bell: bell, Now: clock.System, Progress: func(string) {}}
	_, err = loader.Load(ctx)
	must(t, err)
	_, err = figures.Recount(ctx)
	must(t, err)

	app := web.New(web.Deps{
		Config: cfg, DB: db, Redis: redis, Library: library, Courses: courses, Quiz: quizzes, Scenarios: scenarios, Practice: practices, Mastery: masteries,
		Pilot: figures, Programs: programs, Notices: notices, Records: papers, Identity: people, Learner: records, Roster: rosters, Provider: oidc.New(cfg.OIDC, clock.System), Signer: newSigner(t, papers, listener), Metrics: numbers, Now: clock.System, Log: log,
	})
	var group errgroup.Group
	group.Go(func() error { return app.Listener(listener) })
	group.Go(func() error {
		return jobs.Run(ctx, jobs.Deps{DB: db, Redis: redis, Quiz: quizzes, Practice: practices, Learner: records, Roster: rosters, Pilot: figures, Programs: programs, Notices: notices, Records: papers, Metrics: numbers, Now: clock.System, Log: log})
	})
	t.Cleanup(func() {
		cancel()
		app.Shutdown()
		if err := group.Wait(); err != nil {
			t.Errorf("site: %v", err)
		}
		bell.Close()
		redis.Close()
	})
	return &site{url: "http://" + listener.Addr().String(), db: db, pilot: figures, people: people}
}

// newSigner signs records as the site at a listener.
func newSigner(t *testing.T, records *certificate.Service, at net.Listener) *certificate.Signer {
	t.Helper()
	key, err := credential.MakeKey(filepath.Join(t.TempDir(), "credential.pem"))
	must(t, err)
	issuer, err := credential.NewIssuer(fmt.Sprintf("http://localhost:%d", at.Addr().(*net.TCPAddr).Port), key)
	must(t, err)
	signer, err := certificate.NewSigner(t.Context(), records, issuer)
	must(t, err)
	return signer
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
