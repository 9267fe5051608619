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

// Reached says that a person has reached the goal of a scenario.
type Reached struct {
	PersonID uuid.UUID `bun:"type:uuid"`
	Scenario string    `bun:"type:text"`
}

// Practising lists the enrolments of people in courses that hold the scenario
// that they have reached.
//
// It begins from the pairs, so that it costs the same however many runs there
// are, and however old the planner's notion of them is.
func (s *Store) Practising(ctx context.Context, reached []Reached) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.NewSelect().With("reached", s.db.NewValues(&reached)).TableExpr("reached").
		Join("JOIN enrolments AS e ON e.person_id = reached.person_id AND e.merged_into IS NULL").
		Join("JOIN course_practices AS cp ON cp.version_id = e.version_id AND cp.scenario = reached.scenario").
		ColumnExpr("DISTINCT e.id").Scan(ctx, &ids)
	return ids, postgres.Wrap(err, "practising enrolments")
}
