// Package pilot turns progress events into figures: rollups by unit, course
// and day, which dashboards read.
//
// A rollup always equals a recount of the events (Check proves it). It must
// never read a learner to draw a page.
package pilot

import (
	"time"

	"github.com/google/uuid"

	"hocso/internal/org"
)

// Counts are the indicators of one course in one unit's whole subtree. Source:
// progress_events. A person counts once per course in each of the first four.
type Counts struct {
	Enrolled  int64 // pressed "bắt đầu học"
	Started   int64 // finished a first lesson or began the quiz
	Completed int64 // finished every lesson and passed the quiz
	Passed    int64 // passed the quiz
	Graded    int64 // attempts graded, any number per person
	ScoreSum  int64 // sum of the graded attempts' scores, each 0 to 100
}

// Average is the mean score of graded attempts, 0 to 100; ok is false when there are none.
func (c Counts) Average() (score float64, ok bool) {
	if c.Graded == 0 {
		return 0, false
	}
	return float64(c.ScoreSum) / float64(c.Graded), true
}

// Add returns the sum of two counts.
func (c Counts) Add(d Counts) Counts {
	return Counts{
		Enrolled:  c.Enrolled + d.Enrolled,
		Started:   c.Started + d.Started,
		Completed: c.Completed + d.Completed,
		Passed:    c.Passed + d.Passed,
		Graded:    c.Graded + d.Graded,
		ScoreSum:  c.ScoreSum + d.ScoreSum,
	}
}

// CourseFigures are a course's counts in a unit.
type CourseFigures struct {
	CourseID uuid.UUID
	Slug     string
	Title    string
	Counts
}

// UnitFigures are a unit's counts over all courses.
type UnitFigures struct {
	UnitID uuid.UUID
	Code   string
	Name   string
	Counts
}

// DayFigures are what happened on one day in a unit, over all courses or one.
type DayFigures struct {
	Day time.Time // midnight UTC of the day in Asia/Ho_Chi_Minh
	Counts
}

// Dashboard is what the pilot page of one unit shows.
type Dashboard struct {
	Unit     UnitFigures     // sum over courses
	Kind     org.Kind        // of the unit
	Courses  []CourseFigures // every course, also those with no learner yet
	Days     []DayFigures    // consecutive days, oldest first, also empty ones
	Units    []UnitFigures   // the units directly below
	RolledAt time.Time       // the figures hold everything committed before about this moment
}
