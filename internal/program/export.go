package program

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/spreadsheet"
)

// Columns are what a workbook tells of each person in a programme.
var Columns = []string{"person", "position", "unit", "program", "state", "since", "due", "done", "steps", "completed", "valid"}

var widths = []float64{28, 24, 30, 40, 16, 12, 12, 10, 10, 14, 14}

// Words are what a workbook is written in.
type Words struct {
	Columns []string // titles, in the order of Columns
	State   func(State) string
}

const (
	// mostExported is how many rows one workbook holds.
	mostExported = 50_000
	// partOfExport is how many rows are read at a time.
	partOfExport = 2000
)

// WriteXLSX writes who stands where in the subtree of a unit, and notes in the
// audit log that it left the house. No cell can be run as a formula; days are
// real dates.
func (s *Service) WriteXLSX(ctx context.Context, scope org.Scope, by audit.By, q Query, words Words, w io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := sheet.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	format := "dd/mm/yyyy"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	head := make([]any, len(words.Columns))
	for i, title := range words.Columns {
		head[i] = excelize.Cell{Value: title, StyleID: bold}
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	line := 1
	for q.From, q.Limit = 0, partOfExport; ; q.From += partOfExport {
		rows, err := s.Rows(ctx, scope, q)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if line++; line > mostExported+1 {
				return fault.New(fault.TooLarge, "workbook of a programme")
			}
			if err := sheet.SetRow("A"+strconv.Itoa(line), row.cells(words, style)); err != nil {
				return err
			}
		}
		if len(rows) < partOfExport {
			break
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	err = audit.NewStore(s.db).Add(ctx, by, s.now(), &audit.Entry{Action: audit.PeopleExport, UnitID: &q.Unit, Changes: []audit.Change{{Field: "people", After: strconv.Itoa(line - 1)}}})
	if err != nil {
		return err
	}
	return book.Write(w)
}

func (r *Row) cells(words Words, style int) []any {
	on := func(d *time.Time) any {
		if d == nil {
			return nil
		}
		return excelize.Cell{Value: *d, StyleID: style}
	}
	plain := spreadsheet.Plain
	return []any{
		plain(r.FullName), plain(r.Position), plain(r.UnitName), plain(r.Title), words.State(r.State), on(&r.Since), on(r.DueOn),
		r.Done, r.Steps, on(r.CompletedOn), on(r.ValidUntil),
	}
}
