package i18n

import (
	"context"
	"testing"
	"testing/fstest"
	"time"
)

func TestText(t *testing.T) {
	catalogue, err := Load(fstest.MapFS{
		"vi/home.yaml": {Data: []byte("hello: 'Chào %s'\n")}, "en/home.yaml": {Data: []byte("hello: 'Hello %s'\n")},
	}, "vi", "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ lang, key, want string }{
		{"vi", "hello", "Chào bà"}, {"en", "hello", "Hello bà"}, {"vi", "missing", "missing"}, {"fr", "hello", "hello"},
	} {
		if got := catalogue.Text(test.lang, test.key, "bà"); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.lang, test.key, got, test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	vi, en := With(context.Background(), "vi"), With(context.Background(), "en")
	for n, want := range map[int64][2]string{0: {"0", "0"}, 999: {"999", "999"}, 1000: {"1.000", "1,000"}, 1234567: {"1.234.567", "1,234,567"}, -4200: {"-4.200", "-4,200"}} {
		if Number(vi, n) != want[0] || Number(en, n) != want[1] {
			t.Errorf("%d: %q, %q", n, Number(vi, n), Number(en, n))
		}
	}
	if got := Decimal(vi, 71.44); got != "71,4" {
		t.Errorf("Decimal %q", got)
	}
}

func TestTimesAreOfViệtNam(t *testing.T) {
	late := time.Date(2026, 11, 23, 18, 3, 7, 0, time.UTC)
	if Clock(late) != "01:03" || ClockSeconds(late) != "01:03:07" || Date(late) != "24/11/2026" {
		t.Errorf("%s %s %s", Clock(late), ClockSeconds(late), Date(late))
	}
	if got := Day(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)); got != "24/11" {
		t.Errorf("Day %q", got)
	}
}
