package faults

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// said is how a command ended.
type said struct {
	code        int
	out, errors string
}

// run runs a hocso command to its end.
func run(t *testing.T, environment []string, arguments ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, hocso, arguments...)
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("hocso %s: %v, %v\n%s", strings.Join(arguments, " "), err, ctx.Err(), errs.String())
	}
	return said{command.ProcessState.ExitCode(), out.String(), errs.String()}
}

// oneLine checks how every command must fail: exit code 1 and one line that
// says what is wrong.
func (s said) oneLine(t *testing.T, holds ...string) {
	t.Helper()
	line := strings.TrimSuffix(s.errors, "\n")
	if s.code != 1 || line == "" || strings.Contains(line, "\n") || !strings.HasPrefix(line, "hocso: ") || insides(s.errors+s.out) != "" {
		t.Errorf("exit code %d, and on standard error:\n%s", s.code, s.errors)
	}
	for _, part := range holds {
		if !strings.Contains(line, part) {
			t.Errorf("%q lacks %q", line, part)
		}
	}
	if strings.Contains(s.errors+s.out, secret) {
		t.Errorf("the password is shown: %q", s.errors+s.out)
	}
}

// secret is the password in addresses.
const secret = "mat-khau-bi-mat"

// commands need a database.
var commands = [][]string{{"serve"}, {"work"}, {"migrate"}, {"pilot", "recount", "--check"}, {"program", "recount", "--check"}, {"credential", "keys"}, {"units", "search", "Đà Nẵng"}}

func TestBadDatabaseAddress(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		url   string
		holds string
	}{
		"nothing":         {"", "HOCSO_DATABASE_URL"},
		"no address":      {"day-khong-phai-dia-chi", "database address"},
		"another scheme":  {"mysql://hocso:" + secret + "@localhost/hocso", "database address"},
		"a bad port":      {"postgres://hocso:" + secret + "@localhost:cong/hocso", "database address"},
		"a bad escape":    {"postgres://hocso:" + secret + "%zz@localhost/hocso", "database address"},
		"a bare slash":    {"postgres://hocso:" + secret + "/1@localhost/hocso", "database address"},
		"a bare hash":     {"postgres://hocso:" + secret + "#1@localhost/hocso", "database"},
		"a bare at":       {"postgres://hocso:" + secret + "@1@127.0.0.1:1/hocso", "127.0.0.1:1"},
		"nobody there":    {"postgres://hocso:" + secret + "@127.0.0.1:1/hocso", "127.0.0.1:1"},
		"no such host":    {"postgres://hocso:" + secret + "@khong-co.invalid/hocso", "khong-co.invalid"},
		"no such socket":  {"postgres://hocso:" + secret + "@/hocso?host=/khong/co", "/khong/co"},
		"key value":       {"host=127.0.0.1 port=1 user=hocso password=" + secret, "127.0.0.1:1"},
		"a bad key value": {"host=127.0.0.1 port=cong password=" + secret, "database address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, command := range commands {
				run(t, []string{"HOCSO_DATABASE_URL=" + bad.url, "HOCSO_REDIS_URL=redis://127.0.0.1:1"}, command...).oneLine(t, bad.holds)
			}
		})
	}
}

// TestDatabaseThatNeverAnswers connects to something that is no PostgreSQL.
func TestDatabaseThatNeverAnswers(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer silent.Close()
	address := "postgres://hocso:" + secret + "@" + silent.Addr().String() + "/hocso?sslmode=disable"
	run(t, []string{"HOCSO_DATABASE_URL=" + address, "HOCSO_REDIS_URL=redis://127.0.0.1:1"}, "serve").
		oneLine(t, silent.Addr().String(), "no answer within")
}

func TestBadRedisAddress(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct{ url, holds string }{
		"nothing":        {"", "HOCSO_REDIS_URL"},
		"no address":     {"day-khong-phai-dia-chi", "Redis address"},
		"another scheme": {"http://:" + secret + "@localhost", "Redis address"},
		"a bad port":     {"redis://:" + secret + "@localhost:cong", "Redis address"},
		"a bare slash":   {"redis://:" + secret + "/1@localhost:6379/0", "Redis address"},
		"a bad database": {"redis://:" + secret + "@localhost:6379/mot", "Redis address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, command := range [][]string{{"serve"}, {"work"}} {
				run(t, []string{"HOCSO_DATABASE_URL=postgres://127.0.0.1:1/hocso", "HOCSO_REDIS_URL=" + bad.url}, command...).oneLine(t, bad.holds)
			}
		})
	}
}

