package authoring

import (
	"testing"

	"hocso/content"
	"hocso/internal/course"
	"hocso/internal/platform/clock"
)

// TestWhatTheCurriculumHolds counts what the shipped content must have: every
// skill taught, a picture of its own for each lesson, drills of both kinds.
func TestWhatTheCurriculumHolds(t *testing.T) {
	t.Parallel()
	shelf, problems := ReadAll(content.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	lessons, taught, tracks := 0, map[course.Skill]bool{}, map[course.Track]bool{}
	pictures := map[string]string{}
	practised := map[string]bool{}
	for _, source := range shelf.Courses {
		version := source.Version(clock.System())
		tracks[version.Track] = true
		taught[version.Skill] = taught[version.Skill] || version.Track == course.Residents
		for _, lesson := range version.Lessons {
			lessons++
			if other := pictures[lesson.Picture]; other != "" {
				t.Errorf("%s and %s have the same picture", other, lesson.Slug)
			}
			pictures[lesson.Picture] = lesson.Slug
		}
		for _, practice := range version.Practices {
			practised[practice.Scenario] = true
		}
	}
	if lessons < 60 {
		t.Errorf("%d lessons, want at least 60", lessons)
	}
	for _, skill := range course.Skills {
		if !taught[skill] {
			t.Errorf("no course for residents teaches %s", skill)
		}
	}
	for _, track := range []course.Track{course.Residents, course.Officials, course.Teams} {
		if !tracks[track] {
			t.Errorf("no course for %s", track)
		}
	}
	if len(shelf.Practices) < 14 {
		t.Errorf("%d scenarios, want at least 14", len(shelf.Practices))
	}
	drills := 0
	for _, practice := range shelf.Practices {
		if practice.file.Drill {
			drills++ // that each has honest and fraudulent variants, the check has seen
		}
		if !practised[practice.Slug()] {
			t.Errorf("%s stands in no course", practice.Slug())
		}
	}
	if drills < 8 {
		t.Errorf("%d drills, want at least 8", drills)
	}
}
