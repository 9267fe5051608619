package main

import (
	"context"
	"fmt"
	"log/slog"

	"hocso/internal/demo"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
)

type demoCmd struct {
	Load loadDemoCmd `cmd:"" help:"Migrate an empty database, import the courses and fill it with the demonstration."`
}

type loadDemoCmd struct{}

// Run loads the demonstration; a database that holds units already stays as it is.
func (loadDemoCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	if err := migrate(ctx, cfg, func(name string) { say("migration " + name) }); err != nil {
		return err
	}
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	cfg.Demo = true
	return a.prepare(ctx)
}

// loadDemo loads the demonstration and counts its figures.
func (a *app) loadDemo(ctx context.Context) error {
	loader := demo.Loader{DB: a.db, Identity: a.identity, Bell: a.bell, Now: clock.System, Progress: func(what string) { say("demonstration: " + what) }}
	loaded, err := loader.Load(ctx)
	if err != nil || !loaded {
		return err
	}
	count, err := a.pilot.Recount(ctx)
	if err == nil {
		say(fmt.Sprintf("demonstration: figures from %d events", count))
	}
	return err
}
