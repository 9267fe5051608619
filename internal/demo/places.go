package demo

import (
	"fmt"
	"io/fs"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
)

// places is what content/demo says.
type places struct {
	Province  place      `yaml:"province"`
	ValidFrom string     `yaml:"valid_from"`
	Agencies  []place    `yaml:"agencies"`
	Communes  []commune  `yaml:"communes"`
	People    []player   `yaml:"-"`
	Staff     staff      `yaml:"-"`
	Household family     `yaml:"-"`
	Required  []required `yaml:"-"`
}

type place struct {
	Code string `yaml:"code"`
	Name string `yaml:"name"`
}

type commune struct {
	Code    string   `yaml:"code"`
	Name    string   `yaml:"name"`
	Weight  int      `yaml:"weight"`
	Hamlets []string `yaml:"hamlets"`
}

type player struct {
	Role      identity.Role `yaml:"role"`
	Name      string        `yaml:"name"`
	BirthYear int           `yaml:"birth_year"`
	Home      string        `yaml:"home"`
	At        string        `yaml:"at"`
	Position  string        `yaml:"position"` // as the head of At; "" for none
}

func readPlaces(fsys fs.FS) (*places, error) {
	p := new(places)
	for name, into := range map[string]any{
		"demo/units.yaml": p, "demo/people.yaml": &p.People, "demo/staff.yaml": &p.Staff, "demo/household.yaml": &p.Household, "demo/programs.yaml": &p.Required,
	} {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if err := yaml.UnmarshalWithOptions(raw, into, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return p, nil
}

// units lists every unit, parents before children.
func (p *places) units() []*org.Unit {
	from, _ := time.Parse(time.DateOnly, p.ValidFrom) // the file is ours; a test reads it
	unit := func(code, name string, kind org.Kind, parent *uuid.UUID) *org.Unit {
		return &org.Unit{ID: uuid.Must(uuid.NewV7()), Code: code, Name: name, Kind: kind, ParentID: parent, ValidFrom: from}
	}
	province := unit(p.Province.Code, p.Province.Name, org.Province, nil)
	units := []*org.Unit{province}
	for _, agency := range p.Agencies {
		units = append(units, unit(agency.Code, agency.Name, org.Agency, &province.ID))
	}
	for _, c := range p.Communes {
		above := unit(c.Code, c.Name, org.Commune, &province.ID)
		units = append(units, above)
		for i, hamlet := range c.Hamlets {
			units = append(units, unit(c.hamletCode(i), hamlet, org.Hamlet, &above.ID))
		}
	}
	return units
}

// hamletCode is the code of the i-th hamlet, from 0.
func (c commune) hamletCode(i int) string { return fmt.Sprintf("%s-%02d", c.Code, i+1) }
