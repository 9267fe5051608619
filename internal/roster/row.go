package roster

import (
	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Row is one person of a list, as typed and as understood.
type Row struct {
	bun.BaseModel `bun:"table:roster_rows,alias:rr"`

	ImportID  uuid.UUID        `bun:",pk,type:uuid"`
	Row       int              `bun:",pk"` // in the file; people missing from it count down from -1
	Cells     map[Field]string `bun:",type:jsonb"`
	Checked   bool
	FullName  *string
	Search    *string
	BirthYear *int
	Phone     *string
	Email     *string
	StaffCode *string
	Code      *string
	Position  *string
	UnitID    *uuid.UUID `bun:",type:uuid"`
	Problems  []Problem  `bun:",type:jsonb"` // of the cells
	Mended    []Problem  `bun:",type:jsonb"`
	Clash     []Problem  `bun:",type:jsonb"` // with other rows and with people
	Outcome   *Outcome
	PersonID  *uuid.UUID `bun:",type:uuid"` // who this is, or for a suspect who they look like
	Changes   []string   `bun:",array"`     // fields
	NewID     uuid.UUID  `bun:",type:uuid"`
	NewCode   string

	UnitName string  `bun:",scanonly"`
	Known    *string `bun:",scanonly"` // name of PersonID
}

// ProblemsOf lists what is wrong with one field of the row, "" for the whole of it.
func (r *Row) ProblemsOf(field Field) []Problem {
	var found []Problem
	for _, list := range [][]Problem{r.Problems, r.Clash} {
		for _, problem := range list {
			if problem.Field == field {
				found = append(found, problem)
			}
		}
	}
	return found
}

// take writes down how a row was understood.
func (r *Row) take(c Checked) {
	r.Checked, r.Problems, r.Mended, r.Clash = true, c.Problems, c.Mended, []Problem{}
	r.FullName, r.Search, r.BirthYear, r.Phone = &c.FullName, &c.Search, c.BirthYear, c.Phone
	r.Email, r.StaffCode, r.Code, r.Position, r.UnitID = c.Email, c.StaffCode, c.Code, c.Position, c.UnitID
}
