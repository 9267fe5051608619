package roster

import (
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"hocso/internal/org"
	"hocso/internal/platform/shortcode"
)

// Rules check rows of one list. They look at nothing but the row: whom it is
// about is found out by matching (see match.go).
type Rules struct {
	Kind   Kind
	Places *Places
	Now    time.Time
}

// Checked is what a row says, once it is understood.
type Checked struct {
	Row       int        `json:"row"`
	FullName  string     `json:"full_name"`
	Search    string     `json:"search"`
	BirthYear *int       `json:"birth_year"`
	Phone     *string    `json:"phone"`
	Email     *string    `json:"email"`
	StaffCode *string    `json:"staff_code"`
	Code      *string    `json:"code"`
	Position  *string    `json:"position"`
	UnitID    *uuid.UUID `json:"unit_id"`
	Problems  []Problem  `json:"problems"`
	Mended    []Problem  `json:"mended"`
}

// cellError is what Excel shows where a formula failed.
var cellError = regexp.MustCompile(`^#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$`)

// Check reads the cells of one row.
func (r Rules) Check(line Line) Checked {
	c := Checked{Row: line.Row, Problems: []Problem{}, Mended: []Problem{}}
	cells := map[Field]string{}
	for field, cell := range line.Cells {
		cells[field] = clean(cell)
		if len([]rune(cell)) > maxCell {
			c.wrong(field, "roster.cell_long")
			cells[field] = ""
		} else if cellError.MatchString(cells[field]) {
			c.wrong(field, "roster.cell_error")
			cells[field] = ""
		}
	}
	r.person(&c, cells)
	if r.Kind == Officials {
		r.office(&c, cells)
	}
	home, mended, problems := r.Places.homeOf(r.Kind, cells)
	c.Mended, c.Problems = append(c.Mended, mended...), append(c.Problems, problems...)
	if home != nil {
		c.UnitID = &home.ID
	}
	return c
}

func (r Rules) person(c *Checked, cells map[Field]string) {
	name, mended, problem := readName(cells[Name], cells[LastNames], cells[GivenName])
	field := Name
	if cells[Name] == "" && cells[LastNames]+cells[GivenName] != "" {
		field = GivenName
	}
	if problem != "" {
		c.wrong(field, problem)
	}
	if mended {
		c.mend(field, "roster.name_capitals", name)
	}
	c.FullName, c.Search = name, org.Fold(name)
	if c.BirthYear, problem = readBorn(cells[Born], r.Now); problem != "" {
		c.wrong(Born, problem)
	}
	var how string
	if c.Phone, how, problem = readPhone(cells[Phone]); problem != "" {
		c.wrong(Phone, problem)
	}
	if how != "" {
		c.mend(Phone, how, *c.Phone)
	}
	if typed := cells[Code]; typed != "" {
		code, ok := shortcode.Parse(typed)
		if !ok {
			c.wrong(Code, "roster.code_form")
		}
		c.Code = &code
	}
}

func (r Rules) office(c *Checked, cells map[Field]string) {
	var problem string
	if c.Email, problem = readEmail(cells[Email]); problem != "" {
		c.wrong(Email, problem)
	}
	if position := cells[Position]; len([]rune(position)) > 120 {
		c.wrong(Position, "person.too_long")
	} else if position != "" {
		c.Position = &position
	}
	staff := strings.ReplaceAll(cells[StaffCode], " ", "")
	if match := decimal.FindStringSubmatch(staff); match != nil {
		staff = match[1]
		c.mend(StaffCode, "roster.staff_code_mended", staff)
	}
	if len(staff) > 40 {
		c.wrong(StaffCode, "roster.staff_code_form")
	} else if staff != "" {
		c.StaffCode = &staff
	}
}

func (c *Checked) wrong(field Field, key string, args ...string) {
	c.Problems = append(c.Problems, Problem{field, key, args})
}

func (c *Checked) mend(field Field, key string, args ...string) {
	c.Mended = append(c.Mended, Problem{field, key, args})
}
