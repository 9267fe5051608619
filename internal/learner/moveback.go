package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/postgres"
)

// moveBack puts back what a merge moved, leaves kept what they did since, and
// gives the enrolments that have to be settled.
func (m *Merge) moveBack(ctx context.Context, tx bun.Tx, kept *identity.Person) (touched []uuid.UUID, err error) {
	if err := m.movePracticeBack(ctx, tx); err != nil {
		return nil, err
	}
	if _, err := course.NewStore(tx).LockOf(ctx, m.KeptID, m.MergedID); err != nil {
		return nil, err
	}
	all := m.Moved.Brought
	if len(m.Moved.Enrolments) > 0 { // by an earlier version, which did not write down what was there
		earlier, err := asTheyAre(ctx, tx, m.Moved.Enrolments, &m.MadeAt)
		if err != nil {
			return nil, err
		}
		all = append(all, earlier...)
	}
	for _, b := range all { // a course each: a handful
		own, err := b.giveBack(ctx, tx, m, kept)
		if err != nil {
			return nil, err
		}
		touched = append(append(touched, b.Enrolment), own...)
	}
	for _, a := range m.Moved.Absorbed {
		if err := a.release(ctx, tx, m); err != nil {
			return nil, err
		}
		touched = append(touched, a.From, a.Into)
	}
	practising, err := m.practising(ctx, tx)
	if err != nil {
		return nil, err
	}
	return append(touched, practising...), m.moveRestBack(ctx, tx)
}

// giveBack makes an enrolment the merged record's again, as it was. What kept
// did in it goes into an enrolment of their own, which it gives if there is one.
func (b brought) giveBack(ctx context.Context, tx bun.Tx, m *Merge, kept *identity.Person) (own []uuid.UUID, err error) {
	_, err = tx.NewRaw("UPDATE enrolments SET person_id = ?0, unit_id = CASE WHEN ?2 THEN NULL ELSE unit_id END WHERE id = ?1",
		m.MergedID, b.Enrolment, m.Moved.Guest).Exec(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "give enrolment back")
	}
	lessons, err := b.lessonsSince(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	attempts, err := b.attemptsSince(ctx, tx)
	if err != nil {
		return nil, err
	}
	if len(lessons)+len(attempts) > 0 {
		id, err := b.split(ctx, tx, kept, lessons, attempts)
		if err != nil {
			return nil, err
		}
		own = append(own, id)
	}
	_, err = tx.NewRaw("UPDATE attempts SET person_id = ? WHERE enrolment_id = ?", m.MergedID, b.Enrolment).Exec(ctx)
	return own, postgres.Wrap(err, "give attempts back")
}

// lessonsSince makes the enrolment's lessons what they were at the merge, and
// gives those that kept has of their own.
func (b brought) lessonsSince(ctx context.Context, tx bun.Tx, m *Merge) ([]*progress, error) {
	then := make(map[uuid.UUID]lesson, len(b.Lessons))
	for _, l := range b.Lessons {
		then[l.LessonID] = l
	}
	var now []*progress
	if err := tx.NewSelect().Model(&now).Where("enrolment_id = ?", b.Enrolment).Scan(ctx); err != nil {
		return nil, postgres.Wrap(err, "lessons since a merge")
	}
	var since, former []*progress
	var changed []uuid.UUID
	for _, p := range now {
		l, was := then[p.LessonID]
		own := &p.finished
		if was {
			own = l.own(p.finished, m.MadeAt)
		}
		if own == nil {
			continue
		}
		since = append(since, &progress{LessonID: p.LessonID, finished: *own})
		changed = append(changed, p.LessonID)
		if was {
			former = append(former, &progress{EnrolmentID: b.Enrolment, LessonID: p.LessonID, finished: l.After})
		}
	}
	return since, replaceLessons(ctx, tx, b.Enrolment, changed, former)
}

// replaceLessons takes lessons out of an enrolment and puts others in.
func replaceLessons(ctx context.Context, tx bun.Tx, enrolment uuid.UUID, gone []uuid.UUID, put []*progress) error {
	if len(gone) > 0 {
		_, err := tx.NewRaw("DELETE FROM lesson_progress WHERE enrolment_id = ? AND lesson_id IN (?)", enrolment, bun.List(gone)).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "take lessons out")
		}
	}
	if len(put) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&put).Exec(ctx)
	return postgres.Wrap(err, "put lessons in")
}

