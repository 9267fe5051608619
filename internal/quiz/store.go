package quiz

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Store reads and writes quizzes and attempts.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Quiz reads a quiz with its questions.
func (s *Store) Quiz(ctx context.Context, id uuid.UUID) (*Quiz, error) {
	return s.quiz(ctx, "q.id = ?", id)
}

// QuizOfVersion reads the quiz of a course version.
func (s *Store) QuizOfVersion(ctx context.Context, version uuid.UUID) (*Quiz, error) {
	return s.quiz(ctx, "q.version_id = ?", version)
}

func (s *Store) quiz(ctx context.Context, where string, id uuid.UUID) (*Quiz, error) {
	quiz := new(Quiz)
	err := s.db.NewSelect().Model(quiz).Where(where, id).
		Relation("Questions", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("qu.position") }).Scan(ctx)
	return quiz, postgres.Wrap(err, "quiz")
}

// AttemptOf reads a person's own attempt; somebody else's is not found.
func (s *Store) AttemptOf(ctx context.Context, person, id uuid.UUID) (*Attempt, error) {
	attempt := new(Attempt)
	err := s.db.NewSelect().Model(attempt).Where("at.id = ?", id).Where("at.person_id = ?", person).Scan(ctx)
	return attempt, postgres.Wrap(err, "attempt")
}

// Unfinished finds the attempt of an enrolment that is open or waits for its
// grade; there is at most one.
func (s *Store) Unfinished(ctx context.Context, enrolment uuid.UUID) (*Attempt, error) {
	attempt := new(Attempt)
	err := s.db.NewSelect().Model(attempt).Where("at.enrolment_id = ?", enrolment).Where("at.state <> ?", Graded).Scan(ctx)
	return attempt, postgres.Wrap(err, "unfinished attempt")
}

// Attempts lists the attempts of enrolments, the latest first, without their answers.
func (s *Store) Attempts(ctx context.Context, enrolments ...uuid.UUID) ([]*Attempt, error) {
	var attempts []*Attempt
	if len(enrolments) == 0 {
		return nil, nil
	}
	err := s.db.NewSelect().Model(&attempts).ExcludeColumn("answers").
		Where("at.enrolment_id IN (?)", bun.List(enrolments)).Order("at.opened_at DESC").Scan(ctx)
	return attempts, postgres.Wrap(err, "attempts")
}

// recent is how many of somebody's latest attempts tell how well they have a skill.
const recent = 50

// GradedOf lists a person's latest graded attempts with their answers, the latest first.
func (s *Store) GradedOf(ctx context.Context, person uuid.UUID) ([]*Attempt, error) {
	var attempts []*Attempt
	err := s.db.NewSelect().Model(&attempts).Where("at.person_id = ?", person).Where("at.state = ?", Graded).
		Order("at.graded_at DESC").Limit(recent).Scan(ctx)
	return attempts, postgres.Wrap(err, "graded attempts of a person")
}

// Open writes a new attempt unless the enrolment has an unfinished one.
func (s *Store) Open(ctx context.Context, attempt *Attempt) (opened bool, err error) {
	result, err := s.db.NewInsert().Model(attempt).On("CONFLICT (enrolment_id) WHERE state <> 'graded' DO NOTHING").Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "open attempt")
	}
	rows, err := result.RowsAffected()
	return rows > 0, postgres.Wrap(err, "open attempt")
}

// SaveAnswers keeps answers of an attempt that is still open.
func (s *Store) SaveAnswers(ctx context.Context, attempt *Attempt) (saved bool, err error) {
	return s.changeOpen(ctx, attempt, "answers", "support", "helper_id")
}

// Submit moves an open attempt to submitted; false when it was no longer open.
func (s *Store) Submit(ctx context.Context, attempt *Attempt) (submitted bool, err error) {
	return s.changeOpen(ctx, attempt, "state", "answers", "submission_id", "receipt", "submitted_at", "support", "helper_id")
}

func (s *Store) changeOpen(ctx context.Context, attempt *Attempt, columns ...string) (bool, error) {
	result, err := s.db.NewUpdate().Model(attempt).Column(columns...).WherePK().
		Where("at.person_id = ?", attempt.PersonID).Where("at.state = ?", Open).Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "change attempt")
	}
	rows, err := result.RowsAffected()
	return rows > 0, postgres.Wrap(err, "change attempt")
}

