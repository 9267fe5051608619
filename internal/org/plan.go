package org

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Plan is what importing a file would change.
type Plan struct {
	New     []*Unit  // parents before children
	Changed []Change // units that stand already and are told differently
	Same    int      // units that are told as they stand
	Links   [][2]uuid.UUID
	Mended  []Problem
}

// Change is one unit that a file tells differently.
type Change struct {
	Unit *Unit  // as it will be
	What string // "renamed from …"
}

// atlas is every unit by code, those of the database and those of a file.
type atlas struct {
	byCode map[string][]*Unit
	byName map[string][]*Unit // current communes by folded name
}

func newAtlas(units []*Unit) *atlas {
	a := &atlas{byCode: map[string][]*Unit{}, byName: map[string][]*Unit{}}
	for _, unit := range units {
		a.add(unit)
	}
	return a
}

func (a *atlas) add(unit *Unit) {
	a.byCode[unit.Code] = append(a.byCode[unit.Code], unit)
	if unit.ValidTo == nil && unit.Kind == Commune {
		a.byName[Fold(unit.Name)] = append(a.byName[Fold(unit.Name)], unit)
	}
}

// at finds the unit that held a code on a day.
func (a *atlas) at(code string, day time.Time) *Unit {
	for _, unit := range a.byCode[code] {
		if !unit.ValidFrom.After(day) && (unit.ValidTo == nil || unit.ValidTo.After(day)) {
			return unit
		}
	}
	return nil
}

// planner turns a file into a plan against the units that stand.
type planner struct {
	atlas    *atlas
	plan     Plan
	problems Problems
}

// NewPlan works out what a file changes; the error is Problems when it can't be
// imported: an unknown parent, a cycle, two units with one code at one time.
func NewPlan(stands []*Unit, file *File) (*Plan, error) {
	p := &planner{atlas: newAtlas(stands), plan: Plan{Mended: file.Mended}}
	waiting := slices.Clone(file.Entries)
	// Whoever has no parent, or one that is known, goes first; what is left
	// after a round without progress has an unknown parent or stands in a cycle.
	for len(waiting) > 0 {
		left := slices.DeleteFunc(slices.Clone(waiting), p.place)
		if len(left) == len(waiting) {
			for _, entry := range left {
				p.wrong(entry.Row, fmt.Sprintf("no unit above with the code %q on %s, or the units above each other form a circle",
					entry.Parent, entry.From.Format(time.DateOnly)))
			}
			break
		}
		waiting = left
	}
	for _, link := range file.Links {
		p.link(link)
	}
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
		return nil, p.problems
	}
	return &p.plan, nil
}

func (p *planner) wrong(row int, what string) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, Problem{Row: row, What: what})
	}
}

// place puts an entry into the plan as soon as the unit above it is known.
func (p *planner) place(entry Entry) bool {
	var parent *uuid.UUID
	if entry.Parent != "" {
		above := p.atlas.at(entry.Parent, entry.From)
		if above == nil {
			return false
		}
		parent = &above.ID
	}
	unit := &Unit{Code: entry.Code, Name: entry.Name, Kind: entry.Kind, ParentID: parent, ValidFrom: entry.From, ValidTo: entry.To, Search: Fold(entry.Name)}
	for _, other := range p.atlas.byCode[entry.Code] {
		if other.ValidFrom.Equal(entry.From) {
			p.compare(other, unit, entry.Row)
			return true
		}
		if overlap(other, unit) {
			p.wrong(entry.Row, fmt.Sprintf("the code %s is held by %s from %s on; two units can't hold it at one time",
				entry.Code, other.Name, other.ValidFrom.Format(time.DateOnly)))
			return true
		}
	}
	unit.ID = uuid.Must(uuid.NewV7())
	p.plan.New = append(p.plan.New, unit)
	p.atlas.add(unit)
	return true
}

func overlap(a, b *Unit) bool {
	return (a.ValidTo == nil || b.ValidFrom.Before(*a.ValidTo)) && (b.ValidTo == nil || a.ValidFrom.Before(*b.ValidTo))
}

// compare notes how a unit that stands is told differently.
func (p *planner) compare(stands, told *Unit, row int) {
	told.ID = stands.ID
	what := ""
	switch {
	case slices.ContainsFunc(p.plan.New, func(u *Unit) bool { return u == stands }):
		p.wrong(row, fmt.Sprintf("the code %s stands twice in the file", told.Code))
		return
	case stands.Kind != told.Kind:
		p.wrong(row, fmt.Sprintf("%s is a %s; a unit doesn't change its kind", stands.Name, stands.Kind))
		return
	case !sameName(stands.Name, told.Name):
		what = "renamed from " + stands.Name
	case !sameID(stands.ParentID, told.ParentID):
		what = "moved"
	case !sameDay(stands.ValidTo, told.ValidTo):
		what = "ends on another day"
	default:
		p.plan.Same++
		return
	}
	p.plan.Changed = append(p.plan.Changed, Change{Unit: told, What: what})
}

// sameName forgives tone placement: 201 names of the country differ only in it.
func sameName(a, b string) bool { return a == b || Fold(a) == Fold(b) }

func sameID(a, b *uuid.UUID) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func sameDay(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// link leads an old unit to a new one. Some files give a wrong new code: then
// the name, which is unique in its province, decides.
func (p *planner) link(link Link) {
	before := p.atlas.at(link.Old, reform.AddDate(0, 0, -1))
	if before == nil {
		p.wrong(link.Row, fmt.Sprintf("no unit with the code %s stood before the reform", link.Old))
		return
	}
	after := p.atlas.at(link.New, reform)
	if after == nil || !sameName(after.Name, link.NewName) {
		named := p.named(link)
		if named == nil && after == nil {
			p.wrong(link.Row, fmt.Sprintf("no unit with the code %s or the name %s stands since the reform; import today's units first", link.New, link.NewName))
			return
		}
		if named != nil && (after == nil || named.ID != after.ID) {
			p.plan.Mended = append(p.plan.Mended, Problem{Row: link.Row, Column: "newWardCode",
				What: fmt.Sprintf("%s is not the code of %s; taken by its name: %s", link.New, link.NewName, named.Code)})
			after = named
		}
	}
	p.plan.Links = append(p.plan.Links, [2]uuid.UUID{before.ID, after.ID})
}

// named finds a current commune by name in a province, if there is just one.
func (p *planner) named(link Link) *Unit {
	province := p.atlas.at(link.NewProvince, reform)
	var found *Unit
	for _, unit := range p.atlas.byName[Fold(link.NewName)] {
		if province == nil || unit.ParentID == nil || *unit.ParentID != province.ID {
			continue
		}
		if found != nil {
			return nil
		}
		found = unit
	}
	return found
}
