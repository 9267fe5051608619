// Package home is the first page: what this is, the one next thing to do, and
// every course.
package home

import (
	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/mastery"
)

// Data is what the page shows.
type Data struct {
	Courses  []*course.Version
	Progress map[uuid.UUID]*course.Progress // by course id; the viewer's

	// What the viewer had best do next: the first of these that is not nil.
	Resume  *course.Progress // go on here
	Due     *mastery.Repeat  // repeat this
	Propose *course.Version  // begin this

	DueCount  int
	New       bool   // has done nothing yet: may take the placement check
	SittingID string // of the sitting that a button begins
}

// tracks are the courses in groups, residents' first; empty ones are left out.
func (d Data) tracks() []track {
	var all []track
	for _, name := range []course.Track{course.Residents, course.Officials, course.Teams} {
		group := track{name: name}
		for _, version := range d.Courses {
			if version.Track == name {
				group.courses = append(group.courses, version)
			}
		}
		if len(group.courses) > 0 {
			all = append(all, group)
		}
	}
	return all
}

type track struct {
	name    course.Track
	courses []*course.Version
}
