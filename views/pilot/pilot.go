// Package pilot shows the figures of a unit and of the units below it.
package pilot

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/i18n"
	"hocso/views/component"
)

// Data is what the page shows.
type Data struct {
	Figures *pilot.Dashboard
	Path    []*org.Unit // from the highest that the viewer may open down to this unit
	Before  []string    // names of the units that this one was made of in July 2025
	View    pilot.View
	Order   pilot.Order
	Periods []int // days that can be chosen
}

// chart works out the drawing of enrolments and passes by day.
func (d Data) chart(size component.Size) component.Chart {
	labels := make([]string, len(d.Figures.Days))
	enrolled := component.Series{Name: "enrolled", Values: make([]int64, len(labels))}
	passed := component.Series{Name: "passed", Values: make([]int64, len(labels))}
	for i, day := range d.Figures.Days {
		labels[i] = i18n.Day(day.Day)
		enrolled.Values[i], passed.Values[i] = day.Enrolled, day.Passed
	}
	return component.NewChart(size, labels, enrolled, passed)
}

// link is this page seen differently.
func (d Data) link(change func(url.Values)) string {
	query := url.Values{}
	if d.View.Course != "" {
		query.Set("course", d.View.Course)
	}
	if d.View.Days != d.Periods[0] {
		query.Set("days", strconv.Itoa(d.View.Days))
	}
	if d.Order.By != "name" || d.Order.Desc {
		query.Set("sort", d.Order.By)
		query.Set("dir", direction(d.Order.Desc))
	}
	change(query)
	if len(query) == 0 {
		return "/pilot/" + d.View.Code
	}
	return "/pilot/" + d.View.Code + "?" + query.Encode()
}

func (d Data) linkDays(days int) string {
	return d.link(func(q url.Values) { q.Set("days", strconv.Itoa(days)) })
}

func (d Data) linkCourse(slug string) string {
	return d.link(func(q url.Values) {
		q.Del("course")
		if slug != "" {
			q.Set("course", slug)
		}
	})
}

// linkSort sorts by a column: numbers largest first, names from A, and the
// other way round when the table is sorted so already.
func (d Data) linkSort(column string) string {
	desc := column != "name"
	if d.Order.By == column {
		desc = !d.Order.Desc
	}
	return d.link(func(q url.Values) {
		q.Set("sort", column)
		q.Set("dir", direction(desc))
	})
}

func direction(desc bool) string {
	if desc {
		return "desc"
	}
	return "asc"
}

// ariaSort says how a column is sorted.
func (d Data) ariaSort(column string) string {
	switch {
	case d.Order.By != column:
		return "none"
	case d.Order.Desc:
		return "descending"
	default:
		return "ascending"
	}
}

func (d Data) arrow(column string) string {
	switch d.ariaSort(column) {
	case "descending":
		return "▼"
	case "ascending":
		return "▲"
	default:
		return ""
	}
}

// before lists the old names.
func (d Data) before() string { return strings.Join(d.Before, ", ") }

// share is part of whole in percent, 0 when there is no whole.
func share(part, whole int64) int {
	if whole == 0 {
		return 0
	}
	return int(part * 100 / whole)
}

// average is the mean score in words: "71,4", or a dash when nothing was graded.
func average(ctx context.Context, c pilot.Counts) string {
	score, ok := c.Average()
	if !ok {
		return "–"
	}
	return i18n.Decimal(ctx, score)
}

// belowKey names the units below a kind of unit.
func belowKey(kind org.Kind) string {
	if kind == org.Province {
		return "pilot.communes"
	}
	return "pilot.hamlets"
}