// TestDatabaseThatRefuses asks a PostgreSQL that wants a password, or another
// database, or to be migrated first.
func TestDatabaseThatRefuses(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, err := w.admin.ExecContext(t.Context(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	must(t, err)
	for _, command := range commands {
		if command[0] != "migrate" {
			run(t, w.environment(), command...).oneLine(t, "hocso migrate")
		}
	}
	other := strings.Replace(w.postgres.URL(), "/hocso?", "/khong_co?", 1)
	rules := filepath.Join(w.disk, "postgres", "pg_hba.conf")
	must(t, os.WriteFile(rules, []byte("local khong_co all trust\nlocal all all scram-sha-256\n"), 0o600))
	must(t, syscall.Kill(w.postgresPid(t), syscall.SIGHUP))
	withPassword := strings.Replace(w.postgres.URL(), "hocso@", "hocso:"+secret+"@", 1)
	until(t, 5*time.Second, "PostgreSQL wants a password", func() bool {
		return run(t, []string{"HOCSO_DATABASE_URL=" + withPassword}, "migrate").code != 0
	})
	for _, command := range commands {
		run(t, append(w.environment(), "HOCSO_DATABASE_URL="+withPassword), command...).oneLine(t, "password")
		run(t, append(w.environment(), "HOCSO_DATABASE_URL="+other), command...).oneLine(t, "khong_co")
	}
}

func TestAddressTaken(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	at := func(name, addr string) []string { return append(w.environment(), name+"="+addr) }
	run(t, at("HOCSO_ADDR", addr), "serve").oneLine(t, addr, "taken", "HOCSO_ADDR")
	run(t, at("HOCSO_ADDR", addr), "up").oneLine(t, addr, "taken", "HOCSO_ADDR")
	run(t, at("HOCSO_WORK_ADDR", addr), "work").oneLine(t, addr, "taken", "HOCSO_WORK_ADDR")
	for _, bad := range []string{"khong-phai-dia-chi", "127.0.0.1:99999", "203.0.113.1:80"} {
		run(t, at("HOCSO_ADDR", bad), "serve").oneLine(t, bad, "HOCSO_ADDR")
	}
}

// TestSigningKey makes a key and withdraws it, and serves with what is no key.
func TestSigningKey(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	path := filepath.Join(t.TempDir(), "credential.pem")
	with := func(settings ...string) []string {
		return append(append(w.environment(), "HOCSO_CREDENTIAL_KEY="+path), settings...)
	}
	site := "HOCSO_URL=https://hocso.example.vn"
	run(t, with(site), "serve").oneLine(t, path, "no such file")
	key := regexp.MustCompile(`z6Mk\w+`).FindString(run(t, with(), "credential", "key").out)
	run(t, with(), "credential", "key").oneLine(t, path, "never written over")
	run(t, with(), "serve").oneLine(t, "HOCSO_URL")
	run(t, with("HOCSO_URL=http://hocso.example.vn"), "serve").oneLine(t, "HOCSO_URL", "HTTPS")
	run(t, with(), "credential", "withdraw", key).oneLine(t, key, "hocso credential keys")
	_, err := w.admin.ExecContext(t.Context(), "INSERT INTO credential_keys (public_key, known_at) VALUES (?, now())", key)
	must(t, err)
	if s := run(t, with(), "credential", "withdraw", key); s.code != 0 {
		t.Errorf("withdraw: %+v", s)
	}
	if s := run(t, with(), "credential", "keys"); !strings.Contains(s.out, key) || !strings.Contains(s.out, "withdrawn") {
		t.Errorf("keys: %+v", s)
	}
	run(t, with(site), "serve").oneLine(t, key, "withdrawn")
	must(t, os.Chmod(path, 0o644))
	run(t, with(site), "serve").oneLine(t, path, "chmod")
}

// TestBrokenCourse breaks a course file and expects its name and line, where
// editors and authors look for them.
func TestBrokenCourse(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "trong-rau")
	must(t, os.CopyFS(folder, os.DirFS("../authoring/testdata/trong-rau")))
	if whole := run(t, nil, "content", "check", folder); whole.code != 0 {
		t.Fatalf("the whole course: %+v", whole)
	}
	quiz := filepath.Join(folder, "quiz.yaml")
	text, err := os.ReadFile(quiz)
	must(t, err)
	must(t, os.WriteFile(quiz, append([]byte("pass_percent: nhiều\n"), text...), 0o600))
	broken := run(t, nil, "content", "check", folder)
	broken.oneLine(t, "problem")
	if !strings.Contains(broken.out, quiz+":1:") && !strings.Contains(broken.out, quiz+":2:") {
		t.Errorf("no file and line:\n%s", broken.out)
	}
	empty := t.TempDir()
	run(t, nil, "content", "check", empty).oneLine(t, "problem")
	if gone := run(t, nil, "content", "check", filepath.Join(empty, "khong-co")); gone.code == 0 || insides(gone.errors) != "" {
		t.Errorf("a folder that is not there: %+v", gone)
	}
}

// TestUnreadableCommandLine tells how to go on and ends with another code than
// a failure.
func TestUnreadableCommandLine(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{}, {"lam-gi-do"}, {"serve", "--khong-co"}, {"serve", "--log=khac"}, {"content", "check", "a", "b"}} {
		if s := run(t, nil, arguments...); s.code != 2 || !strings.Contains(s.errors, "hocso --help") || insides(s.errors) != "" {
			t.Errorf("hocso %q: %+v", arguments, s)
		}
	}
}
