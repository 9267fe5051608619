package roster

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// WriteMarked writes the list as it is now as a workbook, with cells that are
// wrong in red and what is wrong with them in a column of its own, called
// errorTitle. The workbook can be mended and sent again. words writes a problem.
func (s *Store) WriteMarked(ctx context.Context, i *Import, errorTitle string, words func(Problem) string, w io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	bad, err := book.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"#F8C9C0"}}})
	if err != nil {
		return err
	}
	titles, wide := []string{}, []float64{}
	for _, column := range i.Layout.Columns {
		titles, wide = append(titles, Defuse(column.Title)), append(wide, 22)
	}
	sheet, err := newSheet(book, append(titles, errorTitle), append(wide, 60))
	if err != nil {
		return err
	}
	line := 1
	err = s.Each(ctx, i, func(row *Row) error {
		line++
		cells := make([]any, 0, len(titles)+1)
		for _, column := range i.Layout.Columns {
			cell := excelize.Cell{Value: Defuse(row.Cells[column.Field])}
			if len(row.ProblemsOf(column.Field)) > 0 {
				cell.StyleID = bad
			}
			cells = append(cells, cell)
		}
		var wrong []string
		for _, problem := range append(row.Problems, row.Clash...) {
			wrong = append(wrong, words(problem))
		}
		return sheet.SetRow("A"+strconv.Itoa(line), append(cells, strings.Join(wrong, "; ")))
	})
	if err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}
