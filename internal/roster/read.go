package roster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"hocso/internal/org"
)

// Line is one person as a file tells of them.
type Line struct {
	Row   int              `json:"row"` // in the file, from 1
	Cells map[Field]string `json:"cells"`
}

// lines calls each with every row of a file until it gives an error.
type lines func(each func(line) error) error

// Read reads a file: layout is called once with its columns, then each with
// every person. A FileError says that the file can't be read; nothing that each
// has seen counts then. It stops when ctx ends.
func Read(ctx context.Context, raw []byte, layout func(Layout) error, each func(Line) error) (err error) {
	defer func() { // a file made to break the library must not take the worker along
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrBroken, r)
		}
	}()
	if err := Look(raw); err != nil {
		return err
	}
	source := linesOfCSV(raw)
	if bytes.HasPrefix(raw, []byte(zipMagic)) {
		source = linesOfXLSX(raw)
	}
	r := reader{layout: layout, each: each}
	if err := source(func(l line) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.take(l)
	}); err != nil {
		return err
	}
	return r.end()
}

// reader holds the first rows back until it has found the header among them.
type reader struct {
	layout func(Layout) error
	each   func(Line) error
	head   []line
	found  *Layout
	people int
}

func (r *reader) take(l line) error {
	if len(l.cells) > maxColumns {
		return ErrColumns
	}
	if r.found != nil {
		return r.person(l)
	}
	r.head = append(r.head, l)
	if len(r.head) < headerWithin {
		return nil
	}
	return r.begin()
}

func (r *reader) begin() error {
	layout, rest, err := findHeader(r.head)
	if err != nil {
		return err
	}
	r.found = &layout
	if err := r.layout(layout); err != nil {
		return err
	}
	for _, l := range r.head[rest:] {
		if err := r.person(l); err != nil {
			return err
		}
	}
	r.head = nil
	return nil
}

func (r *reader) end() error {
	if r.found == nil {
		if err := r.begin(); err != nil {
			return err
		}
	}
	if r.people == 0 {
		return ErrNoRows
	}
	return nil
}

// person passes a row on, if it is about somebody.
func (r *reader) person(l line) error {
	cells := map[Field]string{}
	for _, column := range r.found.Columns {
		cell := Arm(l.cell(column.Index))
		if cell == "" || column.Field == Born && cells[Born] != "" {
			continue
		}
		if letters := []rune(cell); len(letters) > maxCell {
			cell = string(letters[:maxCell+1]) // one too many, so that checking finds it
		}
		if column.Field == Born { // the day of birth is nobody's business
			if year, ok := birthYear(cell); ok {
				cell = year
			}
		}
		cells[column.Field] = cell
	}
	if len(cells) == 0 || len(cells) == 1 && (isFooter(l) || isSection(l)) {
		return nil
	}
	if r.people++; r.people > MaxRows {
		return ErrRows
	}
	return r.each(Line{Row: l.row, Cells: cells})
}

var (
	footer  = regexp.MustCompile(`^(tong cong|tong so|nguoi lap|lap bieu|thu truong don vi|xac nhan cua|noi nhan|ky ten)( |$)|^cong$`)
	section = regexp.MustCompile(`^([IVXLC]+|[A-Z])[.)]?$`)
)

// isFooter tells "Tổng cộng: 25 người" and "Người lập biểu".
func isFooter(l line) bool {
	for i := range l.cells {
		if cell := l.cell(i); cell != "" {
			return footer.MatchString(org.Fold(cell))
		}
	}
	return false
}

// isSection tells a line between people that names their department: "II",
// "Phòng Văn hóa", and nothing else.
func isSection(l line) bool { return section.MatchString(strings.ToUpper(l.cell(0))) }

// IsFileError gives the FileError in err, if there is one.
func IsFileError(err error) (FileError, bool) {
	var wrong FileError
	ok := errors.As(err, &wrong)
	return wrong, ok
}
