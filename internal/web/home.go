package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/mastery"
	"hocso/views/home"
)

func (s *site) homeRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/", anyone, s.home},
	}
}

// home shows every course, and the one thing to do next.
func (s *site) home(c *fiber.Ctx) error {
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	data := home.Data{Courses: shelf, Progress: map[uuid.UUID]*course.Progress{}, New: true, SittingID: newID().String()}
	viewer := viewerOf(c)
	if viewer == nil {
		data.Propose = (&mastery.Profile{}).Propose(shelf, course.Residents, nil)
		return page(c, home.Page(data))
	}
	all, err := s.Courses.AllProgress(c.UserContext(), viewer.PersonID)
	if err != nil {
		return err
	}
	profile, err := s.Mastery.Profile(c.UserContext(), viewer.PersonID)
	if err != nil {
		return err
	}
	for _, progress := range all {
		data.Progress[progress.Enrolment.CourseID] = progress
		if data.Resume == nil && progress.Enrolment.CompletedAt == nil {
			data.Resume = progress
		}
	}
	if data.DueCount = len(profile.Due); data.DueCount > 0 {
		data.Due = &profile.Due[0]
	}
	data.New = len(all) == 0 && profile.Placed == nil
	data.Propose = profile.Propose(shelf, trackOf(viewer), all)
	return page(c, home.Page(data))
}

// personOf is the viewer's id, or nil when nobody is signed in.
func personOf(viewer *identity.Viewer) *uuid.UUID {
	if viewer == nil {
		return nil
	}
	return &viewer.PersonID
}
