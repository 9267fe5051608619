// Package unit shows units: finding them, who heads them, what lies below.
package unit

import (
	"context"

	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/i18n"
)

// SearchData is what was looked for and found.
type SearchData struct {
	Typed  string
	Own    []*org.Unit // where the reader looks after people
	Found  []*org.Found
	Inside map[uuid.UUID]bool // which of the found the reader may open
}

// Data is one unit.
type Data struct {
	Unit           *org.Unit
	Path           []*org.Unit // down to the unit itself
	Before         []string    // names of the units that it was made of
	Below          []*org.Unit
	Officers       []*identity.Appointment // the head first
	People         int
	CountMost      int // People stops here
	MayReadFigures bool
}

// head is who answers for the unit, or nil.
func (d Data) head() *identity.Appointment {
	if len(d.Officers) > 0 && d.Officers[0].Head {
		return d.Officers[0]
	}
	return nil
}

func (d Data) people(ctx context.Context) string {
	number := i18n.Number(ctx, int64(d.People))
	if d.People >= d.CountMost {
		return number + "+"
	}
	return number
}
