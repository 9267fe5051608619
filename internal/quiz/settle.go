package quiz

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Settle makes enrolments say what their finished lessons, practices and graded attempts
// say, and the ledger of events what the enrolments say: after records have
// moved from one person to another. What should no longer count is taken back
// by events of weight -1, all under the id of the correction. Settling what is
// settled writes nothing. The caller has locked the enrolments.
func (s *Store) Settle(ctx context.Context, correction uuid.UUID, enrolments ...uuid.UUID) error {
	if len(enrolments) == 0 {
		return nil
	}
	if _, err := s.db.NewRaw(settleEnrolments, bun.List(enrolments)).Exec(ctx); err != nil {
		return postgres.Wrap(err, "settle enrolments")
	}
	_, err := s.db.NewRaw(settleLedger, bun.List(enrolments), correction).Exec(ctx)
	return postgres.Wrap(err, "settle the ledger")
}

// settleEnrolments works out the dates of an enrolment just as they come about
// when its learner works: see course.Store.Start, course.Store.CompleteFinished and carryOver.
const settleEnrolments = `
	WITH facts AS (
		SELECT e.id,
			(SELECT min(lp.finished_at) FROM lesson_progress lp WHERE lp.enrolment_id = e.id) AS first_lesson,
			(SELECT min(a.opened_at) FROM attempts a WHERE a.enrolment_id = e.id) AS first_attempt,
			(SELECT min(a.graded_at) FROM attempts a WHERE a.enrolment_id = e.id AND a.passed) AS passed,
			(SELECT min(a.graded_at) FROM attempts a WHERE a.enrolment_id = e.id AND a.passed AND a.support = 'self') AS passed_alone,
			(SELECT max(a.score) FROM attempts a WHERE a.enrolment_id = e.id) AS best,
			(SELECT min(r.graded_at) FROM practice_runs r JOIN course_practices cp ON cp.scenario = r.scenario AND cp.version_id = e.version_id
				WHERE r.person_id = e.person_id AND r.outcome IN ('done', 'helped') AND r.graded_at >= e.enrolled_at) AS first_practice,
			steps.finished, steps.alone
		FROM enrolments e CROSS JOIN LATERAL (
			SELECT CASE WHEN count(*) = count(finished_at) THEN max(finished_at) END AS finished,
			       CASE WHEN count(*) = count(alone_at) THEN max(alone_at) END AS alone
			FROM (
				SELECT lp.finished_at, lp.alone_at
				FROM lessons l LEFT JOIN lesson_progress lp ON lp.lesson_id = l.id AND lp.enrolment_id = e.id
				WHERE l.version_id = e.version_id
				UNION ALL
				SELECT min(r.graded_at), min(r.graded_at) FILTER (WHERE r.outcome = 'done' AND r.support = 'self')
				FROM course_practices cp LEFT JOIN practice_runs r
					ON r.scenario = cp.scenario AND r.person_id = e.person_id AND r.outcome IN ('done', 'helped')
				WHERE cp.version_id = e.version_id GROUP BY cp.scenario) step) steps
		WHERE e.id IN (?0)
	)
	UPDATE enrolments e SET
		started_at = least(f.first_lesson, f.first_practice, f.first_attempt), passed_at = f.passed, best_score = f.best,
		completed_at = CASE WHEN f.finished IS NOT NULL AND f.passed IS NOT NULL THEN greatest(f.finished, f.passed) END,
		independent_at = CASE WHEN f.alone IS NOT NULL AND f.passed_alone IS NOT NULL THEN greatest(f.alone, f.passed_alone) END
	FROM facts f WHERE e.id = f.id`

// settleLedger adds what is missing from the ledger and takes back what is too much.
const settleLedger = `
	WITH counting AS (
		SELECT * FROM enrolments WHERE id IN (?0) AND unit_id IS NOT NULL AND merged_into IS NULL
	), wanted AS (
		SELECT k.kind, e.person_id, e.unit_id, e.course_id, e.id AS enrolment_id, NULL::uuid AS attempt_id, NULL::int AS score, k.at
		FROM counting e CROSS JOIN LATERAL (VALUES ('enrolled', e.enrolled_at), ('started', e.started_at), ('passed', e.passed_at),
			('completed', e.completed_at), ('independent', e.independent_at)) k (kind, at)
		WHERE k.at IS NOT NULL
		UNION ALL
		SELECT 'graded', e.person_id, e.unit_id, e.course_id, e.id, a.id, a.score, a.graded_at
		FROM counting e JOIN attempts a ON a.enrolment_id = e.id AND a.state = 'graded'
	), written AS (
		SELECT kind, person_id, unit_id, course_id, enrolment_id, attempt_id, score, at FROM progress_events
		WHERE kind <> 'graded' AND enrolment_id IN (?0)
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(weight) <> 0
		UNION ALL
		SELECT kind, person_id, unit_id, course_id, enrolment_id, attempt_id, score, at FROM progress_events
		WHERE kind = 'graded' AND attempt_id IN (SELECT id FROM attempts WHERE enrolment_id IN (?0))
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(weight) <> 0
	)
	INSERT INTO progress_events (kind, person_id, unit_id, course_id, enrolment_id, attempt_id, score, at, weight, correction)
	SELECT missing.*, 1, ?1::uuid FROM (SELECT * FROM wanted EXCEPT SELECT * FROM written) missing
	UNION ALL
	SELECT extra.*, -1, ?1::uuid FROM (SELECT * FROM written EXCEPT SELECT * FROM wanted) extra`
