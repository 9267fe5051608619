package testkit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"hocso/internal/platform/embedded"
	"hocso/internal/platform/postgres"
	"hocso/migrations"
)

// Variable names the PostgreSQL that all test processes share: an address
// whose role may create databases. testenv sets it.
const Variable = "HOCSO_TEST_DATABASE_URL"

// slow is far above what anything here takes; it only ends a hang.
const slow = time.Minute

// Start runs a PostgreSQL for tests in dir: quick, and forgetful when it crashes.
func Start(ctx context.Context, dir Dir) (*embedded.Server, error) {
	options := embedded.Options{Dir: dir.Path, Fast: true, MaxConnections: 500}
	return embedded.StartPostgres(ctx, options, func(string) {})
}

// cluster makes databases by copying a migrated template. We do it ourselves,
// because pgtestdb writes addresses that know no Unix sockets.
type cluster struct {
	url      string // of the database that statements about databases are sent to
	admin    *sql.DB
	template string
}

// server is the cluster of this process: the shared one, or its own, which
// dies with the process.
var server = sync.OnceValues(func() (*cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), slow)
	defer cancel()
	address := os.Getenv(Variable)
	if address == "" {
		dir, err := NewDir()
		if err != nil {
			return nil, err
		}
		own, err := Start(ctx, dir)
		if err != nil {
			return nil, err
		}
		address = own.URL()
	}
	db, err := postgres.OpenOwner(ctx, address)
	if err != nil {
		return nil, err
	}
	c := &cluster{url: address, admin: db.DB}
	return c, c.makeTemplate(ctx)
})

// makeTemplate migrates a database once for all processes. Its name holds the
// hash of the migrations, so a changed file makes another; it gets that name
// only when it is complete.
func (c *cluster) makeTemplate(ctx context.Context) error {
	hash, err := hashOf(migrations.FS)
	if err != nil {
		return err
	}
	c.template = "hocso_template_" + hash
	connection, err := c.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	// The lock belongs to the session: one connection takes it and gives it back.
	if _, err := connection.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext($1))", c.template); err != nil {
		return err
	}
	defer connection.ExecContext(ctx, "SELECT pg_advisory_unlock(hashtext($1))", c.template)
	var made bool
	err = connection.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", c.template).Scan(&made)
	if err != nil || made {
		return err
	}
	unfinished := c.template + "_unfinished"
	if _, err := connection.ExecContext(ctx, "DROP DATABASE IF EXISTS "+unfinished+" WITH (FORCE)"); err != nil {
		return err
	}
	if _, err := connection.ExecContext(ctx, "CREATE DATABASE "+unfinished); err != nil {
		return err
	}
	if err := c.migrate(ctx, unfinished); err != nil {
		return err
	}
	_, err = connection.ExecContext(ctx, "ALTER DATABASE "+unfinished+" RENAME TO "+c.template)
	return err
}

func (c *cluster) migrate(ctx context.Context, database string) error {
	address, err := c.addressOf(database)
	if err != nil {
		return err
	}
	db, err := postgres.OpenOwner(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(postgres.Migrate(ctx, db, migrations.FS, func(string) {}), db.Close())
}

// clone makes a database like the template; remove drops it, even while a
// forgotten process is connected.
func (c *cluster) clone(ctx context.Context) (address string, remove func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, slow)
	defer cancel()
	database := "test_" + uuid.New().String()[:8]
	if address, err = c.addressOf(database); err != nil {
		return "", nil, err
	}
	if _, err := c.admin.ExecContext(ctx, "CREATE DATABASE "+database+" TEMPLATE "+c.template); err != nil {
		return "", nil, err
	}
	return address, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), slow)
		defer cancel()
		return c.drop(ctx, database)
	}, nil
}

// What PostgreSQL calls its refusals to drop a database that is in use.
const (
	insufficientPrivilege = "42501"
	objectInUse           = "55006"
)

// drop removes a database. FORCE may end the test's own connections but, for
// one who is no superuser, not an autovacuum worker that happens to look at
// the database just then: that one is soon done, so drop waits for it.
func (c *cluster) drop(ctx context.Context, database string) error {
	for {
		_, err := c.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+database+" WITH (FORCE)")
		var refusal *pgconn.PgError
		if !errors.As(err, &refusal) || (refusal.Code != insufficientPrivilege && refusal.Code != objectInUse) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (c *cluster) addressOf(database string) (string, error) {
	address, err := url.Parse(c.url)
	if err != nil {
		return "", fmt.Errorf("%s must be an address such as postgres://user@host/database", Variable)
	}
	address.Path = "/" + database
	return address.String(), nil
}

// hashOf is a short name for all that is in a file system.
func hashOf(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return fmt.Sprintf("%x", sum.Sum(nil))[:16], err
}
