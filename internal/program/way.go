package program

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// Way is the shortest way to finish a duty: the courses still to be learned, in
// the order in which to take them. It is empty when nothing is left to do, or
// when only hours are asked for, which any course gives.
//
// Courses in order are taken as they come. Of others, what was begun comes
// first, then what other duties ask for as well (owed, which costs nothing
// more), then the shortest.
func (d *Duty) Way(owed map[uuid.UUID]bool) []Step {
	left := d.Assignment.Steps - d.Done
	if !d.State.Open() || left <= 0 {
		return nil
	}
	open := slices.DeleteFunc(slices.Clone(d.Steps), func(s Step) bool { return s.LearnedOn != nil })
	if !d.Terms.Ordered {
		slices.SortStableFunc(open, func(a, b Step) int {
			return cmp.Or(sooner(a.Began, b.Began), sooner(owed[a.CourseID], owed[b.CourseID]), cmp.Compare(a.Minutes, b.Minutes))
		})
	}
	return open[:min(left, len(open))]
}

// Owed are the courses that open duties of a record ask for without a choice.
func (r *Record) Owed() map[uuid.UUID]bool {
	owed := map[uuid.UUID]bool{}
	for _, d := range r.Duties {
		if d.State.Open() && d.Assignment.Steps == len(d.Steps) {
			for _, step := range d.Steps {
				if step.LearnedOn == nil {
					owed[step.CourseID] = true
				}
			}
		}
	}
	return owed
}

// sooner orders what is so before what is not.
func sooner(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
