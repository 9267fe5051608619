package main

import (
	"context"
	"fmt"
	"log/slog"

	"hocso/internal/platform/config"
)

type pilotCmd struct {
	Recount recountPilotCmd `cmd:"" help:"Make the figures anew from all events, or check that they equal them."`
}

type programCmd struct {
	Recount recountProgramsCmd `cmd:"" help:"Work out anew where everybody stands, and the figures, or check that these equal a recount."`
}

type recountCmd struct {
	Check bool `help:"Change nothing; list what differs and exit with 1 if anything does."`
}

type (
	recountPilotCmd    struct{ recountCmd }
	recountProgramsCmd struct{ recountCmd }
)

// Run recounts or checks the pilot's figures.
func (r recountPilotCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	return r.run(ctx, cfg, log, "pilot", func(a *app) error {
		count, err := a.pilot.Recount(ctx)
		if err == nil {
			fmt.Printf("recounted %d events\n", count)
		}
		return err
	}, func(a *app) ([]string, error) {
		differences, err := a.pilot.Check(ctx)
		lines := make([]string, len(differences))
		for i, d := range differences {
			lines[i] = fmt.Sprintf("%s: stored %s, recounted %s", d.What, d.Stored, d.Counts)
		}
		return lines, err
	})
}

// Run recounts or checks the programmes' figures.
func (r recountProgramsCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	return r.run(ctx, cfg, log, "program", func(a *app) error {
		err := a.programs.Recount(ctx)
		if err == nil {
			fmt.Println("everybody was worked out anew, and every figure")
		}
		return err
	}, func(a *app) ([]string, error) { return a.programs.Check(ctx) })
}

// run makes figures anew or lists what differs; command is whose recount it is.
func (r recountCmd) run(ctx context.Context, cfg *config.Config, log *slog.Logger, command string, anew func(*app) error, check func(*app) ([]string, error)) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	if !r.Check {
		return anew(a)
	}
	differences, err := check(a)
	if err != nil {
		return err
	}
	for _, line := range differences {
		fmt.Println(line)
	}
	if len(differences) > 0 {
		return fmt.Errorf("%d figures differ from a recount; 'hocso %s recount' makes them anew", len(differences), command)
	}
	fmt.Println("every figure equals a recount")
	return nil
}
