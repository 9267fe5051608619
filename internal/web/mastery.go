package web

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/mastery"
	"hocso/internal/platform/fault"
	"hocso/internal/quiz"
	masteryview "hocso/views/mastery"
)

func (s *site) masteryRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/me/skills", learners, s.mySkills},
		{fiber.MethodPost, "/sittings", anyone, s.beginSitting},
		{fiber.MethodGet, "/sittings/:sitting<guid>", learners, s.sitting},
		{fiber.MethodPost, "/sittings/:sitting<guid>", learners, s.submitSitting},
	}
}

// mySkills shows the viewer's skills and what is due to be repeated.
func (s *site) mySkills(c *fiber.Ctx) error {
	profile, err := s.Mastery.Profile(c.UserContext(), viewerOf(c).PersonID)
	if err != nil {
		return err
	}
	ids := make([]string, len(profile.Skills)+1)
	for i := range ids {
		ids[i] = newID().String()
	}
	return page(c, masteryview.Skills(masteryview.SkillsData{Profile: profile, IDs: ids}))
}

// beginSitting begins a repeat of the skill in the form, or without one a
// placement check. Whoever is not signed in is a guest from here on.
func (s *site) beginSitting(c *fiber.Ctx) error {
	id, err := uuid.Parse(c.FormValue("sitting"))
	if err != nil {
		return fault.InvalidField("sitting", "quiz.foreign")
	}
	kind, skill := mastery.Placement, course.Skill(c.FormValue("skill"))
	if skill != "" {
		kind = mastery.Review
	}
	actor, err := s.actorOf(c)
	if err != nil {
		return err
	}
	sitting, err := s.Mastery.Begin(c.UserContext(), actor, kind, skill, id)
	if err != nil {
		return err
	}
	return c.Redirect(sittingPath(sitting.ID), fiber.StatusSeeOther)
}

// sitting shows the form of a sitting, or what it came to.
func (s *site) sitting(c *fiber.Ctx) error {
	id, err := sittingID(c)
	if err != nil {
		return err
	}
	viewer := viewerOf(c)
	sitting, questions, err := s.Mastery.Find(c.UserContext(), viewer.PersonID, id)
	if err != nil {
		return err
	}
	data := masteryview.SittingData{Sitting: sitting, Questions: questions}
	if sitting.SubmittedAt != nil && sitting.Kind == mastery.Placement {
		if data.Begin, err = s.proposed(c, viewer); err != nil {
			return err
		}
	}
	return page(c, masteryview.Sitting(data))
}

// submitSitting takes the answers; a question left out is one not known.
func (s *site) submitSitting(c *fiber.Ctx) error {
	id, err := sittingID(c)
	if err != nil {
		return err
	}
	viewer := viewerOf(c)
	sitting, _, err := s.Mastery.Find(c.UserContext(), viewer.PersonID, id)
	if err != nil {
		return err
	}
	sent, answers := readAnswers(c), quiz.Answers{}
	for i, item := range sitting.Items {
		answers[item.Name()] = sent[strconv.Itoa(i)]
	}
	if _, err := s.Mastery.Submit(c.UserContext(), viewer.Actor(), id, answers); err != nil {
		return err
	}
	return c.Redirect(sittingPath(id), fiber.StatusSeeOther)
}

// proposed is the course that a viewer had best take up next, or nil when all
// of their track are completed.
func (s *site) proposed(c *fiber.Ctx, viewer *identity.Viewer) (*course.Version, error) {
	profile, err := s.Mastery.Profile(c.UserContext(), viewer.PersonID)
	if err != nil {
		return nil, err
	}
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return nil, err
	}
	all, err := s.Courses.AllProgress(c.UserContext(), viewer.PersonID)
	if err != nil {
		return nil, fmt.Errorf("progress: %w", err)
	}
	return profile.Propose(shelf, trackOf(viewer), all), nil
}

// trackOf is the track of courses meant for a viewer.
func trackOf(viewer *identity.Viewer) course.Track {
	switch {
	case viewer.Has(identity.Official, identity.UnitHead):
		return course.Officials
	case viewer.Has(identity.TeamMember):
		return course.Teams
	}
	return course.Residents
}

func sittingID(c *fiber.Ctx) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params("sitting"))
	if err != nil {
		return id, fault.New(fault.NotFound, "sitting id")
	}
	return id, nil
}

func sittingPath(id uuid.UUID) string { return "/sittings/" + id.String() }
