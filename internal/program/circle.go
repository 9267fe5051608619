package program

import (
	"slices"

	"github.com/google/uuid"
)

// inOrder sorts programmes so that each comes after those whose completion its
// audience depends on. circle names the programmes of a circle, the first again
// at its end, when there is one: then nobody could say who belongs to them.
func inOrder(all []*Terms) (order []*Terms, circle []*Terms) {
	byID := make(map[uuid.UUID]*Terms, len(all))
	for _, t := range all {
		byID[t.ID] = t
	}
	const (
		unseen = iota
		open
		settled
	)
	state := make(map[uuid.UUID]int, len(all))
	var path []*Terms
	var visit func(t *Terms) bool
	visit = func(t *Terms) bool {
		switch state[t.ID] {
		case settled:
			return true
		case open:
			from := slices.Index(path, t)
			circle = append(slices.Clone(path[from:]), t)
			return false
		}
		state[t.ID] = open
		path = append(path, t)
		for _, ref := range slices.Concat(t.Audience.Done, t.Audience.NotDone) {
			if ref.Program == nil {
				continue
			}
			if other, ok := byID[*ref.Program]; ok && !visit(other) {
				return false
			}
		}
		path = path[:len(path)-1]
		state[t.ID] = settled
		order = append(order, t)
		return true
	}
	for _, t := range all {
		if !visit(t) {
			return nil, circle
		}
	}
	return order, nil
}
