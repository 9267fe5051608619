package web

import (
	"encoding/json"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/platform/fault"
	"hocso/internal/practice"
	courseview "hocso/views/course"
	practiceview "hocso/views/practice"
)

func (s *site) practiceRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/practice", anyone, s.practices},
		{fiber.MethodGet, "/practice/:practice", anyone, s.practice},
		{fiber.MethodPost, "/practice/:practice/runs", anyone, s.beginRun},
		{fiber.MethodGet, "/practice/runs/:run<guid>", learners, s.run},
		{fiber.MethodPost, "/practice/runs/:run<guid>/step", learners, s.stepRun},
		{fiber.MethodPost, "/practice/runs/:run<guid>/log", learners, s.logRun},
	}
}

// practices lists every scenario by its first skill, with how the viewer did it last.
func (s *site) practices(c *fiber.Ctx) error {
	shelf, err := s.Scenarios.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	last := map[string]*practice.Outcome{}
	if viewer := viewerOf(c); viewer != nil {
		runs, err := s.Practice.Runs(c.UserContext(), viewer.PersonID)
		if err != nil {
			return err
		}
		for _, run := range runs {
			if run.Outcome != nil && last[run.Scenario] == nil {
				last[run.Scenario] = run.Outcome
			}
		}
	}
	var data practiceview.ListData
	for _, skill := range course.Skills {
		group := practiceview.SkillPractices{Skill: skill}
		for _, version := range shelf {
			if version.Skills[0] == skill {
				group.Scenarios = append(group.Scenarios, practiceview.Listed{Version: version, Last: last[version.Slug]})
			}
		}
		if len(group.Scenarios) > 0 {
			data.Skills = append(data.Skills, group)
		}
	}
	return page(c, practiceview.List(data))
}

// practice tells the story before a run.
func (s *site) practice(c *fiber.Ctx) error {
	version, err := s.Scenarios.Find(c.UserContext(), c.Params("practice"))
	if err != nil {
		return err
	}
	return page(c, practiceview.Intro(practiceview.IntroData{Version: version, RunID: newID().String()}))
}

// beginRun begins a run; whoever is not signed in practises as a guest from here on.
func (s *site) beginRun(c *fiber.Ctx) error {
	slug := c.Params("practice")
	if _, err := s.Scenarios.Find(c.UserContext(), slug); err != nil {
		return err
	}
	id, err := uuid.Parse(c.FormValue("run"))
	if err != nil {
		return fault.InvalidField("run", "quiz.foreign")
	}
	actor, err := s.actorOf(c)
	if err != nil {
		return err
	}
	run, err := s.Practice.Begin(c.UserContext(), actor, slug, id)
	if err != nil {
		return err
	}
	return c.Redirect(runPath(run.ID), fiber.StatusSeeOther)
}

// run shows a run as it stands.
func (s *site) run(c *fiber.Ctx) error {
	id, err := runID(c)
	if err != nil {
		return err
	}
	return s.showRun(c, id, nil)
}

// stepRun takes what one form of the drawn device does, for browsers without
// scripts. What was typed is compared here and goes no further.
func (s *site) stepRun(c *fiber.Ctx) error {
	id, err := runID(c)
	if err != nil {
		return err
	}
	at, err := strconv.Atoi(c.FormValue("at"))
	if err != nil {
		return fault.InvalidField("at", "quiz.foreign")
	}
	viewer := viewerOf(c)
	_, _, situation, err := s.Practice.Find(c.UserContext(), viewer.PersonID, id)
	if err != nil {
		return err
	}
	steps, errors := readSteps(c, situation)
	if len(errors) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showRun(c, id, errors)
	}
	if _, err := s.Practice.Step(c.UserContext(), viewer.Actor(), id, at, steps...); err != nil && !fault.Is(err, fault.Invalid) {
		return err // an invalid step is one of a page that is behind: show where the run stands
	}
	return c.Redirect(runPath(id), fiber.StatusSeeOther)
}

