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
	chart := NewChart([]string{"1/11", "2/11", "3/11"}, Series{"passed", []int64{0, 5, 10}})
	if got := chart.Lines[0].Path; got != "M44.0 266.0L376.0 140.0L708.0 14.0" {
		t.Errorf("path %s", got)
	}
	if !strings.HasSuffix(chart.Lines[0].Area, "V266.0H44.0Z") {
		t.Errorf("area %s", chart.Lines[0].Area)
	}
	if last := chart.Across[len(chart.Across)-1]; last.Label != "3/11" || last.At != 708 {
		t.Errorf("the last day is not marked: %+v", last)
	}
	one := NewChart([]string{"1/11"}, Series{"passed", []int64{3}})
	if !strings.Contains(one.Lines[0].Path, "H708") {
		t.Errorf("a single day: %s", one.Lines[0].Path)
	}
	if empty := NewChart(nil); len(empty.Across) != 0 {
		t.Errorf("no day: %+v", empty)
	}
}
