package learner

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/postgres"
	"hocso/internal/quiz"
)

// moveLearning moves enrolments with their lessons and attempts and gives the
// enrolments that have to be settled.
func (m *Merge) moveLearning(ctx context.Context, tx bun.Tx, kept, merged *identity.Person) (touched []uuid.UUID, err error) {
	if err := m.movePractice(ctx, tx); err != nil {
		return nil, err
	}
	if _, err := course.NewStore(tx).LockOf(ctx, m.KeptID, m.MergedID); err != nil {
		return nil, err
	}
	m.Moved.Guest = merged.RegisteredAt == nil
	if touched, err = m.bring(ctx, tx, kept); err != nil {
		return nil, err
	}
	var pairs []absorbed
	err = tx.NewRaw(`SELECT f.id AS "from", i.id AS "into" FROM enrolments f JOIN enrolments i ON i.course_id = f.course_id
		WHERE f.person_id = ? AND i.person_id = ? AND f.merged_into IS NULL AND i.merged_into IS NULL ORDER BY f.id`, m.MergedID, m.KeptID).Scan(ctx, &pairs)
	if err != nil {
		return nil, postgres.Wrap(err, "pair enrolments")
	}
	for i := range pairs { // a course each: a handful
		if err := pairs[i].absorb(ctx, tx, m.KeptID); err != nil {
			return nil, err
		}
		touched = append(touched, pairs[i].From, pairs[i].Into)
	}
	m.Moved.Absorbed = pairs
	practising, err := m.practising(ctx, tx)
	return append(touched, practising...), err
}

// bring moves the enrolments whose courses kept does not have, as they are.
func (m *Merge) bring(ctx context.Context, tx bun.Tx, kept *identity.Person) (ids []uuid.UUID, err error) {
	err = tx.NewRaw(`
		UPDATE enrolments SET person_id = ?0, unit_id = coalesce(unit_id, ?2) WHERE person_id = ?1 AND merged_into IS NULL
		AND course_id NOT IN (SELECT course_id FROM enrolments WHERE person_id = ?0) RETURNING id`,
		m.KeptID, m.MergedID, kept.HomeUnitID).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return nil, postgres.Wrap(err, "move enrolments")
	}
	if _, err := tx.NewRaw("UPDATE attempts SET person_id = ? WHERE enrolment_id IN (?)", m.KeptID, bun.List(ids)).Exec(ctx); err != nil {
		return nil, postgres.Wrap(err, "move attempts")
	}
	m.Moved.Brought, err = asTheyAre(ctx, tx, ids, nil)
	return ids, err
}

// asTheyAre writes down enrolments with their lessons and attempts; with until,
// only what was there by then.
func asTheyAre(ctx context.Context, tx bun.Tx, ids []uuid.UUID, until *time.Time) ([]brought, error) {
	all := make([]brought, len(ids))
	byID := make(map[uuid.UUID]*brought, len(ids))
	for i, id := range ids {
		all[i].Enrolment = id
		byID[id] = &all[i]
	}
	var lessons []*progress
	if err := tx.NewSelect().Model(&lessons).Where("enrolment_id IN (?)", bun.List(ids)).Where("?0::timestamptz IS NULL OR finished_at <= ?0", until).Scan(ctx); err != nil {
		return nil, postgres.Wrap(err, "lessons that move")
	}
	for _, l := range lessons {
		b := byID[l.EnrolmentID]
		b.Lessons = append(b.Lessons, lesson{LessonID: l.LessonID, After: l.finished})
	}
	var attempts []struct {
		ID, EnrolmentID uuid.UUID
		Open            bool
	}
	err := tx.NewRaw(`SELECT id, enrolment_id, coalesce(submitted_at > ?1, submitted_at IS NULL) AS open FROM attempts
		WHERE enrolment_id IN (?0) AND (?1::timestamptz IS NULL OR opened_at <= ?1)`, bun.List(ids), until).Scan(ctx, &attempts)
	for _, a := range attempts {
		b := byID[a.EnrolmentID]
		if b.Attempts = append(b.Attempts, a.ID); a.Open {
			b.Open = &a.ID
		}
	}
	return all, postgres.Wrap(err, "attempts that move")
}

// absorb lets one enrolment take over another's lessons and attempts.
func (a *absorbed) absorb(ctx context.Context, tx bun.Tx, kept uuid.UUID) error {
	if err := a.absorbAttempts(ctx, tx, kept); err != nil {
		return err
	}
	if err := a.absorbLessons(ctx, tx); err != nil {
		return err
	}
	_, err := tx.NewRaw("UPDATE enrolments SET merged_into = ? WHERE id = ?", a.Into, a.From).Exec(ctx)
	return postgres.Wrap(err, "mark absorbed enrolment")
}

