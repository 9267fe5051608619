package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/clock"
)

// ExportMost is how many entries one export holds; batch is how many are in
// memory at a time.
const (
	ExportMost = 100_000
	batch      = 1000
)

// Export gives write all entries that a reader may see and a filter leaves, the
// newest first, some at a time and at most most. cut tells whether there were more.
func (s *Store) Export(ctx context.Context, reach Reach, f Filter, most int, write func([]*Line) error) (cut bool, err error) {
	for left := most; ; {
		lines, err := s.lines(ctx, reach, f, min(batch, left)+1)
		if err != nil {
			return false, err
		}
		more := len(lines) > min(batch, left)
		if more {
			lines = lines[:len(lines)-1]
		}
		if err := write(lines); err != nil || !more {
			return false, err
		}
		if left -= len(lines); left == 0 {
			return true, nil
		}
		f.After = cursor(&lines[len(lines)-1].Entry)
	}
}

// NoteExport writes down that somebody takes entries out of the log, before
// they do: who may read of it sees what was asked for.
func (s *Store) NoteExport(ctx context.Context, by By, at time.Time, reach Reach, f Filter) error {
	entry := &Entry{Action: LogExport, Changes: f.changes()}
	switch {
	case f.Unit != uuid.Nil:
		entry.UnitID = &f.Unit
	case !reach.Scope.Empty():
		entry.UnitID = &reach.Scope.Units[0]
	}
	return s.Add(ctx, by, at, entry)
}

// changes tells of a filter as an entry does.
func (f Filter) changes() (changes []Change) {
	add := func(field, after string) {
		if after != "" {
			changes = append(changes, Change{Field: field, After: after})
		}
	}
	add("person", MaskName(f.Person))
	add("action", string(f.Action))
	if !f.Since.IsZero() {
		add("from", f.Since.In(clock.Zone).Format(time.DateOnly))
	}
	if !f.Until.IsZero() {
		add("to", f.Until.In(clock.Zone).AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return changes
}
