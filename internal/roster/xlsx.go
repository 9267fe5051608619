package roster

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// unpackInMemory is from which size on a part of a workbook is unpacked into a
// temporary file and read from there row by row.
const unpackInMemory = 4 << 20

// linesOfXLSX reads the first sheet of a workbook that holds a list. A formula
// counts as the value that Excel kept with it.
func linesOfXLSX(raw []byte) lines {
	return func(each func(line) error) error {
		book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
			UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: unpackInMemory, RawCellValue: true,
		})
		if err != nil {
			return fmt.Errorf("%w: %v", ErrBroken, err)
		}
		defer book.Close()
		sheets := visible(book)
		if len(sheets) == 0 {
			return ErrEmpty
		}
		sheet := sheets[0]
		for _, name := range sheets {
			if holdsList(book, name) {
				sheet = name
				break
			}
		}
		return rowsOf(book, sheet, each)
	}
}

func visible(book *excelize.File) []string {
	var names []string
	for _, name := range book.GetSheetList() {
		if shown, err := book.GetSheetVisible(name); err == nil && shown {
			names = append(names, name)
		}
	}
	return names
}

// errEnough ends the reading of a sheet.
var errEnough = errors.New("enough")

// holdsList tells whether the first rows of a sheet have a header: workbooks
// often begin with a sheet of instructions.
func holdsList(book *excelize.File, sheet string) bool {
	var head []line
	err := rowsOf(book, sheet, func(l line) error {
		if head = append(head, l); len(head) == headerWithin {
			return errEnough
		}
		return nil
	})
	if err != nil && err != errEnough {
		return false
	}
	_, _, err = findHeader(head)
	return err == nil
}

func rowsOf(book *excelize.File, sheet string, each func(line) error) error {
	rows, err := book.Rows(sheet)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrBroken, err)
	}
	defer rows.Close()
	for row := 1; rows.Next(); row++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return fmt.Errorf("%w: %v", ErrBroken, err)
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) == 0 {
			continue
		}
		for i, cell := range cells {
			cells[i] = plainNumber(cell)
		}
		if err := each(line{row: row, cells: cells}); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return fmt.Errorf("%w: %v", ErrBroken, err)
	}
	return nil
}

// plainNumber writes a whole number as people do: Excel keeps 905123456 as
// 9.05123456E8 and 20242 as 20242.0 when it feels like it.
func plainNumber(cell string) string {
	if cell == "" || cell[0] < '1' || cell[0] > '9' || !strings.Contains(cell, ".") || len(cell) > 30 {
		return cell
	}
	number, err := strconv.ParseFloat(cell, 64)
	if err != nil || number != float64(int64(number)) || number > 1e15 {
		return cell
	}
	return strconv.FormatInt(int64(number), 10)
}
