package embedded

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// helperDir, when set, makes this test binary a hocso in miniature: it starts
// both servers there and waits to be killed.
const helperDir = "HOCSO_EMBEDDED_HELPER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		runHelper(dir)
		return
	}
	os.Exit(m.Run())
}

func runHelper(dir string) {
	options := Options{Dir: dir, Fast: true}
	postgres, err := StartPostgres(context.Background(), options, func(string) {})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	redis, err := StartRedis(context.Background(), options, func(string) {})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(postgres.process.Pid, redis.process.Pid)
	select {}
}

// startHelper returns the helper and the pids of its servers.
func startHelper(t *testing.T, dir string) (*exec.Cmd, []int) {
	t.Helper()
	helper := exec.Command(os.Args[0])
	helper.Env = append(os.Environ(), helperDir+"="+dir)
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		helper.Process.Kill()
		helper.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, word := range strings.Fields(line) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(line)
		}
		pids = append(pids, pid)
	}
	return helper, pids
}

// newDir is a directory that an unprivileged account can enter, unlike t.TempDir.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hocso-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startedPostgres(t *testing.T, options Options) *Server {
	t.Helper()
	s, err := StartPostgres(t.Context(), options, func(text string) { t.Log(text) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func startedRedis(t *testing.T, options Options) *Server {
	t.Helper()
	s, err := StartRedis(t.Context(), options, func(text string) { t.Log(text) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
}

// sql runs a statement and returns the first column of its first row as text.
func sql(t *testing.T, s *Server, statement string) string {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	rows, err := connection.Query(t.Context(), statement, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	first := ""
	if rows.Next() {
		first = string(rows.RawValues()[0])
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return first
}

// ask sends Redis one inline command and returns the first line of its answer.
func ask(t *testing.T, s *Server, command string) string {
	t.Helper()
	address, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("unix", address.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "%s\r\n", command)
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// gone waits until a helper's servers have ended.
func gone(t *testing.T, dir string, pids []int) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for i, data := range []string{"postgres", "redis"} {
		for livesIn(pids[i], filepath.Join(dir, data)) {
			if time.Now().After(deadline) {
				t.Fatalf("%s (pid %d) still runs", data, pids[i])
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func TestNothingOutlivesItsParent(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	helper, pids := startHelper(t, dir)
	if !livesIn(pids[0], filepath.Join(dir, "postgres")) || !livesIn(pids[1], filepath.Join(dir, "redis")) {
		t.Fatal("the servers cannot be seen, so their end could not be either")
	}
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone(t, dir, pids)
}

func TestRestartRightAfterAKill(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	helper, pids := startHelper(t, dir)
	helper.Process.Kill()
	helper.Wait()
	options := Options{Dir: dir, Fast: true}
	works(t, startedPostgres(t, options), startedRedis(t, options))
	gone(t, dir, pids)
}

// TestOrphansAreStoppedBeforeTheNextStart gives up the locks of living servers,
// which is how servers look that outlived their process.
func TestOrphansAreStoppedBeforeTheNextStart(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t), Fast: true}
	orphans := []*Server{startedPostgres(t, options), startedRedis(t, options)}
	for _, orphan := range orphans {
		orphan.house.lock.release()
		orphan.stopping.Store(true) // its end is expected
	}
	works(t, startedPostgres(t, options), startedRedis(t, options))
	for _, orphan := range orphans {
		select {
		case <-orphan.Done():
		default:
			t.Errorf("the orphaned %s still runs", orphan.title)
		}
	}
}

func works(t *testing.T, postgres, redis *Server) {
	t.Helper()
	if got := sql(t, postgres, "SELECT current_user"); got != "hocso" {
		t.Errorf("PostgreSQL answers %q", got)
	}
	if got := ask(t, redis, "PING"); got != "+PONG" {
		t.Errorf("Redis answers %q", got)
	}
}

func TestSecondInstanceIsRefused(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t), Fast: true}
	startedPostgres(t, options)
	startedRedis(t, options)
	want := fmt.Sprintf("another hocso is already using %s (pid %d)", options.Dir, os.Getpid())
	if _, err := StartPostgres(t.Context(), options, func(string) {}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("PostgreSQL: got %v, want %q", err, want)
	}
	if _, err := StartRedis(t.Context(), options, func(string) {}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Redis: got %v, want %q", err, want)
	}
}

func TestDirUnderALongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), strings.Repeat("xã/", 30), strings.Repeat("x", 60))
	options := Options{Dir: dir, Fast: true}
	var run string // among the system's temporary files
	t.Cleanup(func() { os.Remove(run) })
	postgres, redis := startedPostgres(t, options), startedRedis(t, options)
	run = postgres.house.run
	works(t, postgres, redis)
}

func TestDeathByItselfIsTold(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t), Fast: true}
	for _, s := range []*Server{startedPostgres(t, options), startedRedis(t, options)} {
		if s.Err() != nil {
			t.Errorf("%s: error while it runs: %v", s.title, s.Err())
		}
		s.process.Kill()
		<-s.Done()
		if err := s.Err(); err == nil || !strings.Contains(err.Error(), "ended by itself (signal: killed)") {
			t.Errorf("%s: got %v", s.title, err)
		}
		s.err = nil // for the cleanup
	}
}
