package component

import (
	"fmt"
	"math"
	"strings"
)

// Size of the chart in its own units; the drawing scales to the page.
const (
	chartWidth, chartHeight  = 720.0, 300.0
	left, right, top, bottom = 44.0, 12.0, 14.0, 34.0
	plotWidth, plotHeight    = chartWidth - left - right, chartHeight - top - bottom
	ticksAcross              = 6
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
func NewChart(labels []string, series ...Series) Chart {
	var chart Chart
	most := int64(0)
	for _, s := range series {
		for _, value := range s.Values {
			most = max(most, value)
		}
	}
	step, limit := niceStep(most)
	for value := int64(0); value <= limit; value += step {
		chart.Up = append(chart.Up, Tick{At: y(value, limit), Label: fmt.Sprint(value)})
	}
	for i, label := range labels {
		if every := max(1, (len(labels)+ticksAcross-1)/ticksAcross); (len(labels)-1-i)%every == 0 {
			chart.Across = append(chart.Across, Tick{At: x(i, len(labels)), Label: label})
		}
	}
	for _, s := range series {
		chart.Lines = append(chart.Lines, drawLine(s, limit))
	}
	return chart
}

func drawLine(s Series, limit int64) Line {
	var path strings.Builder
	for i, value := range s.Values {
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", verb, x(i, len(s.Values)), y(value, limit))
	}
	if len(s.Values) == 1 {
		fmt.Fprintf(&path, "H%.1f", chartWidth-right)
	}
	floor := chartHeight - bottom
	return Line{Name: s.Name, Path: path.String(), Area: fmt.Sprintf("%sV%.1fH%.1fZ", path.String(), floor, left)}
}

func x(i, n int) float64 {
	if n < 2 {
		return left
	}
	return left + plotWidth*float64(i)/float64(n-1)
}

func y(value, limit int64) float64 {
	return top + plotHeight*(1-float64(value)/float64(limit))
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
