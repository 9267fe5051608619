package demo

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/shortcode"
	"hocso/internal/quiz"
)

// perWeight is how many learners a commune has for each point of its weight.
const perWeight = 8

// chunk is how many rows one INSERT carries.
const chunk = 1000

// history is made up in memory and written at the end, in few statements.
type history struct {
	random     *rand.Rand
	from, to   time.Time
	shelf      []shelved
	people     []*identity.Person
	enrolments []*course.Enrolment
	finished   []*finishedLesson
	attempts   []*quiz.Attempt
	events     []*course.Event
}

// shelved is a course with its quiz.
type shelved struct {
	version *course.Version
	quiz    *quiz.Quiz
}

type finishedLesson struct {
	bun.BaseModel `bun:"table:lesson_progress"`

	EnrolmentID uuid.UUID
	LessonID    uuid.UUID
	FinishedAt  time.Time
	AloneAt     time.Time
}

// addHistory makes up learners in every commune, more towards today, and what
// they learned. The same day gives the same history.
func addHistory(ctx context.Context, tx bun.Tx, places *places, units map[string]uuid.UUID, workers *workers, now time.Time) error {
	h := &history{random: rand.New(rand.NewPCG(48, 2026)), from: start(now), to: now}
	if err := h.fetchCourses(ctx, tx); err != nil {
		return err
	}
	for _, c := range places.Communes {
		for range c.Weight * perWeight {
			h.learner(units[c.hamletCode(h.random.IntN(len(c.Hamlets)))])
		}
	}
	h.study(workers.officials, "can-bo-chuyen-doi-so", "bao-ve-minh-tren-mang")
	h.study(workers.teams, "to-cong-nghe-so-cong-dong")
	return h.write(ctx, tx)
}

func (h *history) fetchCourses(ctx context.Context, tx bun.Tx) error {
	courses, err := course.NewStore(tx).Courses(ctx)
	if err != nil {
		return err
	}
	for _, c := range courses {
		version, err := course.NewStore(tx).Version(ctx, c.VersionID)
		if err != nil {
			return err
		}
		check, err := quiz.NewStore(tx).QuizOfVersion(ctx, version.ID)
		if err != nil {
			return err
		}
		h.shelf = append(h.shelf, shelved{version, check})
	}
	return nil
}

var (
	families = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hồ", "Võ", "Đặng", "Bùi", "Alăng", "Zơrâm", "Bhling", "Huỳnh"}
	middles  = []string{"Thị", "Văn", "Minh", "Thanh", "Ngọc", "Hữu", "Xuân"}
	given    = []string{"An", "Bình", "Cúc", "Dũng", "Hạnh", "Hòa", "Lan", "Liên", "Mai", "Nam", "Phúc", "Sáu", "Tâm", "Thủy", "Tư", "Yến"}
)

// learner makes up one resident and their courses.
func (h *history) learner(unit uuid.UUID) {
	born := 1948 + h.random.IntN(58)
	joined := h.moment(h.random.Float64())
	person := &identity.Person{
		ID: uuid.Must(uuid.NewV7()), HomeUnitID: &unit, BirthYear: &born, CreatedAt: joined, RegisteredAt: &joined,
		FullName: pick(h, families) + " " + pick(h, middles) + " " + pick(h, given),
	}
	h.people = append(h.people, person)
	at := joined
	for _, i := range h.random.Perm(len(h.shelf))[:1+h.random.IntN(len(h.shelf))] {
		at = h.takeCourse(person, h.shelf[i], at.Add(h.pause(3*24*time.Hour)))
	}
}

// takeCourse follows somebody through a course until they finish, stop or the
// history ends; it gives the moment at which they stopped.
func (h *history) takeCourse(person *identity.Person, c shelved, at time.Time) time.Time {
	if at.After(h.to) {
		return at
	}
	e := &course.Enrolment{
		ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, UnitID: person.HomeUnitID,
		CourseID: c.version.CourseID, VersionID: c.version.ID, EnrolledAt: at,
	}
	h.enrolments = append(h.enrolments, e)
	h.record(e, course.EventEnrolled, at)
	for _, lesson := range c.version.Lessons {
		if h.random.Float64() < 0.06 { // some stop on the way
			return at
		}
		if at = at.Add(h.pause(20 * time.Hour)); at.After(h.to) {
			return at
		}
		h.finished = append(h.finished, &finishedLesson{EnrolmentID: e.ID, LessonID: lesson.ID, FinishedAt: at, AloneAt: at})
		if e.StartedAt == nil {
			e.StartedAt = &at
			h.record(e, course.EventStarted, at)
		}
	}
	skill := 0.55 + 0.4*h.random.Float64()
	for range 3 {
		if at = at.Add(h.pause(12 * time.Hour)); at.After(h.to) || h.sitQuiz(e, c.quiz, skill, at) {
			return at
		}
		skill += 0.12 // they read the explanations
	}
	return at
}