// readSteps reads fields and the pressed button from the form. A text that
// looks like a real number is an error of its field, and is not kept.
func readSteps(c *fiber.Ctx, situation *practice.Situation) ([]practice.Step, map[string]string) {
	if c.FormValue("h") != "" {
		return []practice.Step{{Hint: true}}, nil
	}
	var steps []practice.Step
	errors := map[string]string{}
	for i := range situation.Screen.Elements {
		element := &situation.Screen.Elements[i]
		typed := c.FormValue("f." + element.ID)
		if element.Kind != practice.Field || typed == "" {
			continue
		}
		if element.LooksReal(typed) {
			errors[element.ID] = "practice.looks_real"
			continue
		}
		steps = append(steps, practice.Step{Element: element.ID, Answer: element.Answer(typed)})
	}
	return append(steps, practice.Step{Element: c.FormValue("e")}), errors
}

// logRun takes the whole log of a run that was played on the device.
func (s *site) logRun(c *fiber.Ctx) error {
	id, err := runID(c)
	if err != nil {
		return err
	}
	var steps []practice.Step
	if err := json.Unmarshal([]byte(c.FormValue("log")), &steps); err != nil {
		return s.refuseLog(c, id, "practice.refused_unreadable")
	}
	err = s.Practice.Submit(c.UserContext(), viewerOf(c).Actor(), id, steps)
	if why := fault.FieldsOf(err)["log"]; why != "" {
		return s.refuseLog(c, id, why)
	}
	if err != nil {
		return err
	}
	return c.Redirect(runPath(id), fiber.StatusSeeOther)
}

// refuseLog says why a log is not even taken for a worker to look at; the run
// stays as it is.
func (s *site) refuseLog(c *fiber.Ctx, id uuid.UUID, why string) error {
	run, version, situation, err := s.Practice.Find(c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	refused := *run
	refused.State, refused.Refusal = practice.Refused, why
	c.Status(fiber.StatusUnprocessableEntity)
	return page(c, practiceview.Page(practiceview.RunData{Run: &refused, Version: version, Situation: situation, NewRunID: newID().String()}))
}

func (s *site) showRun(c *fiber.Ctx, id uuid.UUID, errors map[string]string) error {
	viewer := viewerOf(c)
	run, version, situation, err := s.Practice.Find(c.UserContext(), viewer.PersonID, id)
	if err != nil {
		return err
	}
	data := practiceview.RunData{Run: run, Version: version, Situation: situation, Errors: errors, NewRunID: newID().String()}
	switch run.State {
	case practice.Open:
		data.Screens = version.Script.Reachable(run.Variant)
	case practice.Submitted:
		c.Set("Refresh", "1") // seconds: the result opens by itself, also without scripts
	case practice.Graded:
		if data.Next, err = s.nextAfter(c, run.Scenario); err != nil {
			return err
		}
	}
	return page(c, practiceview.Page(data))
}

// nextAfter is where the viewer goes on in a course that holds the scenario, or "".
func (s *site) nextAfter(c *fiber.Ctx, slug string) (string, error) {
	all, err := s.Courses.AllProgress(c.UserContext(), viewerOf(c).PersonID)
	if err != nil {
		return "", err
	}
	for _, progress := range all {
		if progress.Enrolment.CompletedAt == nil && progress.Version.HasPractice(slug) {
			return courseview.NextPath(progress), nil
		}
	}
	return "", nil
}

func runID(c *fiber.Ctx) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params("run"))
	if err != nil {
		return id, fault.New(fault.NotFound, "run id")
	}
	return id, nil
}

func runPath(id uuid.UUID) string     { return "/practice/runs/" + id.String() }
func practicePath(slug string) string { return "/practice/" + slug }
func newID() uuid.UUID                { return uuid.Must(uuid.NewV7()) }
