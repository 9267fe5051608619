package audit

import (
	"context"
	"io"
	"strings"
	"time"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/spreadsheet"
	"hocso/views/text"
)

// CSV is the log as a file, in the reader's language.
type CSV struct {
	ctx  context.Context
	file *spreadsheet.CSV
}

// NewCSV begins a file with the names of its columns.
func NewCSV(ctx context.Context, w io.Writer) (*CSV, error) {
	file, err := spreadsheet.NewCSV(w)
	if err != nil {
		return nil, err
	}
	var heads []string
	for _, key := range []string{
		"audit.at", "audit.actor", "audit.helper", "audit.action", "audit.subject", "audit.unit", "audit.unit_code", "audit.changes", "audit.address", "audit.id",
	} {
		heads = append(heads, text.T(ctx, key))
	}
	return &CSV{ctx, file}, file.Row(heads...)
}

// Lines writes entries and hands them on.
func (c *CSV) Lines(lines []*audit.Line, names Names) error {
	for _, line := range lines {
		changes := make([]string, len(line.Changes))
		for i, change := range line.Changes {
			changes[i] = names.change(c.ctx, change)
		}
		err := c.file.Row(
			line.At.In(clock.Zone).Format(time.DateTime), actor(c.ctx, line), person(c.ctx, line.HelperID, line.HelperName),
			actionName(c.ctx, line.Action), person(c.ctx, line.SubjectID, line.SubjectName),
			line.UnitName, line.UnitCode, strings.Join(changes, "; "), line.Address, line.ID.String())
		if err != nil {
			return err
		}
	}
	return c.file.Flush()
}

// Note ends the file with a sentence about it; key is a catalogue key.
func (c *CSV) Note(key string, args ...any) error {
	if err := c.file.Row(text.T(c.ctx, key, args...)); err != nil {
		return err
	}
	return c.file.Flush()
}
