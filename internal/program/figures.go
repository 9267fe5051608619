package program

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// figure names how many people stand somewhere.
type figure struct {
	program, unit uuid.UUID
	state         State
}

// figureRow is a figure as it is written.
type figureRow struct {
	bun.BaseModel `bun:"table:program_figures,alias:pf"`

	ProgramID uuid.UUID `bun:",type:uuid"`
	UnitID    uuid.UUID `bun:",type:uuid"`
	State     State     `bun:",type:text"`
	People    int       `bun:",type:int"`
}

// addFigures adds changes of units to the figures of all units above them.
func (s *Store) addFigures(ctx context.Context, changes map[figure]int) error {
	var rows []*figureRow
	for key, people := range changes {
		if people != 0 {
			rows = append(rows, &figureRow{ProgramID: key.program, UnitID: key.unit, State: key.state, People: people})
		}
	}
	for some := range chunks(rows) {
		_, err := s.db.NewRaw(`
			WITH change (program_id, unit_id, state, people) AS (?)
			INSERT INTO program_figures AS f (program_id, unit_id, state, people)
			SELECT c.program_id, ur.ancestor_id, c.state, sum(c.people) FROM change c JOIN unit_reach ur ON ur.unit_id = c.unit_id
			GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
			ON CONFLICT (unit_id, program_id, state) DO UPDATE SET people = f.people + excluded.people`,
			s.db.NewValues(&some)).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "add to the figures of programmes")
		}
	}
	return nil
}

// closeDays keeps the figures as they are at the end of each day that has
// passed. A day on which no worker ran ends as the one before.
func (s *Store) closeDays(ctx context.Context, today time.Time) error {
	text := today.Format(time.DateOnly)
	var closed bool
	if err := s.db.NewRaw("SELECT EXISTS (SELECT FROM program_closed_days WHERE day >= ?::date - 1)", text).Scan(ctx, &closed); err != nil || closed {
		return postgres.Wrap(err, "close days")
	}
	_, err := s.db.NewRaw("INSERT INTO program_closed_days (day) VALUES (?::date - 1) ON CONFLICT (one) DO UPDATE SET day = excluded.day", text).Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "close days")
	}
	_, err = s.db.NewRaw(`
		INSERT INTO program_days (program_id, unit_id, day, required, completed, behind)
		SELECT f.program_id, f.unit_id, d.day::date,
		       coalesce(sum(people) FILTER (WHERE f.state <> 'exempt'), 0),
		       coalesce(sum(people) FILTER (WHERE f.state IN ('completed', 'expiring')), 0),
		       coalesce(sum(people) FILTER (WHERE f.state IN ('overdue', 'expired')), 0)
		FROM program_figures f JOIN programs p ON p.id = f.program_id AND p.state = 'published',
		     generate_series(greatest((p.published_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
		         coalesce((SELECT max(day) + 1 FROM program_days e WHERE e.program_id = f.program_id AND e.unit_id = f.unit_id), '-infinity'),
		         ?0::date - 366), ?0::date - 1, interval '1 day') d (day)
		GROUP BY 1, 2, 3
		ON CONFLICT DO NOTHING`, text).Exec(ctx)
	return postgres.Wrap(err, "close days")
}
