package audit

import (
	"slices"

	"github.com/google/uuid"
)

// Line is an entry as readers see it, with the names that its ids stand for
// today. A name is nil where the person was erased, "" for a guest.
type Line struct {
	Entry `bun:",extend"`

	ActorName, HelperName, SubjectName *string
	UnitName, UnitCode                 string // "" without a unit
}

// System tells whether the command line or a worker did it; somebody without a
// session has an address.
func (l *Line) System() bool { return l.ActorID == nil && l.Address == "" }

// UnitsNamed gathers the units that stand in changes by their ids: somebody
// moved from one to another.
func UnitsNamed(lines []*Line) []uuid.UUID {
	var ids []uuid.UUID
	for _, line := range lines {
		for _, change := range line.Changes {
			if change.Field != "unit" {
				continue
			}
			for _, value := range []string{change.Before, change.After} {
				if id, err := uuid.Parse(value); err == nil && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}
