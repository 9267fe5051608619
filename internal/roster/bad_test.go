package roster

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// zipped makes an archive of parts; a part of n bytes is full of zeros.
func zipped(t testing.TB, parts map[string]int) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for name, size := range parts {
		part, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(bytes.Repeat([]byte{' '}, size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// locked is a workbook with a password.
func locked(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := excelize.NewFile().Write(&b, excelize.Options{Password: "mật khẩu"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBadFilesSayWhatIsWrong(t *testing.T) {
	good := sheet(t, nil, []any{"Họ và tên", "Năm sinh"}, []any{"A Văn B", 1961})
	wide := make([]any, 101)
	for i := range wide {
		wide[i] = "Họ và tên"
	}
	for name, test := range map[string]struct {
		raw  []byte
		want FileError
	}{
		"nothing":             {nil, ErrEmpty},
		"white space":         {[]byte(" \r\n\t\n"), ErrEmpty},
		"too many bytes":      {bytes.Repeat([]byte("a"), MaxFile+1), ErrTooLarge},
		"a bomb":              {zipped(t, map[string]int{"xl/workbook.xml": 10, "xl/worksheets/sheet1.xml": maxUnzipped}), ErrUnzipped},
		"a document":          {zipped(t, map[string]int{"word/document.xml": 10}), ErrNotTable},
		"a workbook in ruins": {zipped(t, map[string]int{"xl/workbook.xml": 10}), ErrBroken},
		"half a workbook":     {good[:len(good)/2], ErrBroken},
		"a password":          {locked(t), ErrEncrypted},
		"Excel 97":            {[]byte(oleMagic + strings.Repeat("\x00", 600)), ErrOldExcel},
		"a PDF":               {[]byte("%PDF-1.7\n…"), ErrNotTable},
		"a picture":           {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03\x04\x05"), ErrNotTable},
		"no names":            {[]byte("STT;Năm sinh;SĐT\n1;1961;0905123456\n"), ErrNoHeader},
		"an empty sheet":      {sheet(t, nil), ErrNoHeader},
		"nobody":              {[]byte("STT;Họ và tên;Năm sinh\n"), ErrNoRows},
		"too many people":     {[]byte("Họ và tên\n" + strings.Repeat("A Văn B\n", MaxRows+1)), ErrRows},
		"too many columns":    {sheet(t, nil, wide), ErrColumns},
		"an open quote":       {[]byte("Họ và tên;Thôn\n\"A Văn B;Thôn 1\n" + strings.Repeat("A Văn B;Thôn 1\n", 30)), ErrQuotes},
	} {
		_, _, err := read(t, test.raw)
		if got, ok := IsFileError(err); !ok || got != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// TestAMillionRowsAreRefusedQuickly, without reading them all.
func TestAMillionRowsAreRefusedQuickly(t *testing.T) {
	raw := []byte("Họ và tên\n" + strings.Repeat("A Văn Bé\n", 1_000_000))
	began := time.Now()
	if _, _, err := read(t, raw); !errors.Is(err, ErrRows) {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestReadingStopsWhenItsTimeIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Read(ctx, []byte("Họ và tên\nA Văn B\n"), func(Layout) error { return nil }, func(Line) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// readsOrRefuses is what holds for every file: it is read within the limits, or
// refused with a reason that people can be told.
func readsOrRefuses(t *testing.T, raw []byte) {
	layout, people, err := read(t, raw)
	if err != nil {
		if _, ok := IsFileError(err); !ok {
			t.Fatalf("not a reason to tell people: %v", err)
		}
		return
	}
	if len(people) == 0 || len(people) > MaxRows || len(layout.Columns) == 0 {
		t.Fatalf("%d people, %v", len(people), layout)
	}
	province, all, _ := town()
	rules := Rules{Kind: Officials, Places: NewPlaces(province, all), Now: today}
	for _, person := range people {
		checked := rules.Check(person)
		if len(checked.Problems) == 0 && (checked.FullName == "" || checked.UnitID == nil) {
			t.Fatalf("nothing is wrong with %v", person)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"STT;Họ và tên;Năm sinh;SĐT;Mã đơn vị\n1;A Văn B;5/3/1961;905123456;1290.0\n", "Họ và tên,Thôn\n\"A\n", "\xff\xfeH\x00\x1e\x6d", "sep=;\nName\nx", "Tên\t\n\t",
		"Họ, đệm|Tên\n", "\xc4\xa8\xd2\xf2;\nHO VA TEN\n\x8c",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !bytes.HasPrefix(raw, []byte(zipMagic)) {
			readsOrRefuses(t, raw)
		}
	})
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(sheet(f, nil, []any{"STT", "Họ và tên", "Năm sinh"}, []any{1, "A Văn B", 22345}))
	f.Add(sheet(f, [][2]string{{"A1", "C1"}}, []any{"DANH SÁCH"}, []any{"Họ, đệm", "Tên", "SĐT"}, []any{"A Văn", "B", 905123456}))
	f.Add(zipped(f, map[string]int{"xl/workbook.xml": 10}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		readsOrRefuses(t, append([]byte(zipMagic), bytes.TrimPrefix(raw, []byte(zipMagic))...))
	})
}

// TestNoTemporaryFilesStay: large parts of workbooks are unpacked into files.
func TestNoTemporaryFilesStay(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rows := [][]any{{"Họ và tên", "Năm sinh", "Ghi chú"}}
	for range 20_000 {
		rows = append(rows, []any{"A Văn B", 1961, strings.Repeat("x", 200)})
	}
	if _, people, err := read(t, sheet(t, nil, rows...)); err != nil || len(people) != 20_000 {
		t.Fatal(len(people), err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
