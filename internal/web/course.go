package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/quiz"
	courseview "hocso/views/course"
	"hocso/views/layout"
)

func (s *site) courseRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/courses/:course", anyone, s.course},
		{fiber.MethodPost, "/courses/:course/enrol", anyone, s.enrol},
		{fiber.MethodGet, "/courses/:course/lessons/:lesson", anyone, s.lesson},
		{fiber.MethodPost, "/courses/:course/lessons/:lesson/finish", learners, s.finishLesson},
		{fiber.MethodGet, "/me", learners, s.myLearning},
	}
}

// course shows what a course holds and, to who is in it, how far they are.
func (s *site) course(c *fiber.Ctx) error {
	version, progress, err := s.Courses.Find(c.UserContext(), personOf(viewerOf(c)), c.Params("course"))
	if err != nil {
		return err
	}
	var attempts []*quiz.Attempt
	if progress != nil {
		if attempts, err = s.Quiz.Attempts(c.UserContext(), progress.Enrolment.ID); err != nil {
			return err
		}
	}
	return page(c, courseview.Page(courseview.Data{Version: version, Progress: progress, Attempts: attempts, SignedIn: viewerOf(c) != nil}))
}

// enrol puts the viewer into the course and opens its first unread lesson.
// Whoever is not signed in learns as a guest from here on.
func (s *site) enrol(c *fiber.Ctx) error {
	if _, err := s.Library.Current(c.UserContext(), c.Params("course")); err != nil {
		return err
	}
	actor, err := s.actorOf(c)
	if err != nil {
		return err
	}
	progress, err := s.Courses.Enrol(c.UserContext(), actor, c.Params("course"))
	if err != nil {
		return err
	}
	return c.Redirect(courseview.NextPath(progress), fiber.StatusSeeOther)
}

// actorOf is the viewer as who learns; somebody unknown becomes a guest.
func (s *site) actorOf(c *fiber.Ctx) (identity.Actor, error) {
	if viewer := viewerOf(c); viewer != nil {
		return viewer.Actor(), nil
	}
	entry, err := s.Identity.BeginGuest(c.UserContext(), s.from(c))
	if err != nil {
		return identity.Actor{}, err
	}
	s.keepSession(c, entry)
	return identity.Alone(entry.PersonID, nil), nil
}

// lesson shows a lesson: of the version that the viewer began with, or of the current one.
func (s *site) lesson(c *fiber.Ctx) error {
	version, progress, err := s.Courses.Find(c.UserContext(), personOf(viewerOf(c)), c.Params("course"))
	if err != nil {
		return err
	}
	lesson, err := version.Lesson(c.Params("lesson"))
	if err != nil {
		return err
	}
	tongue := layout.From(c.UserContext()).Tongue
	return page(c, courseview.Lesson(courseview.LessonData{
		Version: version, Lesson: lesson.In(tongue), Progress: progress, Languages: lesson.Languages(), Tongue: tongue,
	}))
}

// finishLesson notes that the viewer has read a lesson and leads on.
func (s *site) finishLesson(c *fiber.Ctx) error {
	progress, err := s.Courses.FinishLesson(c.UserContext(), viewerOf(c).Actor(), c.Params("course"), c.Params("lesson"))
	if err != nil {
		return err
	}
	lesson, err := progress.Version.Lesson(c.Params("lesson"))
	if err != nil {
		return err
	}
	for _, practice := range progress.Version.PracticesAfter(lesson) {
		if !progress.Practised[practice.Scenario] {
			return c.Redirect(practicePath(practice.Scenario), fiber.StatusSeeOther)
		}
	}
	if lesson.Position < len(progress.Version.Lessons) {
		return c.Redirect(lessonPath(progress.Version.Slug, progress.Version.Lessons[lesson.Position].Slug), fiber.StatusSeeOther)
	}
	return c.Redirect(coursePath(progress.Version.Slug), fiber.StatusSeeOther)
}

// myLearning shows the viewer's courses.
func (s *site) myLearning(c *fiber.Ctx) error {
	all, err := s.Courses.AllProgress(c.UserContext(), viewerOf(c).PersonID)
	if err != nil {
		return err
	}
	return page(c, courseview.Mine(courseview.MineData{All: all, Guest: viewerOf(c).Guest}))
}

func coursePath(slug string) string         { return "/courses/" + slug }
func lessonPath(slug, lesson string) string { return coursePath(slug) + "/lessons/" + lesson }
