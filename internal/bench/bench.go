// Package bench measures the product with real processes on this machine:
// its own PostgreSQL and Redis with normal durability, one 'hocso serve', one
// 'hocso work', and HTTP over loopback.
//
// It is not a test: it prints what it found, and fails only when something
// broke or a learner's attempt was lost or counted twice.
package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Options say what to measure.
type Options struct {
	Attempts int           // how many attempts are graded
	Learners int           // how many learners the province page stands on
	Span     time.Duration // how long each page is asked for
	Out      string        // where the results are written, as JSON
	Only     []string      // the parts to measure, by name; none for all
	Progress func(string)
}

// part is something that is measured by itself.
type part struct {
	what    string
	measure func(context.Context, *rig, Options) (Results, error)
}

// parts are measured in this order.
var parts = []part{
	{"grading", grading},
	{"practice", practising},
	{"pages", pages},
	{"page weight", weight},
	{"province page", province},
	{"memory", memory},
	{"sign-in", signingIn},
	{"row-level security", rowSecurity},
	{"unit search", searching},
	{"import", importing},
	{"required learning", requiring},
	{"notices", telling},
	{"records of completion", issuing},
	{"records in digital form", signing},
}

// chosen finds parts by their names, all of them when none are named. They keep
// their order: later ones stand on what earlier ones leave.
func chosen(names []string) ([]part, error) {
	if len(names) == 0 {
		return parts, nil
	}
	var all []string
	var found []part
	for _, p := range parts {
		all = append(all, p.what)
		if slices.Contains(names, p.what) {
			found = append(found, p)
		}
	}
	for _, name := range names {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("there is no part %q; there are: %s", name, strings.Join(all, ", "))
		}
	}
	return found, nil
}

const (
	clients      = 64 // that submit at once
	pageClients  = 16 // that read pages at once
	provinceAsks = 4  // that read the province page at once
)

// Run measures everything, prints a table and writes Options.Out.
func Run(ctx context.Context, o Options) error {
	parts, err := chosen(o.Only)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hocso-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another user
		return err
	}
	r := &rig{dir: dir, say: o.Progress}
	defer r.stop()
	if err := r.start(ctx, o); err != nil {
		return err
	}
	var results Results
	for _, part := range parts {
		if err := r.idle(ctx); err != nil {
			return err
		}
		o.Progress("measuring: " + part.what)
		some, err := part.measure(ctx, r, o)
		if err != nil {
			return fmt.Errorf("%s: %w", part.what, err)
		}
		results = append(results, some...)
	}
	results.Print(os.Stdout)
	if err := os.MkdirAll(filepath.Dir(o.Out), 0o755); err != nil {
		return err
	}
	return results.Write(o.Out)
}