// TakeSubmitted takes up to n attempts that wait for a grade, the oldest
// first, passing over those whose enrolment another worker, its learner or a
// merge holds: the next round takes them.
//
// Enrolments are locked before attempts, as everywhere (see course.Store.Hold),
// so nobody waits in a circle. Their people are locked, too: PostgreSQL looks at
// them again when a row that refers to them is changed twice in a transaction,
// as grading does, and a merge would be waiting for the enrolment.
func (s *Store) TakeSubmitted(ctx context.Context, n int) ([]*Attempt, error) {
	var enrolments []uuid.UUID
	err := s.db.NewRaw(`
		SELECT e.id FROM attempts a JOIN enrolments e ON e.id = a.enrolment_id JOIN people p ON p.id = e.person_id
		WHERE a.state = ? ORDER BY a.submitted_at LIMIT ? FOR KEY SHARE OF p SKIP LOCKED FOR UPDATE OF e SKIP LOCKED`, Submitted, n).Scan(ctx, &enrolments)
	if err != nil || len(enrolments) == 0 {
		return nil, postgres.Wrap(err, "take enrolments with submitted attempts")
	}
	var attempts []*Attempt
	// Read anew: a merge may have moved one between our look and our lock.
	err = s.db.NewSelect().Model(&attempts).Where("at.enrolment_id IN (?)", bun.List(enrolments)).Where("at.state = ?", Submitted).
		Order("at.submitted_at").For("UPDATE").Scan(ctx)
	return attempts, postgres.Wrap(err, "take submitted attempts")
}

// SaveGrades writes the grades of taken attempts.
func (s *Store) SaveGrades(ctx context.Context, attempts []*Attempt) error {
	_, err := s.db.NewUpdate().Model(&attempts).
		Column("state", "graded_at", "right_answers", "score", "passed").Bulk().Exec(ctx)
	return postgres.Wrap(err, "save grades")
}

// Waiting tells how many attempts wait for a grade and since when the oldest does.
func (s *Store) Waiting(ctx context.Context) (count int, oldest *time.Time, err error) {
	err = s.db.NewRaw("SELECT count(*), min(submitted_at) FROM attempts WHERE state = 'submitted'").Scan(ctx, &count, &oldest)
	return count, oldest, postgres.Wrap(err, "waiting attempts")
}

// Ledger sets what learners were promised against what was done.
type Ledger struct {
	Receipts int // receipts given: attempts ever submitted
	Waiting  int // submitted, not graded
	Graded   int // attempts with a grade
	Guests   int // of the graded, those of guests: they count in no figure yet
	Events   int // graded events, from which figures are summed
}

// Lost is how many receipts have neither a grade nor a place in the queue; it must be 0.
func (l Ledger) Lost() int { return l.Receipts - l.Waiting - l.Graded }

// Doubled is how many grades were counted more (or, negative, less) than once; it must be 0.
func (l Ledger) Doubled() int { return l.Events - (l.Graded - l.Guests) }

// Reconcile counts the ledger, all at one moment. It reads every attempt: for
// the operator's page, not for learners'.
func (s *Store) Reconcile(ctx context.Context) (Ledger, error) {
	var ledger Ledger
	err := s.db.NewRaw(`
		SELECT count(*) FILTER (WHERE receipt IS NOT NULL) AS receipts,
		       count(*) FILTER (WHERE state = 'submitted') AS waiting,
		       count(*) FILTER (WHERE state = 'graded' AND score IS NOT NULL) AS graded,
		       count(*) FILTER (WHERE state = 'graded' AND NOT EXISTS (
		           SELECT FROM enrolments e WHERE e.id = enrolment_id AND e.unit_id IS NOT NULL)) AS guests,
		       (SELECT coalesce(sum(weight), 0) FROM progress_events WHERE kind = 'graded') AS events
		FROM attempts`).Scan(ctx, &ledger)
	return ledger, postgres.Wrap(err, "reconcile")
}
