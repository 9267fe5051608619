package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// moveBack puts back what a merge moved and gives the enrolments that have to
// be settled.
func (m *Merge) moveBack(ctx context.Context, tx bun.Tx) (touched []uuid.UUID, err error) {
	touched = append(touched, m.Moved.Enrolments...)
	if len(m.Moved.Enrolments) > 0 {
		for _, query := range []string{
			"UPDATE enrolments SET person_id = ?0, unit_id = CASE WHEN ?2 THEN NULL ELSE unit_id END WHERE id IN (?1)",
			"UPDATE attempts SET person_id = ?0 WHERE enrolment_id IN (?1)",
		} {
			if _, err := tx.NewRaw(query, m.MergedID, bun.List(m.Moved.Enrolments), m.Moved.Guest).Exec(ctx); err != nil {
				return nil, postgres.Wrap(err, "move enrolments back")
			}
		}
	}
	for _, a := range m.Moved.Absorbed {
		if err := a.release(ctx, tx, m.MergedID); err != nil {
			return nil, err
		}
		touched = append(touched, a.From, a.Into)
	}
	return touched, m.moveRestBack(ctx, tx)
}

// release takes an absorbed enrolment's records out of the one that took them over.
func (a absorbed) release(ctx context.Context, tx bun.Tx, merged uuid.UUID) error {
	if len(a.Attempts) > 0 {
		_, err := tx.NewRaw("UPDATE attempts SET enrolment_id = ?, person_id = ? WHERE id IN (?)", a.From, merged, bun.List(a.Attempts)).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "move attempts back")
		}
	}
	for _, l := range a.Lessons { // a course's lessons: some ten
		if err := l.release(ctx, tx, a.Into); err != nil {
			return err
		}
	}
	_, err := tx.NewRaw("UPDATE enrolments SET merged_into = NULL WHERE id = ?", a.From).Exec(ctx)
	return postgres.Wrap(err, "release enrolment")
}

// release makes a finished lesson what it was before the merge, unless the
// learner has worked on it since.
func (l lesson) release(ctx context.Context, tx bun.Tx, enrolment uuid.UUID) error {
	same := " WHERE enrolment_id = ?0 AND lesson_id = ?1 AND finished_at = ?2 AND support = ?3 AND alone_at IS NOT DISTINCT FROM ?4::timestamptz"
	args := []any{enrolment, l.LessonID, l.After.FinishedAt, l.After.Support, l.After.AloneAt}
	query := "DELETE FROM lesson_progress" + same
	if l.Before != nil {
		query = "UPDATE lesson_progress SET finished_at = ?5, support = ?6, helper_id = ?7, alone_at = ?8" + same
		args = append(args, l.Before.FinishedAt, l.Before.Support, l.Before.HelperID, l.Before.AloneAt)
	}
	_, err := tx.NewRaw(query, args...).Exec(ctx)
	return postgres.Wrap(err, "release lesson")
}

func (m *Merge) moveRestBack(ctx context.Context, tx bun.Tx) error {
	back := func(table, key string, ids int, list any) error {
		if ids == 0 {
			return nil
		}
		_, err := tx.NewRaw("UPDATE ?0 SET person_id = ?1 WHERE ?2 IN (?3) AND person_id = ?4",
			bun.Ident(table), m.MergedID, bun.Safe(key), list, m.KeptID).Exec(ctx)
		return postgres.Wrap(err, "move "+table+" back")
	}
	for _, err := range []error{
		back("logins", "login", len(m.Moved.Logins), bun.List(m.Moved.Logins)),
		back("sign_in_cards", "id", len(m.Moved.Cards), bun.List(m.Moved.Cards)),
		back("consents", "id", len(m.Moved.Consents), bun.List(m.Moved.Consents)),
		back("role_grants", "id", len(m.Moved.Grants), bun.List(m.Moved.Grants)),
		back("appointments", "id", len(m.Moved.Appointments), bun.List(m.Moved.Appointments)),
		back("external_identities", `issuer || E'\n' || subject`, len(m.Moved.Identities), bun.List(m.Moved.Identities)),
	} {
		if err != nil {
			return err
		}
	}
	if m.Moved.Account { // unless they chose another secret since
		if err := m.execAll(ctx, tx, `DELETE FROM accounts k USING accounts m WHERE k.person_id = ?0 AND m.person_id = ?1
			AND (k.password_hash, k.pin_hash, k.pictures_hash) IS NOT DISTINCT FROM (m.password_hash, m.pin_hash, m.pictures_hash)`); err != nil {
			return err
		}
	}
	return m.execAll(ctx, tx, "UPDATE people SET merged_into = NULL WHERE id = ?1")
}
