package learner

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// moved is what a merge moved, written down for taking it back.
type moved struct {
	Enrolments   []uuid.UUID `json:"enrolments,omitempty"` // that kept did not have
	Guest        bool        `json:"guest,omitempty"`      // they counted nowhere before
	Absorbed     []absorbed  `json:"absorbed,omitempty"`   // that kept had, too
	Logins       []string    `json:"logins,omitempty"`
	Account      bool        `json:"account,omitempty"` // kept had nothing to prove themselves with
	Cards        []uuid.UUID `json:"cards,omitempty"`
	Consents     []uuid.UUID `json:"consents,omitempty"`
	Grants       []uuid.UUID `json:"grants,omitempty"`
	Appointments []uuid.UUID `json:"appointments,omitempty"`
	Identities   []string    `json:"identities,omitempty"` // issuer and subject, a line break between
}

// absorbed is an enrolment whose course kept was enrolled in, too.
type absorbed struct {
	From     uuid.UUID   `json:"from"`
	Into     uuid.UUID   `json:"into"`
	Attempts []uuid.UUID `json:"attempts,omitempty"`
	Lessons  []lesson    `json:"lessons,omitempty"` // of kept's enrolment, as they were before
}

// lesson is a finished lesson of kept's enrolment before a merge changed it,
// and as the merge left it.
type lesson struct {
	LessonID uuid.UUID `json:"lesson"`
	Before   *finished `json:"before,omitempty"` // nil when kept had not finished it
	After    finished  `json:"after"`
}

type finished struct {
	FinishedAt time.Time        `json:"finished_at"`
	Support    identity.Support `json:"support"`
	HelperID   *uuid.UUID       `json:"helper,omitempty"`
	AloneAt    *time.Time       `json:"alone_at,omitempty"`
}

// moveLearning moves enrolments with their lessons and attempts and gives the
// enrolments that have to be settled.
func (m *Merge) moveLearning(ctx context.Context, tx bun.Tx, kept, merged *identity.Person) (touched []uuid.UUID, err error) {
	m.Moved.Guest = merged.RegisteredAt == nil
	err = tx.NewRaw(`
		UPDATE enrolments SET person_id = ?0, unit_id = coalesce(unit_id, ?2) WHERE person_id = ?1 AND merged_into IS NULL
		AND course_id NOT IN (SELECT course_id FROM enrolments WHERE person_id = ?0) RETURNING id`,
		m.KeptID, m.MergedID, kept.HomeUnitID).Scan(ctx, &m.Moved.Enrolments)
	if err != nil {
		return nil, postgres.Wrap(err, "move enrolments")
	}
	if len(m.Moved.Enrolments) > 0 {
		if _, err := tx.NewRaw("UPDATE attempts SET person_id = ? WHERE enrolment_id IN (?)", m.KeptID, bun.List(m.Moved.Enrolments)).Exec(ctx); err != nil {
			return nil, postgres.Wrap(err, "move attempts")
		}
	}
	var pairs []absorbed
	err = tx.NewRaw(`SELECT f.id AS "from", i.id AS "into" FROM enrolments f JOIN enrolments i ON i.course_id = f.course_id
		WHERE f.person_id = ? AND i.person_id = ? AND f.merged_into IS NULL AND i.merged_into IS NULL ORDER BY f.id FOR UPDATE OF f, i`, m.MergedID, m.KeptID).Scan(ctx, &pairs)
	if err != nil {
		return nil, postgres.Wrap(err, "pair enrolments")
	}
	touched = append(touched, m.Moved.Enrolments...)
	for i := range pairs { // a course each: a handful
		if err := pairs[i].absorb(ctx, tx, m.KeptID); err != nil {
			return nil, err
		}
		touched = append(touched, pairs[i].From, pairs[i].Into)
	}
	m.Moved.Absorbed = pairs
	return touched, nil
}

// absorb lets one enrolment take over another's lessons and attempts.
func (a *absorbed) absorb(ctx context.Context, tx bun.Tx, kept uuid.UUID) error {
	var waiting bool
	if err := tx.NewRaw("SELECT EXISTS (SELECT FROM attempts WHERE enrolment_id = ? AND state = 'submitted')", a.From).Scan(ctx, &waiting); err != nil {
		return postgres.Wrap(err, "attempts in grading")
	}
	if waiting {
		return fault.New(fault.Unavailable, "merge: an attempt is being graded, in a moment it can be moved")
	}
	// An unfinished attempt stays behind where the other has one: there is one at a time.
	err := tx.NewRaw(`
		UPDATE attempts SET enrolment_id = ?1, person_id = ?2 WHERE enrolment_id = ?0 AND (state = 'graded'
			OR NOT EXISTS (SELECT FROM attempts o WHERE o.enrolment_id = ?1 AND o.state <> 'graded')) RETURNING id`,
		a.From, a.Into, kept).Scan(ctx, &a.Attempts)
	if err != nil {
		return postgres.Wrap(err, "move attempts")
	}
	if err := a.absorbLessons(ctx, tx); err != nil {
		return err
	}
	_, err = tx.NewRaw("UPDATE enrolments SET merged_into = ? WHERE id = ?", a.Into, a.From).Exec(ctx)
	return postgres.Wrap(err, "mark absorbed enrolment")
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