// attemptsSince lists the attempts that kept began, or submitted though the
// merged record had begun them.
func (b brought) attemptsSince(ctx context.Context, tx bun.Tx) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := tx.NewRaw("SELECT id FROM attempts WHERE enrolment_id = ?0 AND (id NOT IN (?1) OR id = ?2 AND state <> 'open')",
		b.Enrolment, bun.List(append(b.Attempts, uuid.Nil)), b.Open).Scan(ctx, &ids)
	return ids, postgres.Wrap(err, "attempts since a merge")
}

// split gives kept an enrolment of their own with what they did in another.
func (b brought) split(ctx context.Context, tx bun.Tx, kept *identity.Person, lessons []*progress, attempts []uuid.UUID) (id uuid.UUID, err error) {
	id = uuid.Must(uuid.NewV7())
	_, err = tx.NewRaw(`
		INSERT INTO enrolments (id, person_id, course_id, version_id, unit_id, enrolled_at)
		SELECT ?0, ?1, course_id, version_id, ?2, enrolled_at FROM enrolments WHERE id = ?3`,
		id, kept.ID, kept.HomeUnitID, b.Enrolment).Exec(ctx)
	if err != nil {
		return id, postgres.Wrap(err, "enrol kept")
	}
	for _, l := range lessons {
		l.EnrolmentID = id
	}
	if err := replaceLessons(ctx, tx, id, nil, lessons); err != nil {
		return id, err
	}
	if len(attempts) > 0 {
		if _, err := tx.NewRaw("UPDATE attempts SET enrolment_id = ? WHERE id IN (?)", id, bun.List(attempts)).Exec(ctx); err != nil {
			return id, postgres.Wrap(err, "move attempts since a merge")
		}
	}
	_, err = tx.NewRaw(`UPDATE enrolments SET enrolled_at = least(
		(SELECT min(finished_at) FROM lesson_progress WHERE enrolment_id = ?0), (SELECT min(opened_at) FROM attempts WHERE enrolment_id = ?0)) WHERE id = ?0`, id).Exec(ctx)
	return id, postgres.Wrap(err, "date kept's enrolment")
}

// release takes an absorbed enrolment's records out of the one that took them over.
func (a absorbed) release(ctx context.Context, tx bun.Tx, m *Merge) error {
	if len(a.Attempts) > 0 {
		_, err := tx.NewRaw("UPDATE attempts SET enrolment_id = ?0, person_id = ?1 WHERE id IN (?2) AND (id IS DISTINCT FROM ?3 OR state = 'open')",
			a.From, m.MergedID, bun.List(a.Attempts), a.Open).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "move attempts back")
		}
	}
	if err := a.releaseLessons(ctx, tx, m); err != nil {
		return err
	}
	_, err := tx.NewRaw("UPDATE enrolments SET merged_into = NULL WHERE id = ?", a.From).Exec(ctx)
	return postgres.Wrap(err, "release enrolment")
}

// releaseLessons leaves of the lessons that the merge changed what is kept's own.
func (a absorbed) releaseLessons(ctx context.Context, tx bun.Tx, m *Merge) error {
	changed := make(map[uuid.UUID]lesson, len(a.Lessons))
	for _, l := range a.Lessons {
		changed[l.LessonID] = l
	}
	var now, own []*progress
	var gone []uuid.UUID
	if err := tx.NewSelect().Model(&now).Where("enrolment_id = ?", a.Into).Scan(ctx); err != nil {
		return postgres.Wrap(err, "lessons since a merge")
	}
	for _, p := range now {
		l, merged := changed[p.LessonID]
		if !merged {
			continue
		}
		gone = append(gone, p.LessonID)
		if left := l.own(p.finished, m.MadeAt); left != nil {
			own = append(own, &progress{EnrolmentID: a.Into, LessonID: p.LessonID, finished: *left})
		}
	}
	return replaceLessons(ctx, tx, a.Into, gone, own)
}
