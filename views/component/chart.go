package component

import (
	"fmt"
	"math"
	"strings"
)

// Margins around the plot, in the chart's own units.
const left, right, top, bottom = 48.0, 12.0, 14.0, 34.0

// Size is how large a chart is drawn, in its own units: about the pixels it
// will have, so that its words are as large as the page's.
type Size struct {
	Width, Height float64
	Days          int // at most so many days are named
}

// The sizes for a laptop and for a phone.
var (
	Wide   = Size{Width: 960, Height: 320, Days: 7}
	Narrow = Size{Width: 340, Height: 240, Days: 4}
)

// Tick is a mark on an axis.
type Tick struct {
	At    float64 // in the chart's units
	Label string
}

// Series is one line of a chart.
type Series struct {
	Name   string // CSS class and key of its words
	Values []int64
}

// Chart is a line chart over consecutive days, worked out and ready to draw.
type Chart struct {
	Size
	Lines  []Line
	Across []Tick
	Up     []Tick
}

// Line is a drawn series.
type Line struct {
	Name string
	Path string // SVG path data
	Area string // the same, closed down to the axis
}

// NewChart works out a chart. Every series has as many values as there are
// labels; a single day is drawn as a flat line.
func NewChart(size Size, labels []string, series ...Series) Chart {
	chart := Chart{Size: size}
	most := int64(0)
	for _, s := range series {
		for _, value := range s.Values {
			most = max(most, value)
		}
	}
	step, limit := niceStep(most)
	for value := int64(0); value <= limit; value += step {
		chart.Up = append(chart.Up, Tick{At: chart.y(value, limit), Label: fmt.Sprint(value)})
	}
	for i, label := range labels {
		if every := max(1, (len(labels)+size.Days-1)/size.Days); (len(labels)-1-i)%every == 0 {
			chart.Across = append(chart.Across, Tick{At: chart.x(i, len(labels)), Label: label})
		}
	}
	for _, s := range series {
		chart.Lines = append(chart.Lines, chart.line(s, limit))
	}
	return chart
}

func (c Chart) line(s Series, limit int64) Line {
	var path strings.Builder
	for i, value := range s.Values {
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", verb, c.x(i, len(s.Values)), c.y(value, limit))
	}
	if len(s.Values) == 1 {
		fmt.Fprintf(&path, "H%.1f", c.Width-right)
	}
	floor := c.Height - bottom
	return Line{Name: s.Name, Path: path.String(), Area: fmt.Sprintf("%sV%.1fH%.1fZ", path.String(), floor, left)}
}

func (c Chart) x(i, n int) float64 {
	if n < 2 {
		return left
	}
	return left + (c.Width-left-right)*float64(i)/float64(n-1)
}

func (c Chart) y(value, limit int64) float64 {
	return top + (c.Height-top-bottom)*(1-float64(value)/float64(limit))
}

// niceStep finds a step of 1, 2 or 5 times a power of ten that divides the axis
// into at most five parts, and the axis's end: at least most, at least 1.
func niceStep(most int64) (step, limit int64) {
	most = max(most, 1)
	power := int64(math.Pow10(int(math.Log10(float64(most)))))
	for power = max(power/10, 1); ; power *= 10 {
		for _, factor := range []int64{1, 2, 5} {
			step = factor * power
			if limit = (most + step - 1) / step * step; limit/step <= 5 {
				return step, limit
			}
		}
	}
}
