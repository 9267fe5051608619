package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/views/people"
)

func (s *site) mergeRoutes() []Route {
	return []Route{
		{fiber.MethodPost, "/people/:person<guid>/merge", managers, s.merge},
		{fiber.MethodPost, "/people/:person<guid>/merges/:merge<guid>/undo", managers, s.unmerge},
	}
}

// merge joins another record of the same person to the one of the page. The
// viewer has to look after both.
func (s *site) merge(c *fiber.Ctx) error {
	kept, err := s.managed(c)
	if err != nil {
		return err
	}
	other, err := uuid.Parse(c.FormValue("other"))
	if err != nil {
		return fault.New(fault.NotFound, "person to merge")
	}
	if _, err := s.managedPerson(c, other); err != nil {
		return err
	}
	_, err = s.Learner.Merge(c.UserContext(), kept.ID, other, s.by(c))
	if fault.Is(err, fault.Conflict) {
		err = fault.InvalidField("person", "people.cant_merge")
	}
	return s.personDone(c, kept.ID, err, "notice.merged", people.PersonData{})
}

// unmerge takes a merge into the person of the page back.
func (s *site) unmerge(c *fiber.Ctx) error {
	kept, err := s.managed(c)
	if err != nil {
		return err
	}
	err = s.Learner.Unmerge(c.UserContext(), kept.ID, uuid.MustParse(c.Params("merge")), s.by(c))
	if fault.Is(err, fault.Conflict) {
		err = fault.InvalidField("person", "people.cant_unmerge")
	}
	return s.personDone(c, kept.ID, err, "notice.unmerged", people.PersonData{})
}
