package org

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// maxFile is the most bytes of a file of units; the whole country takes 2 MB.
	maxFile = 32 << 20
	// maxProblems is how many problems are listed before giving up.
	maxProblems = 100
)

// reform is the day on which districts ended and communes were merged.
var reform = time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)

// longAgo stands for a beginning that a file does not tell.
var longAgo = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)

// Entry is one unit as a file tells it.
type Entry struct {
	Code, Name string
	Kind       Kind
	Parent     string // code of the unit above, "" for a province
	From       time.Time
	To         *time.Time
	Row        int // in the file, from 1
}

// Link says that an old unit became (part of) a new one.
type Link struct {
	Old, New         string // codes: of the unit that ended at the reform, of the one that began
	OldName, NewName string
	NewProvince      string
	Row              int
}

// File is what a file of units says.
type File struct {
	Entries []Entry
	Links   []Link
	Mended  []Problem // what was put right on the way
}

// Problem says what is wrong (or was mended) and where.
type Problem struct {
	Row    int    // from 1; 0 for the whole file
	Column string // its heading, "" for the whole row
	What   string
}

// String writes "row 7, column code: …".
func (p Problem) String() string {
	switch {
	case p.Row == 0:
		return p.What
	case p.Column == "":
		return fmt.Sprintf("row %d: %s", p.Row, p.What)
	}
	return fmt.Sprintf("row %d, column %s: %s", p.Row, p.Column, p.What)
}

// Problems are all that is wrong with a file; as an error it is their list.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// ReadFile reads a file of units: the JSON list of provinces with their wards,
// the CSV that leads from the communes before the reform to today's, or our
// own CSV (code, name, kind, parent_code, valid_from, valid_to). The error is
// Problems when the file itself is wrong.
func ReadFile(r io.Reader) (*File, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxFile {
		return nil, Problems{{What: fmt.Sprintf("the file is larger than %d MB", maxFile>>20)}}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && trimmed[0] == '[' {
		return readList(trimmed)
	}
	return readTable(raw)
}

// readList reads the JSON layout: [{"Code","FullName","Wards":[{"Code","FullName"}]}].
func readList(raw []byte) (*File, error) {
	var provinces []struct {
		Code, FullName string
		Wards          []struct{ Code, FullName, ProvinceCode string }
	}
	if err := json.Unmarshal(raw, &provinces); err != nil {
		return nil, Problems{{What: "the file is not the JSON list of provinces: " + err.Error()}}
	}
	b := new(builder)
	row := 0
	for _, province := range provinces {
		row++
		b.add(Entry{Code: b.code(row, "Code", province.Code, Province), Name: province.FullName, Kind: Province, From: reform, Row: row})
		for _, ward := range province.Wards {
			row++
			b.add(Entry{
				Code: b.code(row, "Code", ward.Code, Commune), Name: ward.FullName, Kind: Commune,
				Parent: b.code(row, "ProvinceCode", province.Code, Province), From: reform, Row: row,
			})
		}
	}
	return b.done()
}

// readTable reads either CSV, told apart by their headings.
func readTable(raw []byte) (*File, error) {
	reader := csv.NewReader(bytes.NewReader(raw))
	heads, err := reader.Read()
	if err != nil {
		return nil, Problems{{Row: 1, What: "the file has no row of headings"}}
	}
	t := table{columns: map[string]int{}}
	for i, head := range heads {
		t.columns[strings.ToLower(strings.TrimSpace(head))] = i
	}
	read := (*table).own
	required := []string{"code", "name", "kind", "parent_code", "valid_from"}
	if _, legacy := t.columns["wardcode"]; legacy {
		read = (*table).legacy
		required = []string{"provincecode", "province", "districtcode", "district", "wardcode", "ward", "newprovincecode", "newwardcode", "newward"}
	}
	for _, column := range required {
		if _, ok := t.columns[column]; !ok {
			t.wrong(1, column, "this column is missing from the headings")
		}
	}
	if len(t.problems) > 0 {
		return nil, t.problems
	}
	for row := 2; len(t.problems) < maxProblems; row++ {
		t.cells, err = reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.wrong(row, "", err.Error())
			break
		}
		read(&t, row)
	}
	return t.done()
}

// table is a CSV being read.
type table struct {
	builder
	columns map[string]int
	cells   []string
	seen    map[string]bool // legacy: units that stand on many rows
}

func (t *table) cell(column string) string {
	if i, ok := t.columns[column]; ok && i < len(t.cells) {
		return strings.TrimSpace(t.cells[i])
	}
	return ""
}

