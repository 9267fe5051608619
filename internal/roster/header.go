package roster

import (
	"regexp"
	"slices"
	"strings"

	"hocso/internal/org"
)

// headerWithin is how many rows may stand above and in the header.
const headerWithin = 40

// Layout is where a file has which columns.
type Layout struct {
	Header  int      `json:"header"` // row of the header's last line, from 1
	Columns []Column `json:"columns"`
	Unknown []string `json:"unknown,omitempty"` // titles of columns that were not kept
}

// Column is one column of a file.
type Column struct {
	Index int    `json:"index"` // from 0
	Title string `json:"title"`
	Field Field  `json:"field"`
}

// Has tells whether the file has a column of a field.
func (l Layout) Has(field Field) bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Field == field })
}

// Letter is the column's name in a spreadsheet: A, B … AA.
func (c Column) Letter() string {
	letters := ""
	for n := c.Index + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// line is a row of a file before we know what its columns are about.
type line struct {
	row   int // in the file, from 1
	cells []string
}

func (l line) cell(i int) string {
	if i < len(l.cells) {
		return clean(l.cells[i])
	}
	return ""
}

// findHeader finds the header among the first rows of a file: the row with a
// column for names and the most columns that we know, together with the rows
// above and below that belong to it. rest is where the people begin.
func findHeader(head []line) (layout Layout, rest int, err error) {
	best, most := -1, 0
	for i, l := range head {
		if known := knownIn(l); known > most && named(layoutOf(l.cells)) {
			best, most = i, known
		}
	}
	if best < 0 {
		return layout, 0, ErrNoHeader
	}
	var above, below line
	if best > 0 {
		above = head[best-1]
	}
	rest = best + 1
	if rest < len(head) && isSubheader(head[rest]) {
		below = head[rest]
		rest++
	}
	if rest < len(head) && isNumbering(head[rest]) {
		rest++
	}
	layout = layoutOf(combine(above, head[best], below))
	layout.Header = head[rest-1].row
	if !named(layout) {
		return layout, 0, ErrNoHeader
	}
	return layout, rest, nil
}

func knownIn(l line) int {
	known := 0
	for i := range l.cells {
		if fieldCalled(l.cell(i)) != "" {
			known++
		}
	}
	return known
}

// named tells whether a layout says where people's names stand.
func named(l Layout) bool {
	return l.Has(Name) || l.Has(GivenName)
}

// combine makes one line of titles out of a header of up to three rows. A cell
// that was merged over several columns stands in the first of them only.
func combine(above, header, below line) []string {
	columns := max(len(header.cells), len(below.cells), len(above.cells))
	titles := make([]string, columns)
	over := "" // the title that spans this column
	for i := range columns {
		own, sub, parent := header.cell(i), below.cell(i), above.cell(i)
		if own != "" || sub == "" {
			over = own
		}
		switch field := fieldCalled(sub); {
		case field == sexes && fieldCalled(over) == Born:
			titles[i] = over + " " + sub
		case field != "" && field != sexes:
			titles[i] = sub
		case own != "":
			titles[i] = own
		case fieldCalled(parent) != "":
			titles[i] = parent
		default:
			titles[i] = sub
		}
	}
	return titles
}

// layoutOf reads a line of titles. The first column of a field counts; a year
// of birth may stand in two, one for men and one for women.
func layoutOf(cells []string) (layout Layout) {
	for i, title := range cells {
		title = clean(title)
		field := fieldCalled(title)
		if born, under := strings.CutSuffix(org.Fold(title), " nam"); under && fieldCalled(born) == Born {
			field = Born
		} else if born, under := strings.CutSuffix(org.Fold(title), " nu"); under && fieldCalled(born) == Born {
			field = Born
		}
		switch {
		case title == "" || field == ignored || field == sexes:
		case field == "" || field != Born && layout.Has(field):
			layout.Unknown = append(layout.Unknown, short(title))
		default:
			layout.Columns = append(layout.Columns, Column{Index: i, Title: short(title), Field: field})
		}
	}
	if layout.Has(GivenName) && !layout.Has(LastNames) { // a lone "Tên" is the whole name
		for i, column := range layout.Columns {
			if column.Field == GivenName && !layout.Has(Name) {
				layout.Columns[i].Field = Name
			}
		}
	}
	return layout
}

// short keeps a title within reason.
func short(title string) string {
	if letters := []rune(title); len(letters) > 60 {
		return string(letters[:60]) + "…"
	}
	return title
}

var ordinal = regexp.MustCompile(`^\(?([0-9]{1,2}|[A-Z])\)?$`)

// isNumbering tells a row that numbers the columns: (1) (2) (3).
func isNumbering(l line) bool {
	filled := 0
	for i := range l.cells {
		cell := l.cell(i)
		if cell == "" {
			continue
		}
		if !ordinal.MatchString(cell) {
			return false
		}
		filled++
	}
	return filled > 1
}

// isSubheader tells a second row of titles: it has some that we know, and
// nothing that reads like a person.
func isSubheader(l line) bool {
	known := 0
	for i := range l.cells {
		switch cell := l.cell(i); {
		case cell == "":
		case strings.ContainsAny(cell, "0123456789@"):
			return false
		case fieldCalled(cell) != "":
			known++
		}
	}
	return known > 0 && !named(layoutOf(l.cells))
}
