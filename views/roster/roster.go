// Package roster shows lists of people on their way in: sending a file, what
// would become of each row, mending cells, taking it over.
package roster

import (
	"context"
	"slices"

	"hocso/internal/org"
	"hocso/internal/roster"
	"hocso/views/text"
)

// ListData is the imports of the reader's units, and the form for a new one.
type ListData struct {
	Imports []*roster.Import
	Choices []*org.Choice
	Unit    string // code that was chosen
	Kind    roster.Kind
	Mode    roster.Mode
	Errors  map[string]string // field → catalogue key
	Demo    bool
}

// Data is one import.
type Data struct {
	Import  *roster.Import
	Outcome roster.Outcome // shown rows; "" for all
	Rows    []*roster.Row
	More    bool              // there are others after these
	Errors  map[string]string // field → catalogue key
}

// last is the number of the last row shown.
func (d Data) last() int {
	if len(d.Rows) == 0 {
		return 0
	}
	return d.Rows[len(d.Rows)-1].Row
}

// cells lists the columns of the file that hold something in a row, or are wrong.
func (d Data) cells(row *roster.Row) []roster.Column {
	return slices.DeleteFunc(slices.Clone(d.Import.Layout.Columns), func(c roster.Column) bool {
		return row.Cells[c.Field] == "" && len(row.ProblemsOf(c.Field)) == 0
	})
}

// Words says what is wrong with a cell, or what was put right in it.
func Words(ctx context.Context, problem roster.Problem) string {
	args := make([]any, len(problem.Args))
	for i, arg := range problem.Args {
		args[i] = arg
	}
	return text.T(ctx, problem.Key, args...)
}
