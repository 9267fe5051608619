// Package clock tells the time, and what day it is where the learners are.
package clock

import (
	"time"
	_ "time/tzdata" // the zone must be known on a machine without zone files too
)

// Zone is Asia/Ho_Chi_Minh (UTC+7, no summer time): every day, deadline and
// chart is of this zone; the database keeps timestamptz.
var Zone = mustZone("Asia/Ho_Chi_Minh")

// Clock tells the time. A test gives its own.
type Clock func() time.Time

// System is the machine's clock, to the microsecond that PostgreSQL keeps.
func System() time.Time { return time.Now().Truncate(time.Microsecond) }

// Day is the date of t in Zone, as midnight UTC: the form in which a
// PostgreSQL date travels.
func Day(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // cannot happen: tzdata is compiled in
	}
	return zone
}