// sitQuiz makes up a graded attempt and tells whether it was passed.
func (h *history) sitQuiz(e *course.Enrolment, q *quiz.Quiz, skill float64, at time.Time) bool {
	answers := quiz.Answers{}
	for _, question := range q.Questions {
		wrong := h.random.Float64() > skill
		for _, option := range question.Options {
			if option.Correct != wrong {
				answers[question.Key] = append(answers[question.Key], option.Key)
			}
			if wrong && question.Kind != quiz.Multiple && len(answers[question.Key]) > 0 {
				break
			}
		}
	}
	grade := q.Grade(answers)
	graded := at.Add(time.Second)
	receipt, submission := shortcode.New(), uuid.Must(uuid.NewV7())
	attempt := &quiz.Attempt{
		ID: uuid.Must(uuid.NewV7()), EnrolmentID: e.ID, PersonID: e.PersonID, QuizID: q.ID, State: quiz.Graded,
		OpenedAt: at.Add(-8 * time.Minute), SubmittedAt: &at, GradedAt: &graded, Answers: answers,
		SubmissionID: &submission, Receipt: &receipt, RightAnswers: &grade.Right, Score: &grade.Score, Passed: &grade.Passed,
		Support: identity.Self,
	}
	h.attempts = append(h.attempts, attempt)
	event := h.record(e, course.EventGraded, graded)
	event.AttemptID, event.Score = &attempt.ID, attempt.Score
	if e.BestScore == nil || grade.Score > *e.BestScore {
		e.BestScore = attempt.Score
	}
	if grade.Passed {
		e.PassedAt, e.CompletedAt, e.IndependentAt = &graded, &graded, &graded
		h.record(e, course.EventPassed, graded)
		h.record(e, course.EventCompleted, graded)
		h.record(e, course.EventIndependent, graded)
	}
	return grade.Passed
}

func (h *history) record(e *course.Enrolment, kind course.EventKind, at time.Time) *course.Event {
	event := course.EventOf(e, kind, at)
	h.events = append(h.events, event)
	return event
}

// moment is a time of day at which people learn, on a day of the history;
// where lies between 0 (the first day) and 1 (today), later days more often.
func (h *history) moment(where float64) time.Time {
	length := h.to.Sub(h.from)
	early := 1 - where
	at := h.daytime(h.from.Add(time.Duration(float64(length) * (1 - 0.9*early*early - 0.1*early))))
	if at.After(h.to) {
		return h.to
	}
	return at
}

// pause is a made-up break of about the given length.
func (h *history) pause(about time.Duration) time.Duration {
	return time.Duration(float64(about) * (0.2 + 1.6*h.random.Float64()))
}

// daytime is a time between 7:00 and 21:00 in Zone on the UTC day of t.
func (h *history) daytime(t time.Time) time.Time {
	day := t.Truncate(24 * time.Hour)
	return day.Add(time.Duration(h.random.IntN(14*60)) * time.Minute)
}

func pick(h *history, from []string) string { return from[h.random.IntN(len(from))] }

// write stores everything, events in the order in which they happened.
func (h *history) write(ctx context.Context, tx bun.Tx) error {
	slices.SortStableFunc(h.events, func(a, b *course.Event) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return firstError(
		func() error { return addPeople(ctx, tx, h.people) },
		func() error { return insert(ctx, tx, h.enrolments) },
		func() error { return insert(ctx, tx, h.finished) },
		func() error { return insert(ctx, tx, h.attempts) },
		func() error { return insert(ctx, tx, h.events) },
	)
}

func insert[T any](ctx context.Context, tx bun.Tx, rows []T) error {
	for part := range slices.Chunk(rows, chunk) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// addPeople writes people who have agreed that their learning is kept.
func addPeople(ctx context.Context, tx bun.Tx, people []*identity.Person) error {
	consents := make([]*identity.Consent, len(people))
	for i, person := range people {
		consents[i] = &identity.Consent{
			ID: uuid.Must(uuid.NewV7()), PersonID: person.ID, Purpose: identity.Learning, GivenAt: person.CreatedAt, How: identity.BySelf,
		}
	}
	for part := range slices.Chunk(people, chunk) {
		if err := identity.NewStore(tx).AddPeople(ctx, part...); err != nil {
			return err
		}
	}
	return insert(ctx, tx, consents)
}
