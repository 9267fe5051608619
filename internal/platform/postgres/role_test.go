package postgres_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"hocso/internal/platform/embedded"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/testkit"
	"hocso/migrations"
)

// server is a PostgreSQL of one test's own, as deploy/README.md has it set up
// before the first migration.
type server struct {
	t         *testing.T
	url       string // of the role that owns the database
	superuser *bun.DB
}

func newServer(t *testing.T) *server {
	t.Helper()
	dir, err := testkit.NewDir()
	must(t, err)
	t.Cleanup(dir.Remove)
	started, err := embedded.StartPostgres(t.Context(), embedded.Options{Dir: dir.Path, Fast: true}, func(string) {})
	must(t, err)
	t.Cleanup(func() { must(t, started.Stop(context.Background())) })
	s := &server{t: t, url: started.URL()}
	s.superuser = s.open(s.as("postgres"), postgres.OpenOwner)
	// The site's role shows a password, as over the network.
	rules := []byte("local all hocso_site scram-sha-256\nlocal all all trust\n")
	must(t, os.WriteFile(filepath.Join(dir.Path, "postgres", "pg_hba.conf"), rules, 0o600))
	s.run(s.superuser, "SELECT pg_reload_conf()")
	return s
}

// as is the address of another role.
func (s *server) as(who string) string {
	return strings.Replace(s.url, "hocso@", who+"@", 1)
}

func (s *server) migrate(url string) error {
	return postgres.Migrate(s.t.Context(), s.open(url, postgres.OpenOwner), migrations.FS, func(string) {})
}

func (s *server) open(url string, how func(context.Context, string) (*bun.DB, error)) *bun.DB {
	s.t.Helper()
	db, err := how(s.t.Context(), url)
	must(s.t, err)
	s.t.Cleanup(func() { db.Close() })
	return db
}

func (s *server) run(db *bun.DB, statement string) {
	s.t.Helper()
	if _, err := db.ExecContext(s.t.Context(), statement); err != nil {
		s.t.Fatalf("%s: %v", statement, err)
	}
}

// refuses expects PostgreSQL to answer that the role may not do it.
func (s *server) refuses(db *bun.DB, statement string) {
	s.t.Helper()
	_, err := db.ExecContext(s.t.Context(), statement)
	if refusal := new(pgconn.PgError); !errors.As(err, &refusal) || refusal.Code != "42501" {
		s.t.Errorf("%s: %v, want 42501", statement, err)
	}
}

// TestTheSitesRole: the site works with a role that is a member of hocso_app and
// nothing else, and can't get out of it.
func TestTheSitesRole(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	must(t, s.migrate(s.url))
	s.run(s.superuser, "CREATE ROLE hocso_site LOGIN PASSWORD 'mat-khau'")
	s.run(s.superuser, "GRANT hocso_app TO hocso_site")
	if _, err := postgres.Open(t.Context(), s.as("hocso_site:sai")); err == nil || !strings.Contains(err.Error(), "password") {
		t.Fatalf("with a wrong password: %v", err)
	}
	url := s.as("hocso_site:mat-khau")
	site := s.open(url, postgres.Open)
	if pending, err := postgres.Pending(t.Context(), site, migrations.FS); err != nil || len(pending) > 0 {
		t.Errorf("pending: %v, %v", pending, err)
	}
	for _, works := range []string{
		"INSERT INTO worker_heartbeats VALUES ('mine', now(), now())",
		"UPDATE worker_heartbeats SET seen_at = now()",
		"DELETE FROM worker_heartbeats",
		"INSERT INTO audit_log (id, at, action, address) VALUES (gen_random_uuid(), now(), 'x', '')",
		"SELECT * FROM audit_log JOIN units ON units.id = unit_id",
		"SELECT unaccent('Đà Nẵng')",
	} {
		s.run(site, works)
	}
	for _, refused := range []string{
		"UPDATE audit_log SET action = 'y'", "SET ROLE NONE; UPDATE audit_log SET action = 'y'", "SET ROLE NONE; DELETE FROM audit_log",
		"SET ROLE NONE; DROP TABLE audit_log", "SET ROLE hocso", "SET ROLE postgres", "SET SESSION AUTHORIZATION hocso", "CREATE TABLE mine ()",
		"SET ROLE NONE; GRANT UPDATE ON audit_log TO hocso_site; UPDATE audit_log SET action = 'y'", "ALTER ROLE hocso_site SUPERUSER", "GRANT hocso TO hocso_site", "CREATE ROLE another",
	} {
		s.refuses(site, refused)
	}
	err := s.migrate(url)
	if err == nil || !strings.Contains(err.Error(), "address of the role that owns") {
		t.Errorf("migrating as the site: %v", err)
	}
	// What the owner's own address would let a broken site do: the reason for all this.
	owner := s.open(s.url, postgres.Open)
	s.refuses(owner, "UPDATE audit_log SET action = 'y'")
	s.run(owner, "SET ROLE NONE; UPDATE audit_log SET action = 'y'")
}

// TestARoleThatIsMissing: without the role for the program, migrating says how
// to make it, and opening that it has to be migrated.
func TestARoleThatIsMissing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.run(s.superuser, "DROP ROLE hocso_app")
	if err := s.migrate(s.url); err == nil || !strings.Contains(err.Error(), "CREATE ROLE hocso_app NOLOGIN; GRANT hocso_app TO hocso") {
		t.Errorf("migrate: %v", err)
	}
	if _, err := postgres.Open(t.Context(), s.url); err == nil || !strings.Contains(err.Error(), "hocso migrate") {
		t.Errorf("open: %v", err)
	}
	s.run(s.superuser, "CREATE ROLE hocso_app NOLOGIN")
	s.run(s.superuser, "GRANT hocso_app TO hocso")
	must(t, s.migrate(s.url))
	s.open(s.url, postgres.Open)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
