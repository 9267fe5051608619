package audit

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
)

// Reach is which entries a reader may see: those of the units in Scope, and
// with Unplaced also those that belong to no unit.
type Reach struct {
	Scope    org.Scope
	Unplaced bool
}

func (r Reach) holds(query *bun.SelectQuery) *bun.SelectQuery {
	return query.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = r.Scope.Holds(q, "au.unit_id")
		if r.Unplaced {
			q = q.WhereOr("au.unit_id IS NULL")
		}
		return q
	})
}

// Filter narrows the log; its zero value leaves all of it.
type Filter struct {
	Person       string // part of the name of who did it, of whom it was done to or of who helped
	Action       Action
	Since, Until time.Time // from Since on, before Until; see Days
	Unit         uuid.UUID // and everything below it
	After        string    // cursor of the last entry of the page before
}

// Days reads the first and the last day of a filter, as date fields send them:
// "2026-01-31", or "" for no limit. The error is a fault.Invalid that names
// "from" or "to".
func Days(from, to string) (since, until time.Time, err error) {
	if from != "" {
		if since, err = time.ParseInLocation(time.DateOnly, from, clock.Zone); err != nil {
			return since, until, fault.InvalidField("from", "audit.day_form")
		}
	}
	if to != "" {
		if until, err = time.ParseInLocation(time.DateOnly, to, clock.Zone); err != nil {
			return since, until, fault.InvalidField("to", "audit.day_form")
		}
		until = until.AddDate(0, 0, 1) // the last day counts
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		return since, until, fault.InvalidField("to", "audit.day_order")
	}
	return since, until, nil
}

// narrow adds all conditions but the person's.
func (f Filter) narrow(query *bun.SelectQuery) *bun.SelectQuery {
	if f.Action != "" {
		query = query.Where("au.action = ?", f.Action)
	}
	if !f.Since.IsZero() {
		query = query.Where("au.at >= ?", f.Since)
	}
	if !f.Until.IsZero() {
		query = query.Where("au.at < ?", f.Until)
	}
	if f.Unit != uuid.Nil {
		query = org.Scope{Units: []uuid.UUID{f.Unit}}.Holds(query, "au.unit_id")
	}
	if at, id, ok := readCursor(f.After); ok {
		query = query.Where("(au.at, au.id) < (?, ?)", at, id)
	}
	return query
}

// cursor is the place of an entry in the log.
func cursor(entry *Entry) string {
	return entry.At.UTC().Format(cursorTime) + "_" + entry.ID.String()
}

const cursorTime = "2006-01-02T15:04:05.000000Z"

// readCursor reads a cursor; one that nobody gave out is the beginning.
func readCursor(text string) (at time.Time, id uuid.UUID, ok bool) {
	moment, entry, _ := strings.Cut(text, "_")
	at, err := time.Parse(cursorTime, moment)
	if err != nil {
		return at, id, false
	}
	id, err = uuid.Parse(entry)
	return at, id, err == nil
}
