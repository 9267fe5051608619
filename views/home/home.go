// Package home is the first page: what this is, and every course.
package home

import (
	"github.com/google/uuid"

	"hocso/internal/course"
)

// Data is what the page shows.
type Data struct {
	Courses  []*course.Version
	Progress map[uuid.UUID]*course.Progress // by course id; the viewer's
	Resume   *course.Progress               // where the viewer goes on, or nil
}
