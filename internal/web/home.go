package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/views/home"
)

func (s *site) homeRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/", anyone, s.home},
	}
}

// home shows every course, and to learners where to go on.
func (s *site) home(c *fiber.Ctx) error {
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	data := home.Data{Courses: shelf, Progress: map[uuid.UUID]*course.Progress{}}
	if viewer := viewerOf(c); viewer != nil {
		all, err := s.Courses.AllProgress(c.UserContext(), viewer.PersonID)
		if err != nil {
			return err
		}
		for _, progress := range all {
			data.Progress[progress.Enrolment.CourseID] = progress
			if data.Resume == nil && progress.Enrolment.CompletedAt == nil {
				data.Resume = progress
			}
		}
	}
	return page(c, home.Page(data))
}

// personOf is the viewer's id, or nil when nobody is signed in.
func personOf(viewer *identity.Viewer) *uuid.UUID {
	if viewer == nil {
		return nil
	}
	return &viewer.PersonID
}
