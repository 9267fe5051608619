package spreadsheet

import (
	"strings"
	"testing"
)

func TestFormulasAreDefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"Hồ Thị Nguyệt":                "Hồ Thị Nguyệt",
		"=HYPERLINK(\"//evil\",\"x\")": "'=HYPERLINK(\"//evil\",\"x\")",
		"+84905123456":                 "'+84905123456",
		"-1+cmd|' /C calc'!A0":         "'-1+cmd|' /C calc'!A0",
		"@SUM(A1)":                     "'@SUM(A1)",
		"\t=1":                         "'\t=1",
		"\r=1":                         "'\r=1",
		"a=1":                          "a=1",
		"–":                            "–", // a dash of print begins no formula
		"Đ. T. N.":                     "Đ. T. N.",
	} {
		if got := Plain(text); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	file, err := NewCSV(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Row("Tên", "=1", "a,b", "hai\ndòng", `nói "có"`); err != nil {
		t.Fatal(err)
	}
	if err := file.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffTên,'=1,\"a,b\",\"hai\r\ndòng\",\"nói \"\"có\"\"\"\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
