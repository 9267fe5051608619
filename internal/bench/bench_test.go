package bench

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	var hundred []time.Duration
	for i := 100; i >= 1; i-- {
		hundred = append(hundred, time.Duration(i)*time.Millisecond)
	}
	for p, want := range map[float64]float64{0: 1, 50: 50, 99: 99, 100: 100} {
		if got := percentile(hundred, p); got != want {
			t.Errorf("p%g = %g, want %g", p, got, want)
		}
	}
	if percentile(nil, 50) != 0 {
		t.Error("of nothing")
	}
}

func TestAims(t *testing.T) {
	if r := atLeast("a", 0.39, "", 0.4); r.Holds || r.Aim != ">= 0.4" {
		t.Errorf("%+v", r)
	}
	if r := atMost("a", 100, "", 100); !r.Holds || r.Aim != "<= 100" {
		t.Errorf("%+v", r)
	}
}

func TestWhatAPageLoads(t *testing.T) {
	html := `<link rel="stylesheet" href="/static/app.1.css"><link rel="icon" href="/static/logo.1.svg">
		<a href="/courses/x"><img src="/media/a.svg"></a><img src="/media/a.svg"><script src="/static/live.1.js"></script>`
	if got, want := loads(html), []string{"/static/app.1.css", "/static/logo.1.svg", "/media/a.svg", "/static/live.1.js"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	css := `@font-face{src:url(a.woff2)format("woff2")}@font-face{src:url("b.woff2")}.x{background:url(a.woff2)}`
	if got, want := fontsOf(css), []string{"/static/a.woff2", "/static/b.woff2"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestChosen(t *testing.T) {
	t.Parallel()
	if all, err := chosen(nil); err != nil || len(all) != len(parts) {
		t.Errorf("%d parts, %v", len(all), err)
	}
	some, err := chosen([]string{"notices", "grading"})
	if err != nil || len(some) != 2 || some[0].what != "grading" || some[1].what != "notices" {
		t.Errorf("%+v, %v", some, err)
	}
	if _, err := chosen([]string{"grading", "marking"}); err == nil || !strings.Contains(err.Error(), `"marking"`) || !strings.Contains(err.Error(), "unit search") {
		t.Errorf("%v", err)
	}
}
