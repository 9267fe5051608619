package pilot

import (
	"slices"
	"testing"
)

func TestOrder(t *testing.T) {
	units := []UnitFigures{
		{Name: "Bà Nà", Counts: Counts{Enrolled: 5, Graded: 2, ScoreSum: 100}},
		{Name: "Đại Lộc", Counts: Counts{Enrolled: 9}},
		{Name: "Hải Châu", Counts: Counts{Enrolled: 5, Graded: 1, ScoreSum: 0}},
	}
	for _, test := range []struct {
		by, direction string
		want          []string
	}{
		{"", "", []string{"Bà Nà", "Đại Lộc", "Hải Châu"}},
		{"name", "desc", []string{"Hải Châu", "Đại Lộc", "Bà Nà"}},
		{"enrolled", "desc", []string{"Đại Lộc", "Bà Nà", "Hải Châu"}},
		{"enrolled", "asc", []string{"Bà Nà", "Hải Châu", "Đại Lộc"}},
		{"average", "asc", []string{"Đại Lộc", "Hải Châu", "Bà Nà"}},
		{"; DROP TABLE units", "desc", []string{"Bà Nà", "Đại Lộc", "Hải Châu"}},
	} {
		sorted := slices.Clone(units)
		OrderOf(test.by, test.direction).Sort(sorted)
		var names []string
		for _, unit := range sorted {
			names = append(names, unit.Name)
		}
		if !slices.Equal(names, test.want) {
			t.Errorf("by %q %q: %q, want %q", test.by, test.direction, names, test.want)
		}
	}
}
