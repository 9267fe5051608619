package mastery

import (
	"slices"

	"hocso/internal/course"
)

// Propose is the course that somebody had best take up: one of their track, or
// of the residents' once those are done, that they have not completed; the one
// of the least known skill first, and in the order of the shelf where skills
// are known alike. nil when everything is completed.
func (p *Profile) Propose(shelf []*course.Version, track course.Track, all []*course.Progress) *course.Version {
	done := map[string]bool{}
	for _, progress := range all {
		done[progress.Version.Slug] = progress.Enrolment.CompletedAt != nil
	}
	known := map[course.Skill]int{}
	for _, m := range p.Skills {
		known[m.Skill] = 0
		if m.Items > 0 || m.Runs > 0 {
			known[m.Skill] = m.Percent
		}
	}
	for _, track := range []course.Track{track, course.Residents} {
		var open []*course.Version
		for _, version := range shelf {
			if version.Track == track && !done[version.Slug] {
				open = append(open, version)
			}
		}
		if len(open) > 0 {
			return slices.MinFunc(open, func(a, b *course.Version) int { return known[a.Skill] - known[b.Skill] })
		}
	}
	return nil
}