// absorbAttempts moves attempts. An open one stays behind where the other
// enrolment has an unfinished one: there is one at a time. One that waits for
// its grade does not.
func (a *absorbed) absorbAttempts(ctx context.Context, tx bun.Tx, kept uuid.UUID) error {
	var moved []struct {
		ID    uuid.UUID
		State quiz.State
	}
	err := tx.NewRaw(`
		UPDATE attempts SET enrolment_id = ?1, person_id = ?2 WHERE enrolment_id = ?0 AND (state = 'graded'
			OR NOT EXISTS (SELECT FROM attempts o WHERE o.enrolment_id = ?1 AND o.state <> 'graded')) RETURNING id, state`,
		a.From, a.Into, kept).Scan(ctx, &moved)
	if err != nil {
		return postgres.Wrap(err, "move attempts")
	}
	for _, attempt := range moved {
		if a.Attempts = append(a.Attempts, attempt.ID); attempt.State == quiz.Open {
			a.Open = &attempt.ID
		}
	}
	var waiting bool
	err = tx.NewRaw("SELECT EXISTS (SELECT FROM attempts WHERE enrolment_id = ? AND state = ?)", a.From, quiz.Submitted).Scan(ctx, &waiting)
	if err == nil && waiting {
		return ErrGrading
	}
	return postgres.Wrap(err, "attempts in grading")
}

// absorbLessons copies finished lessons, by their place in the course where the
// two began with different versions; the lesser support and the earlier day win.
func (a *absorbed) absorbLessons(ctx context.Context, tx bun.Tx) error {
	var rows []struct {
		LessonID         uuid.UUID
		BeforeFinishedAt *time.Time
		BeforeSupport    *identity.Support
		BeforeHelperID   *uuid.UUID
		BeforeAloneAt    *time.Time
		FinishedAt       time.Time
		Support          identity.Support
		HelperID         *uuid.UUID
		AloneAt          *time.Time
	}
	err := tx.NewRaw(`
		WITH former AS (
			SELECT * FROM lesson_progress WHERE enrolment_id = ?1
		), written AS (
			INSERT INTO lesson_progress AS k (enrolment_id, lesson_id, finished_at, support, helper_id, alone_at)
			SELECT e.id, target.id, lp.finished_at, lp.support, lp.helper_id, lp.alone_at
			FROM lesson_progress lp JOIN lessons source ON source.id = lp.lesson_id
			JOIN enrolments e ON e.id = ?1
			JOIN lessons target ON target.version_id = e.version_id AND target.slug = source.slug
			WHERE lp.enrolment_id = ?0
			ON CONFLICT (enrolment_id, lesson_id) DO UPDATE SET
				finished_at = least(k.finished_at, excluded.finished_at),
				alone_at = least(k.alone_at, excluded.alone_at),
				support = CASE WHEN array_position(ARRAY['self', 'helped', 'done-for'], excluded.support)
					< array_position(ARRAY['self', 'helped', 'done-for'], k.support) THEN excluded.support ELSE k.support END,
				helper_id = CASE WHEN array_position(ARRAY['self', 'helped', 'done-for'], excluded.support)
					< array_position(ARRAY['self', 'helped', 'done-for'], k.support) THEN excluded.helper_id ELSE k.helper_id END
			RETURNING k.*
		)
		SELECT w.lesson_id, f.finished_at AS before_finished_at, f.support AS before_support, f.helper_id AS before_helper_id, f.alone_at AS before_alone_at,
			w.finished_at, w.support, w.helper_id, w.alone_at
		FROM written w LEFT JOIN former f ON f.lesson_id = w.lesson_id`, a.From, a.Into).Scan(ctx, &rows)
	if err != nil {
		return postgres.Wrap(err, "absorb lessons")
	}
	for _, row := range rows {
		l := lesson{LessonID: row.LessonID, After: finished{row.FinishedAt, row.Support, row.HelperID, row.AloneAt}}
		if row.BeforeFinishedAt != nil {
			l.Before = &finished{*row.BeforeFinishedAt, *row.BeforeSupport, row.BeforeHelperID, row.BeforeAloneAt}
		}
		a.Lessons = append(a.Lessons, l)
	}
	return nil
}
