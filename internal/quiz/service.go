package quiz

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/shortcode"
)

// GradeBell rings when attempts wait for a grade.
const GradeBell queue.Kind = "quiz:grade"

// Service is what learners and graders do with quizzes.
type Service struct {
	db      *bun.DB
	courses *course.Service
	bell    *queue.Bell
	now     clock.Clock
	quizzes sync.Map // uuid of quiz → *Quiz: a quiz belongs to a version and never changes
	banks   sync.Map // uuid of version → uuid of its quiz
}

// NewService makes the service.
func NewService(db *bun.DB, courses *course.Service, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, courses: courses, bell: bell, now: now}
}

// Begin opens an attempt at the quiz of a course, or gives the one that is
// unfinished; fault.Conflict when their record was merged or erased meanwhile.
func (s *Service) Begin(ctx context.Context, by identity.Actor, slug string) (*Attempt, error) {
	progress, err := s.courses.Progress(ctx, by.PersonID, slug)
	if err != nil {
		return nil, err
	}
	quiz, err := s.Bank(ctx, progress.Version.ID)
	if err != nil {
		return nil, err
	}
	now := s.now()
	attempt := &Attempt{
		ID: uuid.Must(uuid.NewV7()), EnrolmentID: progress.Enrolment.ID, PersonID: by.PersonID, Support: by.Support, HelperID: by.HelperID,
		QuizID: quiz.ID, State: Open, OpenedAt: now, Drawn: quiz.draw(rand.Shuffle), Answers: Answers{},
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		courses := course.NewStore(tx)
		held, err := courses.Hold(ctx, by.PersonID, progress.Enrolment.ID)
		if err != nil {
			return err
		}
		opened, err := NewStore(tx).Open(ctx, attempt)
		if err != nil {
			return err
		}
		if !opened {
			attempt, err = NewStore(tx).Unfinished(ctx, held.ID)
			return err
		}
		return courses.Start(ctx, now, held)
	})
	if err != nil {
		return nil, err
	}
	s.bell.Ring(course.ProgressBell)
	return attempt, nil
}

// Find reads a person's own attempt with its quiz.
func (s *Service) Find(ctx context.Context, person, id uuid.UUID) (*Attempt, *Quiz, error) {
	attempt, err := NewStore(s.db).AttemptOf(ctx, person, id)
	if err != nil {
		return nil, nil, err
	}
	quiz, err := s.quiz(ctx, attempt.QuizID)
	if err != nil {
		return nil, nil, err
	}
	return attempt, quiz.Of(attempt), nil
}

// Attempts lists the attempts of enrolments, the latest first, without answers.
func (s *Service) Attempts(ctx context.Context, enrolments ...uuid.UUID) ([]*Attempt, error) {
	return NewStore(s.db).Attempts(ctx, enrolments...)
}

// Save keeps answers of an open attempt for later; they need not be complete.
func (s *Service) Save(ctx context.Context, by identity.Actor, id uuid.UUID, answers Answers) error {
	attempt, quiz, err := s.Find(ctx, by.PersonID, id)
	if err != nil {
		return err
	}
	if err := quiz.Check(answers, false); err != nil {
		return err
	}
	attempt.Answers = answers
	attempt.note(by)
	saved, err := s.write(ctx, attempt, (*Store).SaveAnswers)
	if err == nil && !saved {
		return fault.New(fault.Conflict, "save answers of a submitted attempt")
	}
	return err
}

// Submit takes the answers of an attempt and gives it with its receipt. The
// same submission again (a double click, a retry after a broken connection)
// gives the same receipt. Another submission of an attempt that was already
// submitted (a stale tab) changes nothing and is a fault.Conflict, with the
// attempt as it stands; so it is when the learner's record was merged or erased.
func (s *Service) Submit(ctx context.Context, by identity.Actor, id, submission uuid.UUID, answers Answers) (*Attempt, error) {
	attempt, quiz, err := s.Find(ctx, by.PersonID, id)
	if err != nil {
		return nil, err
	}
	if attempt.State == Open {
		if err := quiz.Check(answers, true); err != nil {
			return attempt, err
		}
		now, receipt := s.now(), shortcode.New()
		submitted := *attempt
		submitted.State, submitted.Answers = Submitted, answers
		submitted.SubmissionID, submitted.Receipt, submitted.SubmittedAt = &submission, &receipt, &now
		submitted.note(by)
		done, err := s.write(ctx, &submitted, (*Store).Submit)
		if err != nil {
			return attempt, err
		}
		if done {
			s.bell.Ring(GradeBell)
			return &submitted, nil
		}
		// Somebody was faster between our look and our write: see what they did.
		if attempt, err = NewStore(s.db).AttemptOf(ctx, by.PersonID, id); err != nil {
			return nil, err
		}
	}
	if attempt.SubmissionID == nil || *attempt.SubmissionID != submission {
		return attempt, fault.New(fault.Conflict, "attempt was submitted before")
	}
	return attempt, nil
}

