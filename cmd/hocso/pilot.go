package main

import (
	"context"
	"fmt"
	"log/slog"

	"hocso/internal/platform/config"
)

type pilotCmd struct {
	Recount recountCmd `cmd:"" help:"Make the figures anew from all events, or check that they equal them."`
}

type recountCmd struct {
	Check bool `help:"Change nothing; list what differs and exit with 1 if anything does."`
}

// Run recounts or checks.
func (r recountCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.mustBeMigrated(ctx); err != nil {
		return err
	}
	if !r.Check {
		count, err := a.pilot.Recount(ctx)
		if err == nil {
			fmt.Printf("recounted %d events\n", count)
		}
		return err
	}
	differences, err := a.pilot.Check(ctx)
	if err != nil {
		return err
	}
	for _, d := range differences {
		fmt.Printf("%s: stored %s, recounted %s\n", d.What, d.Stored, d.Counts)
	}
	if len(differences) > 0 {
		return fmt.Errorf("%d figures differ from a recount; 'hocso pilot recount' makes them anew", len(differences))
	}
	fmt.Println("every figure equals a recount")
	return nil
}
