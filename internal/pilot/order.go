package pilot

import (
	"cmp"
	"slices"
)

// Order is how a table of units is sorted.
type Order struct {
	By   string // one of Columns
	Desc bool
}

// Columns are what a table of units can be sorted by.
var Columns = []string{"name", "enrolled", "started", "passed", "completed", "average"}

// OrderOf reads an order from an address; what it does not know becomes the
// order by name.
func OrderOf(by, direction string) Order {
	if !slices.Contains(Columns, by) {
		return Order{By: "name"}
	}
	return Order{By: by, Desc: direction == "desc"}
}

// Sort sorts units that stand in the order of their names; equal ones stay in
// that order. A unit without graded attempts has the lowest average.
func (o Order) Sort(units []UnitFigures) {
	if o.By == "name" {
		if o.Desc {
			slices.Reverse(units)
		}
		return
	}
	slices.SortStableFunc(units, func(a, b UnitFigures) int {
		order := cmp.Compare(o.value(a), o.value(b))
		if o.Desc {
			return -order
		}
		return order
	})
}

func (o Order) value(u UnitFigures) float64 {
	switch o.By {
	case "enrolled":
		return float64(u.Enrolled)
	case "started":
		return float64(u.Started)
	case "completed":
		return float64(u.Completed)
	case "passed":
		return float64(u.Passed)
	default:
		average, ok := u.Average()
		if !ok {
			return -1
		}
		return average
	}
}
