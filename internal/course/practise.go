package course

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Practised lists the scenarios of their courses that each of the enrolments
// has finished: the goal was reached in a run of its person, with hints or without.
func (s *Store) Practised(ctx context.Context, enrolments ...uuid.UUID) (map[uuid.UUID]map[string]bool, error) {
	practised := make(map[uuid.UUID]map[string]bool, len(enrolments))
	if len(enrolments) == 0 {
		return practised, nil
	}
	var rows []struct {
		ID       uuid.UUID
		Scenario string
	}
	err := s.db.NewRaw(`
		SELECT e.id, cp.scenario FROM enrolments e JOIN course_practices cp ON cp.version_id = e.version_id
		WHERE e.id IN (?) AND `+practiceReached, bun.List(enrolments)).Scan(ctx, &rows)
	for _, row := range rows {
		if practised[row.ID] == nil {
			practised[row.ID] = map[string]bool{}
		}
		practised[row.ID][row.Scenario] = true
	}
	return practised, postgres.Wrap(err, "finished practices")
}

// practiceReached and practiceAlone are the conditions on a practice cp of an
// enrolment e: its goal was reached, and without a hint or a helper.
const (
	practiceReached = `EXISTS (SELECT FROM practice_runs r WHERE r.person_id = e.person_id AND r.scenario = cp.scenario AND r.outcome IN ('done', 'helped'))`
	practiceAlone   = `EXISTS (SELECT FROM practice_runs r WHERE r.person_id = e.person_id AND r.scenario = cp.scenario AND r.outcome = 'done' AND r.support = 'self')`
)

// Practising lists the enrolments of people in courses that hold any of the scenarios.
func (s *Store) Practising(ctx context.Context, people []uuid.UUID, scenarios []string) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.NewRaw(`
		SELECT DISTINCT e.id FROM enrolments e JOIN course_practices cp ON cp.version_id = e.version_id
		WHERE e.merged_into IS NULL AND e.person_id IN (?0) AND cp.scenario IN (?1) AND `+practiceReached,
		bun.List(people), bun.List(scenarios)).Scan(ctx, &ids)
	return ids, postgres.Wrap(err, "practising enrolments")
}
