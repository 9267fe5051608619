package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgresKeepsDataOverARestart(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t)}
	first := startedPostgres(t, options)
	sql(t, first, "CREATE TABLE kept AS SELECT 'Hòa Vang' AS name")
	stop(t, first)
	second := startedPostgres(t, options)
	if first.URL() != second.URL() {
		t.Errorf("the address changed from %s to %s", first.URL(), second.URL())
	}
	if got := sql(t, second, "SELECT name FROM kept"); got != "Hòa Vang" {
		t.Errorf("got %q", got)
	}
}

func TestPostgresIsMadeForUs(t *testing.T) {
	t.Parallel()
	s := startedPostgres(t, Options{Dir: newDir(t), MaxConnections: 50})
	for _, x := range []struct{ question, want string }{
		{"SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user", "f"},
		{"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()", "hocso"},
		{"SHOW server_encoding", "UTF8"},
		{"SHOW lc_collate", "C.UTF-8"},
		{"SHOW max_connections", "50"},
		{"SHOW listen_addresses", ""},
		{"SHOW fsync", "on"},
		{"SHOW synchronous_commit", "on"},
		{"CREATE EXTENSION unaccent", ""},
		{"SELECT unaccent('Điện Bàn Tây')", "Dien Ban Tay"},
		{`SELECT string_agg(x, ' ' ORDER BY x COLLATE "vi-x-icu") FROM unnest(ARRAY['đ','z','d','ă','b']) x`, "ă b d đ z"},
	} {
		if got := sql(t, s, x.question); got != x.want {
			t.Errorf("%s: got %q, want %q", x.question, got, x.want)
		}
	}
}

func TestPostgresLogHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t), Fast: true}
	s := startedPostgres(t, options)
	sql(t, s, "CREATE TABLE people (name text PRIMARY KEY)")
	sql(t, s, "INSERT INTO people VALUES ('Nguyễn Thị Bí Mật')")
	connection, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	if _, err := connection.Exec(t.Context(), "INSERT INTO people VALUES ('Nguyễn Thị Bí Mật')"); err == nil {
		t.Fatal("the second of one name was taken")
	}
	log, err := os.ReadFile(filepath.Join(options.Dir, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), "duplicate key value") {
		t.Error("the log does not hold the error")
	}
	if strings.Contains(string(log), "Bí Mật") {
		t.Errorf("the log names a person:\n%s", log)
	}
}

func TestPostgresDataOfAnotherVersion(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t)}
	data := filepath.Join(options.Dir, "postgres")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), options, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "the data were made by PostgreSQL 9") {
		t.Errorf("got %v", err)
	}
}

func TestPostgresStartErrorQuotesTheLog(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t), Fast: true}
	stop(t, startedPostgres(t, options))
	conf := filepath.Join(options.Dir, "postgres", "postgresql.conf")
	if err := os.WriteFile(conf, []byte("no_such_setting = 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), options, func(string) {})
	if err == nil || !strings.Contains(err.Error(), `unrecognized configuration parameter "no_such_setting"`) {
		t.Errorf("got %v", err)
	}
}

func TestPostgresBeginsAgainAfterAnUnfinishedFirstStart(t *testing.T) {
	t.Parallel()
	options := Options{Dir: newDir(t), Fast: true}
	half := filepath.Join(options.Dir, "postgres.unfinished", "base")
	if err := os.MkdirAll(half, 0o755); err != nil {
		t.Fatal(err)
	}
	s := startedPostgres(t, options)
	if got := sql(t, s, "SELECT 1"); got != "1" {
		t.Errorf("got %q", got)
	}
}
