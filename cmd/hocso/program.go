package main

import (
	"context"
	"fmt"
	"log/slog"

	"hocso/internal/platform/config"
)

type programCmd struct {
	Recount standingsCmd `cmd:"" help:"Work out anew where everybody stands, and the figures, or check that these equal a recount."`
}

type standingsCmd struct {
	Check bool `help:"Change nothing; list what differs and exit with 1 if anything does."`
}

// Run recounts or checks.
func (r standingsCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.mustBeMigrated(ctx); err != nil {
		return err
	}
	if !r.Check {
		if err := a.programs.Recount(ctx); err != nil {
			return err
		}
		fmt.Println("everybody was worked out anew, and every figure")
		return nil
	}
	differences, err := a.programs.Check(ctx)
	if err != nil {
		return err
	}
	for _, line := range differences {
		fmt.Println(line)
	}
	if len(differences) > 0 {
		return fmt.Errorf("%d figures differ from a recount; 'hocso program recount' makes them anew", len(differences))
	}
	fmt.Println("every figure equals a recount")
	return nil
}
