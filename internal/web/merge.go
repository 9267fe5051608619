package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/learner"
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
	if _, err := s.managedRecord(c, other); err != nil {
		return err
	}
	_, err = s.Learner.Merge(c.UserContext(), kept.ID, other, s.by(c))
	return s.personDone(c, kept.ID, sayWhy(err, "people.cant_merge"), "notice.merged", people.PersonData{})
}

// unmerge takes a merge into the person of the page back. The viewer has to
// look after both: roles and ways to sign in go from one to the other.
func (s *site) unmerge(c *fiber.Ctx) error {
	kept, err := s.managed(c)
	if err != nil {
		return err
	}
	id := uuid.MustParse(c.Params("merge"))
	merges, err := s.Learner.MergesInto(c.UserContext(), kept.ID)
	if err != nil {
		return err
	}
	for _, merge := range merges { // a handful
		if merge.ID != id || merge.MergedGuest {
			continue
		}
		if _, err := s.managedRecord(c, merge.MergedID); err != nil {
			return err
		}
	}
	err = s.Learner.Unmerge(c.UserContext(), kept.ID, id, s.by(c))
	return s.personDone(c, kept.ID, sayWhy(err, "people.cant_unmerge"), "notice.unmerged", people.PersonData{})
}

// sayWhy makes of an error why records can't be merged or taken apart a
// sentence for their page; otherwise is the one for whatever has none.
func sayWhy(err error, otherwise string) error {
	switch {
	case errors.Is(err, learner.ErrErasureAsked):
		return fault.InvalidField("person", "people.cant_merge_erasing")
	case errors.Is(err, learner.ErrSuspended):
		return fault.InvalidField("person", "people.cant_merge_suspended")
	case errors.Is(err, learner.ErrGrading):
		return fault.InvalidField("person", "people.cant_merge_grading")
	case errors.Is(err, learner.ErrLaterMerge):
		return fault.InvalidField("person", "people.cant_unmerge_order")
	case fault.Is(err, fault.Conflict):
		return fault.InvalidField("person", otherwise)
	}
	return err
}
