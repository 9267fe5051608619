package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/uptrace/bun"

	"hocso/internal/platform/config"
	"hocso/internal/platform/postgres"
	"hocso/migrations"
)

type migrateCmd struct{}

// Run brings the tables up to date; doing it twice changes nothing.
func (migrateCmd) Run(ctx context.Context, cfg *config.Config, _ *slog.Logger) error {
	if err := migrate(ctx, cfg, func(name string) { fmt.Println("applied", name) }); err != nil {
		return err
	}
	fmt.Println("the database is up to date")
	return nil
}

// migrate works with the rights of the address's own role, which owns the
// tables; everything else of the program works with fewer.
func migrate(ctx context.Context, cfg *config.Config, progress func(string)) error {
	if cfg.DatabaseURL == "" {
		return errNoDatabase
	}
	db, err := postgres.OpenOwner(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer db.Close()
	return postgres.Migrate(ctx, db, migrations.FS, progress)
}

// openMigrated opens the database, and refuses one whose tables this program
// does not know.
func openMigrated(ctx context.Context, url string) (*bun.DB, error) {
	db, err := postgres.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	pending, err := postgres.Pending(ctx, db, migrations.FS)
	switch {
	case err != nil:
		err = fmt.Errorf("read which migrations were applied: %w", err)
	case len(pending) > 0:
		err = fmt.Errorf("the database lacks %d migrations (first: %s); run 'hocso migrate'", len(pending), pending[0])
	default:
		return db, nil
	}
	db.Close()
	return nil, err
}
