package bench

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/uptrace/bun"

	"hocso/content"
	"hocso/internal/authoring"
	"hocso/internal/platform/embedded"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/smtptest"
	"hocso/migrations"
)

// rig is everything that runs during a benchmark.
type rig struct {
	dir   string
	say   func(string)
	db    *bun.DB
	dbURL string
	redis string // its address
	addr  string // of serve
	serve *exec.Cmd
	work  *exec.Cmd
	own   []*embedded.Server
	mail  *smtptest.Server // that the worker sends e-mail to

	graded float64 // attempts a second; 0 when they were not measured
}

func (r *rig) start(ctx context.Context, o Options) error {
	options := embedded.Options{Dir: filepath.Join(r.dir, "data")}
	database, err := embedded.StartPostgres(ctx, options, r.say)
	if err != nil {
		return err
	}
	r.own = append(r.own, database)
	redis, err := embedded.StartRedis(ctx, options, r.say)
	if err != nil {
		return err
	}
	r.own = append(r.own, redis)
	if r.mail, err = smtptest.Start(""); err != nil {
		return err
	}
	r.dbURL, r.redis = database.URL(), redis.URL()
	if r.db, err = postgres.OpenOwner(ctx, r.dbURL); err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, r.db, migrations.FS, func(string) {}); err != nil {
		return err
	}
	if err := authoring.NewService(r.db).ImportAll(ctx, content.FS, func(string) {}); err != nil {
		return err
	}
	r.say("making up units, courses and attempts")
	if err := seed(ctx, r.db, o.Attempts); err != nil {
		return err
	}
	return r.startProcesses(ctx, redis.URL())
}

// startProcesses runs this program again, as the site and as a worker.
func (r *rig) startProcesses(ctx context.Context, redisURL string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // to learn a free port
	if err != nil {
		return err
	}
	r.addr = listener.Addr().String()
	listener.Close()
	environment := append(os.Environ(), "HOCSO_ADDR="+r.addr, "HOCSO_DATABASE_URL="+r.dbURL, "HOCSO_REDIS_URL="+redisURL,
		"HOCSO_LOG_LEVEL=warn", "HOCSO_DEMO=false", "HOCSO_URL=http://"+r.addr, "HOCSO_SMTP_ADDR="+r.mail.Addr(), "HOCSO_SMTP_FROM=hocso@example.vn", "HOCSO_SMTP_TLS=none")
	if r.serve, err = r.run(environment, "serve"); err != nil {
		return err
	}
	if r.work, err = r.run(environment, "work"); err != nil {
		return err
	}
	return r.waitReady(ctx)
}

func (r *rig) run(environment []string, command string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	process := exec.Command(self, command)
	process.Env, process.Stderr = environment, os.Stderr
	return process, process.Start()
}

func (r *rig) waitReady(ctx context.Context) error {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		response, err := http.Get("http://" + r.addr + "/readyz")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("the site was not ready within 30 s")
}

func (r *rig) stop() {
	for _, process := range []*exec.Cmd{r.serve, r.work} {
		if process != nil && process.Process != nil {
			process.Process.Signal(syscall.SIGTERM)
			process.Wait()
		}
	}
	if r.mail != nil {
		r.mail.Close()
	}
	if r.db != nil {
		r.db.Close()
	}
	for _, server := range r.own {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		if err := server.Stop(ctx); err != nil {
			r.say(err.Error())
		}
		cancel()
	}
}

// idle waits until workers have done what the parts before have left them.
func (r *rig) idle(ctx context.Context) error {
	for _, list := range []string{"program_touched", "certificate_touched", "(SELECT FROM notices WHERE planned_at IS NULL) AS unplanned"} {
		if err := r.drained(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

// drained waits until workers have taken everything off a list. It asks now and
// then, for nothing says when they have.
func (r *rig) drained(ctx context.Context, list string) error {
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		waiting, err := r.db.NewSelect().TableExpr(list).Count(ctx)
		if err != nil || waiting == 0 {
			return err
		}
	}
	return fmt.Errorf("%s was not worked off within five minutes", list)
}