// own reads a row of our own CSV.
func (t *table) own(row int) {
	kind := Kind(t.cell("kind"))
	if !slices.Contains([]Kind{Province, District, Commune, Hamlet, Agency}, kind) {
		t.wrong(row, "kind", fmt.Sprintf("%q is not one of province, district, commune, hamlet, agency", kind))
		return
	}
	entry := Entry{Name: t.cell("name"), Kind: kind, Row: row, Code: t.code(row, "code", t.cell("code"), kind)}
	if parent := t.cell("parent_code"); parent != "" {
		above := map[Kind]Kind{District: Province, Commune: Province, Hamlet: Commune}[kind]
		entry.Parent = t.code(row, "parent_code", parent, above)
	}
	entry.From = t.day(row, "valid_from")
	if t.cell("valid_to") != "" {
		to := t.day(row, "valid_to")
		if !to.After(entry.From) {
			t.wrong(row, "valid_to", "is not after valid_from")
		}
		entry.To = &to
	}
	t.add(entry)
}

// legacy reads a row that leads from a commune before the reform to a new one.
// Island districts had no communes: then the district itself became the new unit.
func (t *table) legacy(row int) {
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	province := t.code(row, "provinceCode", t.cell("provincecode"), Province)
	district := t.code(row, "districtCode", t.cell("districtcode"), District)
	t.once(Entry{Code: province, Name: t.cell("province"), Kind: Province, Row: row})
	t.once(Entry{Code: district, Name: t.cell("district"), Kind: District, Parent: province, Row: row})
	link := Link{
		Old: district, OldName: t.cell("district"), Row: row, NewName: t.cell("newward"),
		New:         t.code(row, "newWardCode", t.cell("newwardcode"), Commune),
		NewProvince: t.code(row, "newProvinceCode", t.cell("newprovincecode"), Province),
	}
	if t.cell("wardcode") != "" {
		link.Old, link.OldName = t.code(row, "wardCode", t.cell("wardcode"), Commune), t.cell("ward")
		t.once(Entry{Code: link.Old, Name: link.OldName, Kind: Commune, Parent: district, Row: row})
	}
	t.file.Links = append(t.file.Links, link)
}

// once adds a unit of before the reform unless an earlier row had it.
func (t *table) once(entry Entry) {
	if t.seen[entry.Code] {
		return
	}
	t.seen[entry.Code] = true
	entry.From, entry.To = longAgo, &reform
	t.add(entry)
}

func (t *table) day(row int, column string) time.Time {
	day, err := time.Parse(time.DateOnly, t.cell(column))
	if err != nil {
		t.wrong(row, column, fmt.Sprintf("%q is not a day as 2025-07-01", t.cell(column)))
	}
	return day
}

// builder gathers entries and problems.
type builder struct {
	file     File
	problems Problems
	mended   map[string]int // how many codes of a column were mended, and how
}

func (b *builder) wrong(row int, column, what string) {
	b.problems = append(b.problems, Problem{Row: row, Column: column, What: what})
}

func (b *builder) add(entry Entry) {
	entry.Name = strings.Join(strings.Fields(entry.Name), " ")
	if entry.Name == "" {
		b.wrong(entry.Row, "name", "is empty")
	}
	b.file.Entries = append(b.file.Entries, entry)
}

// digits are how long official codes are.
var digits = map[Kind]int{Province: 2, District: 3, Commune: 5}

var number = regexp.MustCompile(`^[0-9]+$`)

// code reads an official code. Spreadsheets turn codes into numbers: lost
// leading zeros and a ".0" are put back, and counted as mended.
func (b *builder) code(row int, column, typed string, kind Kind) string {
	code := strings.TrimSuffix(strings.TrimSpace(typed), ".0")
	want, official := digits[kind]
	if official {
		if !number.MatchString(code) || len(code) > want {
			b.wrong(row, column, fmt.Sprintf("%q is not a code of %d digits", typed, want))
			return code
		}
		code = strings.Repeat("0", want-len(code)) + code
	}
	if code == "" {
		b.wrong(row, column, "is empty")
	}
	if code != strings.TrimSpace(typed) {
		if b.mended == nil {
			b.mended = map[string]int{}
		}
		b.mended[column]++
	}
	return code
}

func (b *builder) done() (*File, error) {
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	for column, count := range b.mended {
		b.file.Mended = append(b.file.Mended, Problem{What: fmt.Sprintf("column %s: %d codes had lost zeros or were written as decimals; put right", column, count)})
	}
	slices.SortFunc(b.file.Mended, func(a, b Problem) int { return strings.Compare(a.What, b.What) })
	return &b.file, nil
}
