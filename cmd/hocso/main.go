// Command hocso is all of Học Số in one program: the site (serve), the workers
// (work), both with their own PostgreSQL and Redis (up), and what operators
// and course editors do by hand.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"hocso/internal/platform/config"
	"hocso/internal/platform/queue"
)

// cli is the command line.
type cli struct {
	config.Config

	Up      upCmd      `cmd:"" help:"Run everything in one process; start PostgreSQL and Redis too where no address is given."`
	Serve   serveCmd   `cmd:"" help:"Serve the site. Any number may run side by side."`
	Work    workCmd    `cmd:"" help:"Grade and count. Any number may run side by side."`
	Migrate migrateCmd `cmd:"" help:"Bring the database's tables up to date."`
	Content contentCmd `cmd:"" help:"Check and import courses."`
	Units   unitsCmd   `cmd:"" help:"Administrative units."`
	People  peopleCmd  `cmd:"" help:"Add people and give them roles."`
	Pilot   pilotCmd   `cmd:"" help:"The pilot's figures."`

	Credential credentialCmd `cmd:"" help:"Keys that sign records of completion."`

	Program programCmd `cmd:"" help:"Required learning."`
	Demo    demoCmd    `cmd:"" name:"demo" help:"The demonstration data."`
	Bench   benchCmd   `cmd:"" help:"Measure speed, weight and memory on this machine."`
}

func main() { os.Exit(run()) }

// run gives the exit code: 0 done, 1 failed (one clear line on standard
// error), 2 for a command line that cannot be read.
func run() int {
	var c cli
	parser := kong.Must(&c, kong.Name("hocso"), kong.UsageOnError(),
		kong.Description("Học Số: a province teaches its people digital skills."))
	command, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "hocso: %v\nRun 'hocso --help' for what there is.\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := newLog(&c.Config)
	slog.SetDefault(log)
	queue.Quiet()

	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(&c.Config, log)
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "hocso: %v\n", err)
		return 1
	}
	return 0
}

func newLog(cfg *config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo // kong allows only names that can be read
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.Log == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
