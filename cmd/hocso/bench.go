package main

import (
	"context"
	"time"

	"hocso/internal/bench"
)

type benchCmd struct {
	Attempts int           `default:"20000" help:"How many attempts are graded."`
	Learners int           `default:"200000" help:"How many learners the province page stands on."`
	Span     time.Duration `default:"5s" help:"How long each page is asked for."`
	Out      string        `default:"var/bench.json" help:"Where the results are written."`
	Only     []string      `sep:"," placeholder:"PART" help:"Measure some parts only, such as 'grading,required learning'; a wrong name lists them all."`
}

// Run measures on this machine, with servers of its own.
func (b benchCmd) Run(ctx context.Context) error {
	return bench.Run(ctx, bench.Options{Attempts: b.Attempts, Learners: b.Learners, Span: b.Span, Out: b.Out, Only: b.Only, Progress: say})
}
