package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"hocso/internal/org"
	"hocso/internal/platform/config"
)

type unitsCmd struct {
	Import     importUnitsCmd `cmd:"" help:"Import administrative units: today's list (JSON), the way from the units before 1 July 2025 (CSV), or our own CSV."`
	Boundaries boundariesCmd  `cmd:"" help:"Import outlines for maps (GeoJSON, by code)."`
	Search     searchUnitsCmd `cmd:"" help:"Find units by name, old name or code."`
}

type importUnitsCmd struct {
	File   string `arg:"" type:"existingfile" help:"The file."`
	DryRun bool   `help:"Change nothing; print what would change."`
}

// shown is how many changes are printed one by one.
const shown = 20

// Run imports the file, all or nothing, and counts the figures anew when the tree changed.
func (i importUnitsCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	source, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer source.Close()
	file, err := org.ReadFile(source)
	if err != nil {
		return fmt.Errorf("%s can't be imported:\n%w", i.File, err)
	}
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	plan, err := org.Import(ctx, a.db, file, i.DryRun)
	if err != nil {
		return fmt.Errorf("%s can't be imported; nothing was changed:\n%w", i.File, err)
	}
	print(plan)
	if i.DryRun {
		fmt.Println("nothing was changed: this was a dry run")
		return nil
	}
	if len(plan.New)+len(plan.Changed)+len(plan.Links) > 0 {
		_, err = a.pilot.Recount(ctx)
	}
	return err
}

func print(plan *org.Plan) {
	for i, mended := range plan.Mended {
		if i == shown {
			fmt.Printf("… and %d more mended\n", len(plan.Mended)-shown)
			break
		}
		fmt.Println("mended:", mended)
	}
	for i, change := range plan.Changed {
		if i == shown {
			fmt.Printf("… and %d more changed\n", len(plan.Changed)-shown)
			break
		}
		fmt.Printf("changed: %s %s: %s\n", change.Unit.Code, change.Unit.Name, change.What)
	}
	fmt.Printf("%d new, %d changed, %d as they were, %d ways from old to new\n", len(plan.New), len(plan.Changed), plan.Same, len(plan.Links))
}

type boundariesCmd struct {
	File string `arg:"" type:"existingfile" help:"The GeoJSON file; each feature carries a unit's code."`
}

// Run imports the outlines, all or none.
func (b boundariesCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	source, err := os.Open(b.File)
	if err != nil {
		return err
	}
	defer source.Close()
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	count, err := org.ImportBoundaries(ctx, a.db, source)
	if err != nil {
		return fmt.Errorf("%s can't be imported; nothing was changed:\n%w", b.File, err)
	}
	fmt.Printf("%d outlines\n", count)
	return nil
}

type searchUnitsCmd struct {
	Name string `arg:"" help:"A name, with or without diacritics, a name from before a merger, or a code."`
}

// Run prints what was found, the best first.
func (s searchUnitsCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	found, err := org.NewStore(a.db).Search(ctx, s.Name)
	if err != nil {
		return err
	}
	for _, unit := range found {
		now := ""
		if unit.ValidTo != nil {
			now = fmt.Sprintf("  (before %s; now %v)", unit.ValidTo.Format("2 Jan 2006"), unit.Successors)
		}
		fmt.Printf("%-10s %-9s %s, %s%s\n", unit.Code, unit.Kind, unit.Name, unit.Parent, now)
	}
	if len(found) == 0 {
		return fmt.Errorf("no unit is called %q", s.Name)
	}
	return nil
}
