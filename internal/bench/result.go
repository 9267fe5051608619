package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// Result is one figure.
type Result struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Aim   string  `json:"aim"` // such as ">= 0.4"; "" when there is none
	Holds bool    `json:"holds"`
}

// Results are all figures of a run.
type Results []Result

// figure is a result without an aim.
func figure(name string, value float64, unit string) Result {
	return Result{Name: name, Value: value, Unit: unit, Holds: true}
}

// atLeast is a result that should reach aim.
func atLeast(name string, value float64, unit string, aim float64) Result {
	return Result{Name: name, Value: value, Unit: unit, Aim: fmt.Sprintf(">= %g", aim), Holds: value >= aim}
}

// atMost is a result that should not exceed aim.
func atMost(name string, value float64, unit string, aim float64) Result {
	return Result{Name: name, Value: value, Unit: unit, Aim: fmt.Sprintf("<= %g", aim), Holds: value <= aim}
}

// Print writes a table for people.
func (r Results) Print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nwhat\tvalue\tunit\taim\t")
	for _, result := range r {
		verdict := ""
		if result.Aim != "" {
			verdict = "holds"
			if !result.Holds {
				verdict = "MISSED"
			}
		}
		fmt.Fprintf(table, "%s\t%.4g\t%s\t%s\t%s\n", result.Name, result.Value, result.Unit, result.Aim, verdict)
	}
	table.Flush()
}

// Write writes the figures as JSON.
func (r Results) Write(path string) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o644)
}

// percentile is the value below which p (0 to 100) percent of the durations
// lie, by nearest rank, in milliseconds; 0 when there are none.
func percentile(durations []time.Duration, p float64) float64 {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	rank := min(max(int(p/100*float64(len(sorted))+0.9999999)-1, 0), len(sorted)-1)
	return float64(sorted[rank].Microseconds()) / 1000
}
