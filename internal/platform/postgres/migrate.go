package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// migrateLock is the advisory lock that lets one process migrate at a time.
const migrateLock = 0x686f63736f // "hocso"

// Migrate applies the files of fsys that the database has not seen, in order
// of their names, each in a transaction of its own. Several processes may call
// it at once: one works, the others wait. progress is told each file's name.
func Migrate(ctx context.Context, db *bun.DB, fsys fs.FS, progress func(string)) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(?)", migrateLock); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(?)", migrateLock)

	_, err = conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_migrations (
		name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`)
	if isCode(err, notAllowed) {
		return fmt.Errorf("migrate: %w; give the address of the role that owns the tables", err)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	pending, err := Pending(ctx, conn, fsys)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, name := range pending {
		progress(name)
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		err = conn.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			// The driver takes the text as it is: bun must not read '?' in it as an argument.
			if _, err := tx.Tx.ExecContext(ctx, string(text)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO schema_migrations (name) VALUES (?)", name)
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate: %s: %w%s", name, err, hint(err))
		}
	}
	return nil
}

// notAllowed is PostgreSQL's code for a role without the right.
const notAllowed = "42501"

// hint is what a migration advises when it refuses, if it does.
func hint(err error) string {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Hint == "" {
		return ""
	}
	return "; " + pg.Hint
}

// Pending lists the files of fsys that the database has not seen.
func Pending(ctx context.Context, db bun.IDB, fsys fs.FS) ([]string, error) {
	files, err := fs.Glob(fsys, "*.up.sql") // sorted
	if err != nil {
		return nil, err
	}
	var table *string
	if err := db.NewRaw("SELECT to_regclass('schema_migrations')::text").Scan(ctx, &table); err != nil {
		return nil, err
	}
	if table == nil {
		return files, nil
	}
	var names []string
	if err := db.NewSelect().Table("schema_migrations").Column("name").Scan(ctx, &names); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(file string) bool { return slices.Contains(names, file) }), nil
}
