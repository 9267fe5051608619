package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/quiz"
	quizview "hocso/views/quiz"
)

func (s *site) quizRoutes() []Route {
	return []Route{
		{fiber.MethodPost, "/courses/:course/quiz", learners, s.beginQuiz},
		{fiber.MethodGet, "/attempts/:attempt", learners, s.attempt},
		{fiber.MethodPost, "/attempts/:attempt/save", learners, s.saveAnswers},
		{fiber.MethodPost, "/attempts/:attempt/submit", learners, s.submitAnswers},
	}
}

// beginQuiz opens an attempt, or goes on with the unfinished one.
func (s *site) beginQuiz(c *fiber.Ctx) error {
	attempt, err := s.Quiz.Begin(c.UserContext(), viewerOf(c).Actor(), c.Params("course"))
	if err != nil {
		return err
	}
	return c.Redirect(attemptPath(attempt.ID), fiber.StatusSeeOther)
}

// attempt shows the form, the receipt or the result, as the attempt stands.
func (s *site) attempt(c *fiber.Ctx) error {
	id, err := attemptID(c)
	if err != nil {
		return err
	}
	attempt, check, err := s.Quiz.Find(c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	return s.showAttempt(c, attempt, check, newID(), nil)
}

// saveAnswers keeps what is filled in for later.
func (s *site) saveAnswers(c *fiber.Ctx) error {
	id, err := attemptID(c)
	if err != nil {
		return err
	}
	err = s.Quiz.Save(c.UserContext(), viewerOf(c).Actor(), id, readAnswers(c))
	if fault.Is(err, fault.Conflict) {
		return s.leadTo(c, attemptPath(id), "notice.submitted_before")
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, attemptPath(id), "notice.answers_saved")
}

// submitAnswers takes the answers and leads to the receipt. Incomplete answers
// come back with what is missing said beside each question.
func (s *site) submitAnswers(c *fiber.Ctx) error {
	id, err := attemptID(c)
	if err != nil {
		return err
	}
	submission, err := uuid.Parse(c.FormValue("submission"))
	if err != nil {
		return fault.InvalidField("submission", "quiz.foreign")
	}
	viewer, answers := viewerOf(c), readAnswers(c)
	_, err = s.Quiz.Submit(c.UserContext(), viewer.Actor(), id, submission, answers)
	switch {
	case fault.Is(err, fault.Conflict):
		return s.leadTo(c, attemptPath(id), "notice.submitted_before")
	case fault.Is(err, fault.Invalid):
		attempt, check, ferr := s.Quiz.Find(c.UserContext(), viewer.PersonID, id)
		if ferr != nil {
			return ferr
		}
		attempt.Answers = answers
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showAttempt(c, attempt, check, submission, fault.FieldsOf(err))
	case err != nil:
		return err
	}
	return c.Redirect(attemptPath(id), fiber.StatusSeeOther)
}

// answerField begins the name of a form field; the question's key follows.
const answerField = "q."

// readAnswers reads the chosen options from the form.
func readAnswers(c *fiber.Ctx) quiz.Answers {
	answers := quiz.Answers{}
	c.Request().PostArgs().VisitAll(func(name, value []byte) {
		if key, ok := strings.CutPrefix(string(name), answerField); ok {
			answers[key] = append(answers[key], string(value))
		}
	})
	return answers
}

func attemptID(c *fiber.Ctx) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params("attempt"))
	if err != nil {
		return id, fault.New(fault.NotFound, "attempt id")
	}
	return id, nil
}

func attemptPath(id uuid.UUID) string { return "/attempts/" + id.String() }

func (s *site) showAttempt(c *fiber.Ctx, attempt *quiz.Attempt, check *quiz.Quiz, submission uuid.UUID, errors map[string]string) error {
	version, err := s.Library.Version(c.UserContext(), check.VersionID)
	if err != nil {
		return err
	}
	if attempt.State == quiz.Submitted {
		c.Set("Refresh", "1") // seconds: the result opens by itself, also without scripts
	}
	return page(c, quizview.Page(quizview.Data{Attempt: attempt, Quiz: check, Version: version, Submission: submission.String(), Errors: errors}))
}
