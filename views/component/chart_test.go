package component

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNiceStep(t *testing.T) {
	for most, want := range map[int64][2]int64{0: {1, 1}, 1: {1, 1}, 5: {1, 5}, 6: {2, 6}, 11: {5, 15}, 23: {5, 25}, 100: {20, 100}, 101: {50, 150}, 4321: {1000, 5000}} {
		if step, limit := niceStep(most); step != want[0] || limit != want[1] {
			t.Errorf("niceStep(%d) = %d, %d, want %v", most, step, limit, want)
		}
	}
}

func TestAxisHoldsEveryValue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		most := rapid.Int64Range(0, 1_000_000_000).Draw(r, "most")
		step, limit := niceStep(most)
		if limit < most || limit%step != 0 || limit/step > 5 || limit < 1 {
			r.Fatalf("niceStep(%d) = %d, %d", most, step, limit)
		}
	})
}

func TestNewChart(t *testing.T) {
	size := Size{Width: 160, Height: 148, Days: 2} // a plot of 100 by 100
	chart := NewChart(size, []string{"1/11", "2/11", "3/11"}, Series{"passed", []int64{0, 5, 10}})
	if got := chart.Lines[0].Path; got != "M48.0 114.0L98.0 64.0L148.0 14.0" {
		t.Errorf("path %s", got)
	}
	if !strings.HasSuffix(chart.Lines[0].Area, "V114.0H48.0Z") {
		t.Errorf("area %s", chart.Lines[0].Area)
	}
	if len(chart.Across) != 2 || chart.Across[1].Label != "3/11" || chart.Across[1].At != 148 {
		t.Errorf("days named: %+v", chart.Across)
	}
	one := NewChart(size, []string{"1/11"}, Series{"passed", []int64{3}})
	if !strings.Contains(one.Lines[0].Path, "H148.0") {
		t.Errorf("a single day: %s", one.Lines[0].Path)
	}
	if empty := NewChart(size, nil); len(empty.Across) != 0 {
		t.Errorf("no day: %+v", empty)
	}
}
