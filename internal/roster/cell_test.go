package roster

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var today = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)

func TestReadBorn(t *testing.T) {
	for cell, want := range map[string]int{
		"": 0, "1961": 1961, "5/3/1961": 1961, "05-03-1961": 1961, "05.03.1961": 1961, "31/12/1961": 1961, "12/31/1961": 1961, "1961-03-05": 1961,
		"1961-03-05T00:00:00": 1961, "05/03/1961 00:00": 1961, "22345": 1961, "22345.0": 1961, "05031961": 1961, "3/1961": 1961, "2021": 2021, "01 / 02 / 1980": 1980,
	} {
		born, problem := readBorn(cell, today)
		if got := value(born); problem != "" || got != want {
			t.Errorf("%q: %d, %q; want %d", cell, got, problem, want)
		}
	}
	for cell, want := range map[string]string{
		"abc": "roster.born_form", "61": "roster.born_form", "99/99/1961": "roster.born_form", "1/2/61": "roster.born_form", "3000000": "roster.born_form",
		"1899": "roster.born_form", "2022": "roster.born_range", "1/1/1850": "roster.born_range", "khoảng 1960": "roster.born_form", "-1": "roster.born_form",
	} {
		if born, problem := readBorn(cell, today); born != nil || problem != want {
			t.Errorf("%q: %d, %q; want %q", cell, value(born), problem, want)
		}
	}
}

func TestReadPhone(t *testing.T) {
	for cell, want := range map[string][2]string{
		"":                        {"", ""},
		"0905123456":              {"0905123456", ""},
		"0905 123 456":            {"0905123456", ""},
		"0905.123.456":            {"0905123456", ""},
		"+84 905 123 456":         {"0905123456", ""},
		"84905123456":             {"0905123456", ""},
		"905123456":               {"0905123456", "roster.phone_zero"},
		"905123456.0":             {"0905123456", "roster.phone_zero"},
		"01689123456":             {"0389123456", "roster.phone_prefix"},
		"0905123456/0914000111":   {"0905123456", "roster.phone_first"},
		"0905123456 - 0914000111": {"0905123456", "roster.phone_first"},
	} {
		phone, mended, problem := readPhone(cell)
		if got := value(phone); problem != "" || got != want[0] || mended != want[1] {
			t.Errorf("%q: %q, %q, %q; want %q", cell, got, mended, problem, want)
		}
	}
	for cell, want := range map[string]string{
		"02363822123": "roster.phone_form", "9.05E+08": "roster.phone_science", "abc": "roster.phone_form", "12": "roster.phone_form", "09051234567": "roster.phone_form",
	} {
		if phone, _, problem := readPhone(cell); phone != nil || problem != want {
			t.Errorf("%q: %q, want %q", cell, problem, want)
		}
	}
}

func TestReadName(t *testing.T) {
	for _, test := range []struct {
		cell, last, given, want string
		mended                  bool
		problem                 string
	}{
		{"Hồ Thị Nguyệt", "", "", "Hồ Thị Nguyệt", false, ""},
		{"", "Hồ Thị", "Nguyệt", "Hồ Thị Nguyệt", false, ""},
		{"HỒ THỊ  NGUYỆT", "", "", "Hồ Thị Nguyệt", true, ""},
		{"ĐINH ÂU-CƠ", "", "", "Đinh Âu-Cơ", true, ""},
		{"", "", "", "", false, "person.name_missing"},
		{"Người 2", "", "", "", false, "person.name_form"},
		{strings.Repeat("a", 121), "", "", "", false, "person.too_long"},
	} {
		name, mended, problem := readName(test.cell, test.last, test.given)
		if name != test.want || mended != test.mended || problem != test.problem {
			t.Errorf("%q %q %q: %q, %v, %q", test.cell, test.last, test.given, name, mended, problem)
		}
	}
}

func TestReadEmail(t *testing.T) {
	if email, problem := readEmail("Nguyet.HT@danang.gov.vn"); problem != "" || value(email) != "nguyet.ht@danang.gov.vn" {
		t.Errorf("%q, %q", value(email), problem)
	}
	for _, cell := range []string{"nguyet", "a@", "Nguyệt <a@b.vn>", "a b@c.vn"} {
		if _, problem := readEmail(cell); problem != "roster.email_form" {
			t.Errorf("%q: %q", cell, problem)
		}
	}
}

func TestDefuseAndArmGoTogether(t *testing.T) {
	for s, want := range map[string]string{
		"=1+1": "'=1+1", "+84": "'+84", "-x": "'-x", "@a": "'@a", "Trưởng phòng": "Trưởng phòng", "": "", "'": "'", "'=": "''=", "0905": "0905", "'09": "''09",
	} {
		if got := Defuse(s); got != want {
			t.Errorf("Defuse(%q) = %q", s, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`'{0,3}[=+@\-\t\r0-9a]?.{0,4}`)).Draw(t, "s")
		if got := Arm(Defuse(s)); got != s {
			t.Fatalf("%q came back as %q", s, got)
		}
		if d := Defuse(s); d != "" && strings.ContainsRune(formula, rune(d[0])) {
			t.Fatalf("%q would run", d)
		}
	})
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
