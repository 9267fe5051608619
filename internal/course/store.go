package course

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Store reads and writes courses, enrolments and progress.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Courses lists all courses in the order of the home page.
func (s *Store) Courses(ctx context.Context) ([]*Course, error) {
	var courses []*Course
	err := s.db.NewSelect().Model(&courses).Order("c.position", "c.slug").Scan(ctx)
	return courses, postgres.Wrap(err, "list courses")
}

// Version reads a course version with its lessons.
func (s *Store) Version(ctx context.Context, id uuid.UUID) (*Version, error) {
	version := new(Version)
	err := s.db.NewSelect().Model(version).ColumnExpr("cv.*").ColumnExpr("c.slug, c.track, c.skill").
		Join("JOIN courses AS c ON c.id = cv.course_id").
		Relation("Lessons", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("l.position") }).
		Relation("Lessons.Translations").
		Relation("Practices", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("cp.after", "cp.scenario") }).
		Where("cv.id = ?", id).Scan(ctx)
	return version, postgres.Wrap(err, "course version")
}

// Asset reads a picture by its name.
func (s *Store) Asset(ctx context.Context, name string) (*Asset, error) {
	asset := new(Asset)
	err := s.db.NewSelect().Model(asset).Where("a.name = ?", name).Scan(ctx)
	return asset, postgres.Wrap(err, "asset")
}

// Enrolment finds a person's enrolment in a course.
func (s *Store) Enrolment(ctx context.Context, person, course uuid.UUID) (*Enrolment, error) {
	enrolment := new(Enrolment)
	err := s.db.NewSelect().Model(enrolment).Where("e.person_id = ?", person).Where("e.course_id = ?", course).Scan(ctx)
	return enrolment, postgres.Wrap(err, "enrolment")
}

// EnrolmentsOf lists a person's enrolments, the latest first.
func (s *Store) EnrolmentsOf(ctx context.Context, person uuid.UUID) ([]*Enrolment, error) {
	var enrolments []*Enrolment
	err := s.db.NewSelect().Model(&enrolments).Where("e.person_id = ?", person).Order("e.enrolled_at DESC").Scan(ctx)
	return enrolments, postgres.Wrap(err, "enrolments of a person")
}

// Lock reads enrolments and keeps others from changing them until the
// transaction ends. The order of ids keeps two lockers from waiting on each other.
func (s *Store) Lock(ctx context.Context, ids ...uuid.UUID) ([]*Enrolment, error) {
	var enrolments []*Enrolment
	err := s.db.NewSelect().Model(&enrolments).Where("e.id IN (?)", bun.List(ids)).Order("e.id").For("UPDATE").Scan(ctx)
	return enrolments, postgres.Wrap(err, "lock enrolments")
}

// LockOf is Lock for all enrolments of people.
func (s *Store) LockOf(ctx context.Context, people ...uuid.UUID) ([]*Enrolment, error) {
	var enrolments []*Enrolment
	err := s.db.NewSelect().Model(&enrolments).Where("e.person_id IN (?)", bun.List(people)).Order("e.id").For("UPDATE").Scan(ctx)
	return enrolments, postgres.Wrap(err, "lock enrolments of people")
}

// Hold locks an enrolment for its learner to go on in. It is a fault.Conflict
// when their record was merged or erased meanwhile, or the enrolment counts no
// more: what was open on their screen belongs to another record now.
//
// Everybody locks in this order: people by id, enrolments by id, attempts.
func (s *Store) Hold(ctx context.Context, person, enrolment uuid.UUID) (*Enrolment, error) {
	if err := identity.NewStore(s.db).Awake(ctx, person); err != nil {
		return nil, err
	}
	locked, err := s.Lock(ctx, enrolment)
	if err != nil {
		return nil, err
	}
	if len(locked) == 0 || locked[0].PersonID != person || locked[0].MergedInto != nil {
		return nil, fault.New(fault.Conflict, "the enrolment went to another record")
	}
	return locked[0], nil
}

// AddEnrolment writes an enrolment unless the person is enrolled already.
func (s *Store) AddEnrolment(ctx context.Context, enrolment *Enrolment) (added bool, err error) {
	result, err := s.db.NewInsert().Model(enrolment).On("CONFLICT (person_id, course_id) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "enrol")
	}
	rows, err := result.RowsAffected()
	return rows > 0, postgres.Wrap(err, "enrol")
}

// Finished lists the ids of finished lessons for each of the enrolments.
func (s *Store) Finished(ctx context.Context, enrolments ...uuid.UUID) (map[uuid.UUID]map[uuid.UUID]bool, error) {
	finished := make(map[uuid.UUID]map[uuid.UUID]bool, len(enrolments))
	for _, id := range enrolments {
		finished[id] = map[uuid.UUID]bool{}
	}
	if len(enrolments) == 0 {
		return finished, nil
	}
	var rows []struct{ EnrolmentID, LessonID uuid.UUID }
	err := s.db.NewSelect().Table("lesson_progress").Column("enrolment_id", "lesson_id").
		Where("enrolment_id IN (?)", bun.List(enrolments)).Scan(ctx, &rows)
	for _, row := range rows {
		finished[row.EnrolmentID][row.LessonID] = true
	}
	return finished, postgres.Wrap(err, "finished lessons")
}

