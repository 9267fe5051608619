package main

import (
	"context"
	"fmt"
	"log/slog"

	"hocso/internal/platform/config"
	"hocso/internal/platform/postgres"
	"hocso/migrations"
)

type migrateCmd struct{}

// Run brings the tables up to date; doing it twice changes nothing.
func (migrateCmd) Run(ctx context.Context, cfg *config.Config, _ *slog.Logger) error {
	if cfg.DatabaseURL == "" {
		return errNoDatabase
	}
	db, err := postgres.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := postgres.Migrate(ctx, db, migrations.FS, func(name string) { fmt.Println("applied", name) }); err != nil {
		return err
	}
	fmt.Println("the database is up to date")
	return nil
}
