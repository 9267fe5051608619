package faults

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/uptrace/bun"

	"hocso/internal/platform/embedded"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/testkit"
	"hocso/internal/quiz"
	"hocso/internal/worldtest"
	"hocso/migrations"
)

// town is a Học Số of one test's own: a small world in a PostgreSQL and a
// Redis that the test may break, and the processes that it starts over them.
type town struct {
	world    *worldtest.World // for the test's own hands; its connections break too
	admin    *bun.DB          // with all rights: it sees what others wait for
	disk     string           // where PostgreSQL keeps its data
	memory   string           // where Redis does
	postgres *embedded.Server
	redis    *embedded.Server
	started  int          // processes, for their names
	refused  atomic.Int64 // tries of learners that a server did not take
}

// newTown builds a town. Its servers are as durable as in production: what
// PostgreSQL has confirmed must survive its crash.
func newTown(t *testing.T) *town {
	t.Helper()
	if testing.Short() {
		t.Skip("real processes take a while")
	}
	return townOn(t, newDir(t))
}

// newDir is a folder that servers may use, whoever they run as.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := testkit.NewDir()
	must(t, err)
	t.Cleanup(dir.Remove)
	return dir.Path
}

// townOn builds a town with PostgreSQL's data in the given folder.
func townOn(t *testing.T, disk string) *town {
	t.Helper()
	w := &town{disk: disk, memory: newDir(t)}
	t.Cleanup(func() { w.stopServers(t) })
	w.startPostgres(t)
	w.startRedis(t)
	w.admin = w.owner(t)
	must(t, postgres.Migrate(t.Context(), w.admin, migrations.FS, func(string) {}))
	db := w.connect(t)
	bells, err := queue.Open(w.redis.URL())
	must(t, err)
	t.Cleanup(func() { bells.Close() })
	w.world = worldtest.Build(t, db, bells)
	return w
}

func (w *town) startPostgres(t *testing.T) {
	t.Helper()
	var err error
	// Six processes on a large machine may want more than the usual 200.
	options := embedded.Options{Dir: w.disk, MaxConnections: 1000}
	w.postgres, err = embedded.StartPostgres(t.Context(), options, func(string) {})
	must(t, err)
}

func (w *town) startRedis(t *testing.T) {
	t.Helper()
	var err error
	w.redis, err = embedded.StartRedis(t.Context(), embedded.Options{Dir: w.memory}, func(string) {})
	must(t, err)
}

func (w *town) stopServers(t *testing.T) {
	for _, server := range []*embedded.Server{w.redis, w.postgres} {
		if server == nil {
			continue
		}
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// stopPostgres is what an operator's restart does: sessions are broken off.
func (w *town) stopPostgres(t *testing.T) {
	t.Helper()
	must(t, w.postgres.Stop(t.Context()))
}

// crashPostgres is what a fault of the machine does: nothing is said, nothing
// is written down, and the next start reads its log.
func (w *town) crashPostgres(t *testing.T) {
	t.Helper()
	must(t, syscall.Kill(w.postgresPid(t), syscall.SIGQUIT))
	<-w.postgres.Done()
}

func (w *town) stopRedis(t *testing.T) {
	t.Helper()
	must(t, w.redis.Stop(t.Context()))
}

func (w *town) postgresPid(t *testing.T) int {
	return pid(t, filepath.Join(w.disk, "postgres", "postmaster.pid"))
}

func (w *town) redisPid(t *testing.T) int {
	return pid(t, filepath.Join(w.memory, "redis", "redis.pid"))
}

// pid reads a process id from the first line of a server's file.
func pid(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	must(t, err)
	return pid
}

// owner opens the database with all its rights.
func (w *town) owner(t *testing.T) *bun.DB {
	t.Helper()
	db, err := postgres.OpenOwner(t.Context(), w.postgres.URL())
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// connect opens the database anew: connections from before a crash are broken.
func (w *town) connect(t *testing.T) *bun.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), w.postgres.URL())
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// flush empties Redis.
func (w *town) flush(t *testing.T) {
	t.Helper()
	option, err := asynq.ParseRedisURI(w.redis.URL())
	must(t, err)
	client := option.MakeRedisClient().(redis.UniversalClient)
	defer client.Close()
	must(t, client.FlushAll(t.Context()).Err())
}

func (w *town) environment() []string {
	return []string{
		"HOCSO_ADDR=127.0.0.1:0", "HOCSO_DATABASE_URL=" + w.postgres.URL(), "HOCSO_REDIS_URL=" + w.redis.URL(), "HOCSO_LOG=json",
	}
}

func (w *town) name(kind string) string {
	w.started++
	return kind + " " + strconv.Itoa(w.started)
}

var (
	serving = regexp.MustCompile(`"msg":"serving","addr":"([^"]+)"`)
	working = regexp.MustCompile(`"msg":"working"`)
)

// serve starts a server and waits until it answers.
func (w *town) serve(t *testing.T) *process {
	t.Helper()
	p := start(t, w.name("serve"), w.environment(), "serve")
	p.addr = p.says(t, serving)
	return p
}

// work starts a worker and waits until it works.
func (w *town) work(t *testing.T) *process {
	t.Helper()
	p := start(t, w.name("work"), w.environment(), "work")
	p.says(t, working)
	return p
}

// hold keeps graders in the middle of their transaction, with grades written
// and not committed, until release: they then write events, which we let nobody do.
func (w *town) hold(t *testing.T) (release func()) {
	t.Helper()
	return w.lock(t, "LOCK TABLE progress_events IN SHARE MODE")
}

// holdSubmissions keeps servers in the middle of taking these attempts' answers.
func (w *town) holdSubmissions(t *testing.T, attempts ...uuid.UUID) (release func()) {
	t.Helper()
	return w.lock(t, `SELECT 1 FROM attempts WHERE id IN (?) FOR UPDATE`, bun.List(attempts))
}

func (w *town) lock(t *testing.T, query string, arguments ...any) (release func()) {
	t.Helper()
	tx, err := w.connect(t).BeginTx(context.Background(), nil)
	must(t, err)
	_, err = tx.Exec("SET LOCAL idle_in_transaction_session_timeout = 0") // it rests on purpose
	must(t, err)
	_, err = tx.Exec(query, arguments...)
	must(t, err)
	release = func() { tx.Rollback() } // a second time does nothing
	t.Cleanup(release)
	return release
}

// held counts the sessions that wait for a lock.
func (w *town) held(t *testing.T) (count int) {
	t.Helper()
	must(t, w.admin.NewRaw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").
		Scan(t.Context(), &count))
	return count
}

// attempts counts those in a state.
func (w *town) attempts(t *testing.T, state quiz.State) (count int) {
	t.Helper()
	must(t, w.world.DB.NewRaw("SELECT count(*) FROM attempts WHERE state = ?", state).Scan(t.Context(), &count))
	return count
}

// heartbeats counts the workers that have said that they live.
func (w *town) heartbeats(t *testing.T) (count int) {
	t.Helper()
	must(t, w.world.DB.NewRaw("SELECT count(*) FROM worker_heartbeats").Scan(t.Context(), &count))
	return count
}
