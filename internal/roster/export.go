package roster

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/postgres"
)

// header are the columns of an export: titles that an import reads again.
var header = []string{"Mã người học", "Họ và tên", "Năm sinh", "Số điện thoại", "Mã đơn vị", "Đơn vị", "Chức vụ", "Mã cán bộ", "Email"}

// widths are the columns' widths in a workbook, in characters.
var widths = []float64{16, 28, 11, 16, 14, 30, 28, 16, 28}

// partOfExport is how many people are read at a time.
const partOfExport = 1000

// WriteCSV writes the people of a scope, for Excel (UTF-8 with its mark). It
// says how many there were. No cell can be run as a formula.
func (s *Store) WriteCSV(ctx context.Context, scope org.Scope, w io.Writer) (int, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return 0, err
	}
	table := csv.NewWriter(w)
	if err := table.Write(header); err != nil {
		return 0, err
	}
	count, err := s.eachPerson(ctx, scope, func(cells []string) error { return table.Write(cells) })
	if err != nil {
		return 0, err
	}
	table.Flush()
	return count, table.Error()
}

// WriteXLSX is WriteCSV as a workbook.
func (s *Store) WriteXLSX(ctx context.Context, scope org.Scope, w io.Writer) (int, error) {
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := newSheet(book, header, widths)
	if err != nil {
		return 0, err
	}
	row := 1
	count, err := s.eachPerson(ctx, scope, func(cells []string) error {
		row++
		return sheet.SetRow("A"+strconv.Itoa(row), texts(cells))
	})
	if err != nil {
		return 0, err
	}
	if err := sheet.Flush(); err != nil {
		return 0, err
	}
	return count, book.Write(w)
}

// newSheet begins the first sheet of a workbook with a header that stays in sight.
func newSheet(book *excelize.File, titles []string, widths []float64) (*excelize.StreamWriter, error) {
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := sheet.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	cells := make([]any, len(titles))
	for i, title := range titles {
		cells[i] = excelize.Cell{Value: title, StyleID: bold}
	}
	return sheet, sheet.SetRow("A1", cells)
}

func texts(cells []string) []any {
	values := make([]any, len(cells))
	for i, cell := range cells {
		values[i] = cell
	}
	return values
}

// eachPerson calls do with the cells of every person of a scope, in the order
// of header.
func (s *Store) eachPerson(ctx context.Context, scope org.Scope, do func(cells []string) error) (count int, err error) {
	after, id := "", uuid.Nil
	for {
		var people []*struct {
			identity.Person `bun:",extend"`
			UnitCode, Unit  string
			Position        string
		}
		query := s.db.NewSelect().TableExpr("people AS p").ColumnExpr("p.*").ColumnExpr("u.code AS unit_code, u.name AS unit").
			ColumnExpr(`coalesce((SELECT a.position FROM appointments a WHERE a.person_id = p.id AND a.unit_id = p.home_unit_id AND a.ends_on IS NULL), '') AS position`).
			Join("JOIN units AS u ON u.id = p.home_unit_id").
			Where("p.registered_at IS NOT NULL").Where("p.merged_into IS NULL").Where("p.erased_at IS NULL").Where("p.suspended_at IS NULL").
			Where("(p.search, p.id) > (?, ?)", after, id).OrderExpr("p.search, p.id").Limit(partOfExport)
		if err := scope.Holds(query, "p.home_unit_id").Scan(ctx, &people); err != nil {
			return 0, postgres.Wrap(err, "people to export")
		}
		for _, p := range people {
			cells := []string{text(p.Code), p.FullName, year(p.BirthYear), text(p.Phone), p.UnitCode, p.Unit, p.Position, text(p.StaffCode), text(p.Email)}
			for i, cell := range cells {
				cells[i] = Defuse(cell)
			}
			if err := do(cells); err != nil {
				return 0, err
			}
			count++
			after, id = p.Search, p.ID
		}
		if len(people) < partOfExport {
			return count, nil
		}
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func year(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