// FinishLesson notes that a lesson was read to its end. A second time changes
// nothing, unless the learner now needed less support than before.
func (s *Store) FinishLesson(ctx context.Context, enrolment, lesson uuid.UUID, by identity.Actor, at time.Time) error {
	_, err := s.db.NewRaw(`
		INSERT INTO lesson_progress AS lp (enrolment_id, lesson_id, finished_at, support, helper_id, alone_at)
		VALUES (?0, ?1, ?2, ?3, ?4, CASE WHEN ?3 = 'self' THEN ?2::timestamptz END)
		ON CONFLICT (enrolment_id, lesson_id) DO UPDATE
		SET support = excluded.support, helper_id = excluded.helper_id, alone_at = excluded.alone_at
		WHERE array_position(ARRAY['self', 'helped', 'done-for'], excluded.support)
		    < array_position(ARRAY['self', 'helped', 'done-for'], lp.support)`,
		enrolment, lesson, at, by.Support, by.HelperID).Exec(ctx)
	return postgres.Wrap(err, "finish lesson")
}

// Start marks those of the enrolments as started that are not; the caller has
// locked them.
func (s *Store) Start(ctx context.Context, at time.Time, enrolments ...*Enrolment) error {
	var ids []uuid.UUID
	var events []*Event
	for _, enrolment := range enrolments {
		if enrolment.StartedAt == nil {
			enrolment.StartedAt = &at
			ids, events = append(ids, enrolment.ID), append(events, EventOf(enrolment, EventStarted, at))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := s.db.NewUpdate().Model((*Enrolment)(nil)).Set("started_at = ?", at).Where("e.id IN (?)", bun.List(ids)).Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "start")
	}
	return s.Record(ctx, events)
}

// CompleteFinished completes those of the enrolments that have every lesson
// and practice finished and the quiz passed. The caller has locked them, so that a last
// lesson and a passing grade at the same moment see each other.
func (s *Store) CompleteFinished(ctx context.Context, ids []uuid.UUID, at time.Time) error {
	var completed []*Enrolment
	err := s.db.NewRaw(`
		UPDATE enrolments AS e SET completed_at = ?
		WHERE e.id IN (?) AND e.completed_at IS NULL AND e.passed_at IS NOT NULL
		  AND NOT EXISTS (
			SELECT 1 FROM lessons l WHERE l.version_id = e.version_id AND NOT EXISTS (
				SELECT 1 FROM lesson_progress lp WHERE lp.enrolment_id = e.id AND lp.lesson_id = l.id))
		  AND NOT EXISTS (SELECT FROM course_practices cp WHERE cp.version_id = e.version_id AND NOT `+practiceReached+`)
		RETURNING e.*`, at, bun.List(ids)).Scan(ctx, &completed)
	if err != nil {
		return postgres.Wrap(err, "complete")
	}
	events := make([]*Event, len(completed))
	for i, enrolment := range completed {
		events[i] = EventOf(enrolment, EventCompleted, at)
	}
	if err := s.Record(ctx, events); err != nil {
		return err
	}
	return s.noteIndependence(ctx, ids, at)
}

// noteIndependence marks those of the completed enrolments whose every lesson,
// every practice and a passed attempt were done alone.
func (s *Store) noteIndependence(ctx context.Context, ids []uuid.UUID, at time.Time) error {
	var independent []*Enrolment
	err := s.db.NewRaw(`
		UPDATE enrolments AS e SET independent_at = ?
		WHERE e.id IN (?) AND e.independent_at IS NULL AND e.completed_at IS NOT NULL AND `+doneAlone+`
		RETURNING e.*`, at, bun.List(ids)).Scan(ctx, &independent)
	if err != nil {
		return postgres.Wrap(err, "note independence")
	}
	events := make([]*Event, len(independent))
	for i, enrolment := range independent {
		events[i] = EventOf(enrolment, EventIndependent, at)
	}
	return s.Record(ctx, events)
}

// doneAlone is the condition on a completed enrolment e that nobody helped.
const doneAlone = `EXISTS (SELECT FROM attempts a WHERE a.enrolment_id = e.id AND a.passed AND a.support = 'self')
	AND NOT EXISTS (SELECT FROM lesson_progress lp WHERE lp.enrolment_id = e.id AND lp.support <> 'self')
	AND NOT EXISTS (SELECT FROM course_practices cp WHERE cp.version_id = e.version_id AND NOT ` + practiceAlone + `)`

// Record appends progress events. The database refuses a second one of the
// same thing. Events of guests, who have no unit, are left out: they are
// written when the guest registers (see Settle).
func (s *Store) Record(ctx context.Context, events []*Event) error {
	events = slices.DeleteFunc(events, func(e *Event) bool { return e.UnitID == uuid.Nil })
	if len(events) == 0 {
		return nil
	}
	_, err := s.db.NewInsert().Model(&events).Exec(ctx)
	return postgres.Wrap(err, "record progress")
}

// SaveGrades writes best score and first pass of locked enrolments.
func (s *Store) SaveGrades(ctx context.Context, enrolments []*Enrolment) error {
	if len(enrolments) == 0 {
		return nil
	}
	_, err := s.db.NewUpdate().Model(&enrolments).Column("best_score", "passed_at").Bulk().Exec(ctx)
	return postgres.Wrap(err, "save grades")
}