// write changes an open attempt while its enrolment is held, so that nobody
// moves it to another record meanwhile.
func (s *Service) write(ctx context.Context, attempt *Attempt, change func(*Store, context.Context, *Attempt) (bool, error)) (done bool, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := course.NewStore(tx).Hold(ctx, attempt.PersonID, attempt.EnrolmentID); err != nil {
			return err
		}
		done, err = change(NewStore(tx), ctx, attempt)
		return err
	})
	return done, err
}

// Done is one attempt that GradeDue has graded: its time from receipt to grade.
type Done struct {
	SubmittedAt, GradedAt time.Time
}

// GradeDue grades up to n waiting attempts, the oldest first, and writes
// grades, enrolments and events in one transaction: a worker that dies in the
// middle leaves them waiting, as if it had never come.
func (s *Service) GradeDue(ctx context.Context, n int) ([]Done, error) {
	var graded []Done
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		attempts, err := NewStore(tx).TakeSubmitted(ctx, n)
		if err != nil || len(attempts) == 0 {
			return err
		}
		now := s.now()
		for _, attempt := range attempts {
			quiz, err := s.quiz(ctx, attempt.QuizID)
			if err != nil {
				return err
			}
			grade := quiz.Of(attempt).Grade(attempt.Answers)
			attempt.State, attempt.GradedAt = Graded, &now
			attempt.RightAnswers, attempt.Score, attempt.Passed = &grade.Right, &grade.Score, &grade.Passed
			graded = append(graded, Done{SubmittedAt: *attempt.SubmittedAt, GradedAt: now})
		}
		if err := NewStore(tx).SaveGrades(ctx, attempts); err != nil {
			return err
		}
		return carryOver(ctx, course.NewStore(tx), attempts, now)
	})
	if err != nil {
		return nil, err
	}
	if len(graded) > 0 {
		s.bell.Ring(course.ProgressBell)
	}
	return graded, nil
}

// carryOver takes grades to their enrolments: best score, first pass,
// completion, and the events of each. No two attempts share an enrolment.
func carryOver(ctx context.Context, courses *course.Store, attempts []*Attempt, now time.Time) error {
	byEnrolment := make(map[uuid.UUID]*Attempt, len(attempts))
	ids := make([]uuid.UUID, len(attempts))
	for i, attempt := range attempts {
		byEnrolment[attempt.EnrolmentID], ids[i] = attempt, attempt.EnrolmentID
	}
	enrolments, err := courses.Lock(ctx, ids...)
	if err != nil {
		return err
	}
	var changed []*course.Enrolment
	var passed []uuid.UUID
	events := make([]*course.Event, 0, len(enrolments))
	for _, enrolment := range enrolments {
		attempt := byEnrolment[enrolment.ID]
		event := course.EventOf(enrolment, course.EventGraded, now)
		event.AttemptID, event.Score = &attempt.ID, attempt.Score
		events = append(events, event)

		better := enrolment.BestScore == nil || *attempt.Score > *enrolment.BestScore
		first := *attempt.Passed && enrolment.PassedAt == nil
		if better {
			enrolment.BestScore = attempt.Score
		}
		if *attempt.Passed {
			passed = append(passed, enrolment.ID) // also a later pass: it may be the first without help
		}
		if first {
			enrolment.PassedAt = &now
			events = append(events, course.EventOf(enrolment, course.EventPassed, now))
		}
		if better || first {
			changed = append(changed, enrolment)
		}
	}
	if err := courses.SaveGrades(ctx, changed); err != nil {
		return err
	}
	if err := courses.Record(ctx, events); err != nil {
		return err
	}
	if len(passed) == 0 {
		return nil
	}
	return courses.CompleteFinished(ctx, passed, now)
}

// Quiz finds any quiz by its id. The result is shared: do not change it.
func (s *Service) Quiz(ctx context.Context, id uuid.UUID) (*Quiz, error) { return s.quiz(ctx, id) }

// Bank finds the quiz of a course version. The result is shared: do not change it.
func (s *Service) Bank(ctx context.Context, version uuid.UUID) (*Quiz, error) {
	if id, ok := s.banks.Load(version); ok {
		return s.quiz(ctx, id.(uuid.UUID))
	}
	quiz, err := NewStore(s.db).QuizOfVersion(ctx, version)
	if err != nil {
		return nil, err
	}
	s.quizzes.Store(quiz.ID, quiz)
	s.banks.Store(version, quiz.ID)
	return quiz, nil
}

// Graded lists a person's graded attempts with their answers, the latest first.
func (s *Service) Graded(ctx context.Context, person uuid.UUID) ([]*Attempt, error) {
	return NewStore(s.db).GradedOf(ctx, person)
}

// quiz reads a quiz once per process.
func (s *Service) quiz(ctx context.Context, id uuid.UUID) (*Quiz, error) {
	if quiz, ok := s.quizzes.Load(id); ok {
		return quiz.(*Quiz), nil
	}
	quiz, err := NewStore(s.db).Quiz(ctx, id)
	if err != nil {
		return nil, err
	}
	s.quizzes.Store(id, quiz)
	return quiz, nil
}
