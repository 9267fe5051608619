package identity

import (
	"slices"

	"github.com/google/uuid"
)

// Support says whose hands did the work that a record tells of.
type Support string

// The kinds of support. Only Self counts for a record of completion.
const (
	Self    Support = "self"     // tự làm
	Helped  Support = "helped"   // được giúp
	DoneFor Support = "done-for" // làm thay
)

// Exceeds tells whether s is more support than other.
func (s Support) Exceeds(other Support) bool {
	order := []Support{Self, Helped, DoneFor}
	return slices.Index(order, s) > slices.Index(order, other)
}

// Actor is who does something: the learner whose record it is, and whoever
// acts beside them.
type Actor struct {
	PersonID uuid.UUID
	UnitID   *uuid.UUID // where it counts; nil for a guest
	Support  Support
	HelperID *uuid.UUID // nil when Self
}

// Alone is the actor who has nobody beside them.
func Alone(person uuid.UUID, unit *uuid.UUID) Actor {
	return Actor{PersonID: person, UnitID: unit, Support: Self}
}
