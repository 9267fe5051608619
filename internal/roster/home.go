package roster

import (
	"strings"

	"hocso/internal/org"
)

// homeOf finds the unit where somebody on a list lives or works: by its code,
// else by the names in the columns for agency, commune and hamlet, else it is
// the unit that the list is for.
func (p *Places) homeOf(kind Kind, cells map[Field]string) (unit *org.Unit, mended, problems []Problem) {
	if typed := cells[UnitCode]; typed != "" {
		unit, wasMended := p.coded(typed)
		switch {
		case unit == nil:
			problems = append(problems, Problem{UnitCode, "roster.unit_code_unknown", []string{typed, p.root.Name}})
		case !p.isHome(kind, unit):
			problems = append(problems, Problem{UnitCode, "roster.unit_too_wide", []string{unit.Name}})
		case wasMended:
			mended = append(mended, Problem{UnitCode, "roster.unit_code_mended", []string{unit.Code}})
		}
		return unit, mended, problems
	}
	if kind == Officials {
		return p.office(cells)
	}
	return p.dwelling(cells)
}

// isHome tells whether people of a kind may belong to a unit: nobody lives in a
// province as a whole.
func (p *Places) isHome(kind Kind, unit *org.Unit) bool {
	return unit.Kind != org.Province && (kind == Officials || unit.Kind != org.Agency)
}

func (p *Places) office(cells map[Field]string) (unit *org.Unit, mended, problems []Problem) {
	for _, column := range []struct {
		field Field
		kinds []org.Kind
	}{{Agency, []org.Kind{org.Agency, org.Commune, org.Hamlet}}, {Commune, []org.Kind{org.Commune}}, {Hamlet, []org.Kind{org.Hamlet}}} {
		typed := cells[column.field]
		if typed == "" {
			continue
		}
		unit, problem := p.one(typed, column.field, nil, column.kinds...)
		if problem == nil {
			return unit, nil, nil
		}
		problems = append(problems, *problem)
	}
	if len(problems) > 0 {
		return nil, nil, problems[:1]
	}
	return p.otherwise(Officials, Agency)
}

func (p *Places) dwelling(cells map[Field]string) (unit *org.Unit, mended, problems []Problem) {
	commune, problem := p.communeOf(cells)
	if problem != nil {
		return nil, nil, []Problem{*problem}
	}
	for _, field := range []Field{Hamlet, Address, Agency} {
		if cells[field] == "" {
			continue
		}
		unit, problem := p.hamletIn(cells[field], field, commune)
		switch {
		case problem == nil:
			return unit, nil, nil
		case commune == nil:
			return nil, nil, []Problem{*problem}
		case field != Hamlet || p.children[commune.ID] == 0:
			// An address names more than we know, and not every commune has told its hamlets.
			return commune, []Problem{{field, "roster.commune_taken", []string{commune.Name}}}, nil
		}
		return nil, nil, []Problem{*problem}
	}
	if commune != nil {
		return commune, nil, nil
	}
	return p.otherwise(Residents, Commune)
}

// communeOf finds somebody's commune: the one that is named, or the only one
// that there is.
func (p *Places) communeOf(cells map[Field]string) (*org.Unit, *Problem) {
	if cells[Commune] != "" {
		return p.one(cells[Commune], Commune, nil, org.Commune)
	}
	for _, field := range []Field{Hamlet, Address, Agency} {
		for _, part := range strings.Split(cells[field], ",") {
			// "3" alone is a hamlet's name, "Phường 3" a commune's.
			if level, _, _ := strings.Cut(org.Fold(part), " "); field != Agency && levelKinds[level] != org.Commune {
				continue
			}
			if found := p.named(part, nil, org.Commune); len(found) == 1 {
				return found[0], nil
			}
		}
	}
	if len(p.communes) == 1 {
		return p.communes[0], nil
	}
	return nil, nil
}

// hamletIn finds a hamlet in what may be a whole address.
func (p *Places) hamletIn(typed string, field Field, commune *org.Unit) (*org.Unit, *Problem) {
	var first *Problem
	for _, part := range strings.Split(typed, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		if found := p.named(part, nil, org.Commune); commune != nil && len(found) == 1 && found[0] == commune && p.named(part, commune, org.Hamlet) == nil {
			if !strings.Contains(typed, ",") {
				return commune, nil
			}
			continue
		}
		unit, problem := p.one(part, field, commune, org.Hamlet)
		if problem == nil {
			return unit, nil
		}
		if first == nil || problem.Key == "roster.unit_several" {
			first = problem
		}
	}
	if first == nil {
		return commune, nil
	}
	return nil, first
}

// otherwise is where people belong of whom a list does not say where.
func (p *Places) otherwise(kind Kind, missing Field) (*org.Unit, []Problem, []Problem) {
	if p.isHome(kind, p.root) {
		return p.root, nil, nil
	}
	return nil, nil, []Problem{{missing, "roster.unit_missing", []string{p.root.Name}}}
}

// one finds the one unit that a text means, or says that there is none or
// which ones there are.
func (p *Places) one(typed string, field Field, within *org.Unit, kinds ...org.Kind) (*org.Unit, *Problem) {
	typed = strings.TrimSpace(typed)
	found := p.named(typed, within, kinds...)
	switch len(found) {
	case 0:
		where := p.root
		if within != nil {
			where = within
		}
		return nil, &Problem{field, "roster.unit_unknown", []string{typed, where.Name}}
	case 1:
		return found[0], nil
	}
	var candidates []string
	for _, unit := range found[:min(len(found), 5)] {
		candidates = append(candidates, unit.Name+" ("+unit.Code+")")
	}
	return nil, &Problem{field, "roster.unit_several", []string{typed, strings.Join(candidates, ", ")}}
}
