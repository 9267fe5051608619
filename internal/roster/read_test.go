package roster

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// read reads a whole file.
func read(t testing.TB, raw []byte) (layout Layout, people []Line, err error) {
	t.Helper()
	err = Read(t.Context(), raw, func(l Layout) error { layout = l; return nil }, func(l Line) error { people = append(people, l); return nil })
	return layout, people, err
}

// sheet makes a workbook of one sheet.
func sheet(t testing.TB, merges [][2]string, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, merge := range merges {
		if err := book.MergeCell("Sheet1", merge[0], merge[1]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHeadersAsOfficesWriteThem(t *testing.T) {
	for _, test := range []struct {
		name   string
		merges [][2]string
		rows   [][]any
		fields string // in order, with their letters
		first  string // cells of the first person
		row    int
	}{
		{"plain", nil, [][]any{{"STT", "Họ và tên", "Năm sinh", "SĐT"}, {1, "Hồ Thị Nguyệt", 1959, "0905123456"}}, "B name, C born, D phone", "Hồ Thị Nguyệt|1959|0905123456", 2},
		{"no diacritics, any case, another order", nil, [][]any{{"dien thoai", "NAM SINH", "HO VA TEN"}, {"0905123456", 1959, "Hồ Thị Nguyệt"}}, "A phone, B born, C name", "0905123456|1959|Hồ Thị Nguyệt", 2},
		{"titles above", [][2]string{{"A1", "D1"}}, [][]any{{"UBND XÃ NAM TRÀ MY"}, {"DANH SÁCH HỌ VÀ TÊN CÁN BỘ NĂM 2026"}, {}, {"STT", "Họ và tên (*)", "Ngày sinh (dd/mm/yyyy)", "Chức vụ/Chức danh"}, {1, "A Văn B", "5/3/1961", "Chuyên viên"}}, "B name, C born, D position", "A Văn B|1961|Chuyên viên", 5},
		{"the name in two columns", nil, [][]any{{"TT", "Họ, đệm", "Tên", "Năm sinh"}, {1, "Hồ Thị", "Nguyệt", 1959}}, "B last_names, C given_name, D born", "Hồ Thị|Nguyệt|1959", 2},
		{"a merged name", [][2]string{{"B1", "C1"}}, [][]any{{"TT", "Họ và tên", "", "Năm sinh"}, {1, "Hồ Thị Nguyệt", "", 1959}}, "B name, D born", "Hồ Thị Nguyệt|1959", 2},
		{"two rows, merged", [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "D1"}, {"E1", "F1"}}, [][]any{{"TT", "Họ và tên", "Năm sinh", "", "Nơi ở", ""}, {"", "", "Nam", "Nữ", "Thôn", "Xã"}, {1, "Hồ Thị Nguyệt", "", 1959, "Thôn 2", "Nam Trà My"}}, "B name, C born, D born, E hamlet, F commune", "Hồ Thị Nguyệt|1959|Thôn 2|Nam Trà My", 3},
		{"groups above", [][2]string{{"A1", "B1"}}, [][]any{{"LÝ LỊCH", "", "Điện thoại"}, {"Họ tên", "Ngày sinh", ""}, {"A Văn B", "1961", "0905123456"}}, "A name, B born, C phone", "A Văn B|1961|0905123456", 3},
		{"numbered columns", nil, [][]any{{"STT", "Họ và tên", "Năm sinh"}, {"(1)", "(2)", "(3)"}, {1, "A Văn B", 1961}}, "B name, C born", "A Văn B|1961", 3},
		{"sections and a footer", nil, [][]any{{"STT", "Họ và tên", "Năm sinh"}, {"I", "Phòng Nội vụ"}, {1, "A Văn B", 1961}, {}, {"Tổng cộng: 1 người"}, {"", "Người lập biểu"}}, "B name, C born", "A Văn B|1961", 3},
		{"a lone Tên", nil, [][]any{{"Tên", "Năm sinh"}, {"A Văn B", 1961}}, "A name, B born", "A Văn B|1961", 2},
	} {
		layout, people, err := read(t, sheet(t, test.merges, test.rows...))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var fields []string
		for _, column := range layout.Columns {
			fields = append(fields, column.Letter()+" "+string(column.Field))
		}
		if got := strings.Join(fields, ", "); got != test.fields {
			t.Errorf("%s: columns %s, want %s", test.name, got, test.fields)
		}
		if len(people) != 1 || people[0].Row != test.row || told(layout, people[0]) != test.first {
			t.Errorf("%s: %v, want %s in row %d", test.name, people, test.first, test.row)
		}
	}
}

// told joins a line's cells in the order of the columns.
func told(layout Layout, l Line) string {
	var cells []string
	var fields []Field
	for _, column := range layout.Columns {
		if cell := l.Cells[column.Field]; cell != "" && !slices.Contains(fields, column.Field) {
			cells, fields = append(cells, cell), append(fields, column.Field)
		}
	}
	return strings.Join(cells, "|")
}

func TestUnknownColumnsAreToldOfAndNotKept(t *testing.T) {
	layout, people, err := read(t, sheet(t, nil, []any{"Họ và tên", "Số CCCD", "Giới tính", "Dân tộc"}, []any{"A Văn B", "049061000123", "Nam", "Co"}))
	if err != nil || !slices.Equal(layout.Unknown, []string{"Số CCCD", "Dân tộc"}) || len(people) != 1 || len(people[0].Cells) != 1 {
		t.Errorf("%v, %v, %v", layout, people, err)
	}
}

func TestNumbersAndDatesOfExcel(t *testing.T) {
	raw := sheet(t, nil, []any{"Họ và tên", "Ngày sinh", "SĐT", "Mã đơn vị"}, []any{"A Văn B", 22345, 905123456, 20242.0})
	_, people, err := read(t, raw)
	want := map[Field]string{Name: "A Văn B", Born: "1961", Phone: "905123456", UnitCode: "20242"}
	if err != nil || len(people) != 1 || fmt.Sprint(people[0].Cells) != fmt.Sprint(want) {
		t.Errorf("%v, %v", people, err)
	}
}

func TestCSVOfAnyEncodingAndSeparator(t *testing.T) {
	const table = "STT;Họ và tên;Năm sinh;Thôn\n1;Đặng Thị Ngọc Hoà;1961;Thôn 2\n"
	utf16 := func(end unicode.Endianness, bom unicode.BOMPolicy) []byte {
		raw, err := unicode.UTF16(end, bom).NewEncoder().Bytes([]byte(table))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for name, raw := range map[string][]byte{
		"UTF-8": []byte(table), "UTF-8 with mark": []byte("\ufeff" + table), "decomposed": []byte(norm.NFD.String(table)),
		"UTF-16 LE": utf16(unicode.LittleEndian, unicode.UseBOM), "UTF-16 BE": utf16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 LE without mark": utf16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16 BE without mark": utf16(unicode.BigEndian, unicode.IgnoreBOM),
		"Windows-1258": windows1258(t, table), "commas": []byte(strings.ReplaceAll(table, ";", ",")), "tabs": []byte(strings.ReplaceAll(table, ";", "\t")),
		"hint": []byte("sep=;\n" + table), "CRLF": []byte(strings.ReplaceAll(table, "\n", "\r\n")), "quoted": []byte(strings.ReplaceAll(table, "Thôn 2", `"Thôn 2"`)),
	} {
		layout, people, err := read(t, raw)
		if err != nil || len(people) != 1 || told(layout, people[0]) != "Đặng Thị Ngọc Hoà|1961|Thôn 2" {
			t.Errorf("%s: %v, %v", name, people, err)
		}
	}
}

// windows1258 writes text as Windows of the nineties did: marks of tone after
// their letter.
func windows1258(t testing.TB, text string) []byte {
	t.Helper()
	var raw []byte
	encoder := charmap.Windows1258.NewEncoder()
	for _, letter := range norm.NFC.String(text) {
		if one, err := encoder.Bytes([]byte(string(letter))); err == nil {
			raw = append(raw, one...)
			continue
		}
		parts := []rune(norm.NFD.String(string(letter)))
		tone := slices.IndexFunc(parts, func(r rune) bool { return strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) })
		rest := norm.NFC.String(string(slices.Delete(slices.Clone(parts), tone, tone+1)))
		one, err := encoder.Bytes([]byte(rest + string(parts[tone])))
		if err != nil {
			t.Fatalf("%q: %v", letter, err)
		}
		raw = append(raw, one...)
	}
	return raw
}
