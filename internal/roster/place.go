package roster

import (
	"regexp"
	"strings"

	"github.com/google/uuid"

	"hocso/internal/org"
)

// Places finds units by what people write, inside of the unit that a list is
// for: units elsewhere do not exist for it.
type Places struct {
	root     *org.Unit
	byCode   map[string]*org.Unit
	byName   map[string][]*org.Unit // folded name, with and without the word for its level
	children map[uuid.UUID]int      // how many hamlets a commune has
	communes []*org.Unit
}

// NewPlaces makes Places of a unit and all units below it that stand today.
func NewPlaces(root *org.Unit, units []*org.Unit) *Places {
	p := &Places{root: root, byCode: map[string]*org.Unit{}, byName: map[string][]*org.Unit{}, children: map[uuid.UUID]int{}}
	for _, unit := range units {
		p.byCode[strings.ToUpper(unit.Code)] = unit
		folded := org.Fold(unit.Name)
		p.byName[folded] = append(p.byName[folded], unit)
		if bare := withoutLevel(folded); bare != folded {
			p.byName[bare] = append(p.byName[bare], unit)
		}
		switch {
		case unit.Kind == org.Hamlet && unit.ParentID != nil:
			p.children[*unit.ParentID]++
		case unit.Kind == org.Commune:
			p.communes = append(p.communes, unit)
		}
	}
	return p
}

var levels = regexp.MustCompile(`^(uy ban nhan dan|ubnd)? ?(thanh pho|tp|tinh|xa|phuong|p|dac khu|thon|to dan pho|tdp|to|ban|khoi pho|khoi|khu pho|ap)? ?`)

// withoutLevel takes off the words that people leave out or shorten: "UBND xã",
// "P.", "TDP".
func withoutLevel(folded string) string {
	if rest := levels.ReplaceAllString(folded, ""); rest != "" {
		return rest
	}
	return folded
}

var levelKinds = map[string]org.Kind{"xa": org.Commune, "phuong": org.Commune, "p": org.Commune, "thon": org.Hamlet, "to": org.Hamlet, "tdp": org.Hamlet}

// named finds the units that a text may mean, only of some kinds and, unless
// within is nil, only below that unit.
func (p *Places) named(typed string, within *org.Unit, kinds ...org.Kind) []*org.Unit {
	folded := org.Fold(typed)
	if folded == "" {
		return nil
	}
	for _, name := range []string{folded, withoutLevel(folded)} {
		var found []*org.Unit
		for _, unit := range p.byName[name] {
			if !isOf(unit, kinds) || within != nil && (unit.ParentID == nil || *unit.ParentID != within.ID) {
				continue
			}
			if len(found) == 0 || found[len(found)-1] != unit {
				found = append(found, unit)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func isOf(unit *org.Unit, kinds []org.Kind) bool {
	for _, kind := range kinds {
		if unit.Kind == kind {
			return true
		}
	}
	return len(kinds) == 0
}

var (
	decimal = regexp.MustCompile(`^([0-9]+)\.0+$`)
	digits  = regexp.MustCompile(`^[0-9]+$`)
)

// coded finds a unit by its code; a code that became a number on the way (lost
// zeros, ".0") is mended when just one unit has it then.
func (p *Places) coded(typed string) (unit *org.Unit, mended bool) {
	code := strings.ToUpper(strings.ReplaceAll(typed, " ", ""))
	if unit, ok := p.byCode[code]; ok {
		return unit, false
	}
	if match := decimal.FindStringSubmatch(code); match != nil {
		code = match[1]
	}
	if !digits.MatchString(code) {
		return nil, false
	}
	for ; len(code) <= 5; code = "0" + code {
		if unit, ok := p.byCode[code]; ok {
			return unit, true
		}
	}
	return nil, false
}
