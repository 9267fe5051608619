package program

import (
	"time"

	"github.com/google/uuid"
)

// Counts are how many people stand where.
type Counts map[State]int

// Required is everybody but the exempt.
func (c Counts) Required() int {
	n := 0
	for state, people := range c {
		if state != Exempt {
			n += people
		}
	}
	return n
}

// Holding is who has what the programme asks for.
func (c Counts) Holding() int { return c[Completed] + c[Expiring] }

// Behind is who is late.
func (c Counts) Behind() int { return c[Overdue] + c[Expired] }

// Percent is Holding of Required, 0 to 100, rounded down; -1 when nobody is required.
func (c Counts) Percent() int {
	if required := c.Required(); required > 0 {
		return c.Holding() * 100 / required
	}
	return -1
}

// Line is one programme's figures in a unit.
type Line struct {
	ProgramID uuid.UUID
	Title     string
	DueOn     *time.Time // of the definition
	Counts    Counts
}

// UnitLine is one unit's figures, over one programme or all of them.
type UnitLine struct {
	UnitID uuid.UUID
	Code   string
	Name   string
	Counts Counts
	Ago    *Day // how it stood Ago days before today; nil when nobody was required then
}

// Ago is how many days back units are compared with how they stand.
const Ago = 30

// Day is how a unit stood at the end of a day.
type Day struct {
	Day                         time.Time
	Required, Completed, Behind int
}

// Percent is Completed of Required, 0 to 100; -1 when nobody was required.
func (d Day) Percent() int {
	if d.Required > 0 {
		return d.Completed * 100 / d.Required
	}
	return -1
}
