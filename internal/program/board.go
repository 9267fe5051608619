package program

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// Board is how a unit stands, from figures alone: what it costs to read grows
// with units and programmes, not with people.
type Board struct {
	Unit     *org.Unit
	Programs []Line
	Units    []UnitLine // directly below that have anybody in a programme, by name
	Days     []Day      // the latest last
}

// Total adds up a board's programmes.
func (b *Board) Total(only *uuid.UUID) Counts {
	total := Counts{}
	for _, line := range b.Programs {
		if only == nil || *only == line.ProgramID {
			for state, people := range line.Counts {
				total[state] += people
			}
		}
	}
	return total
}

// trendDays is how far back a board looks.
const trendDays = 90

// Board reads how a unit in the scope stands, in one programme or in all.
func (s *Service) Board(ctx context.Context, scope org.Scope, code string, only *uuid.UUID) (*Board, error) {
	unit, err := org.NewStore(s.db).Current(ctx, scope, code)
	if err != nil {
		return nil, err
	}
	b := &Board{Unit: unit}
	if b.Programs, err = s.lines(ctx, unit.ID); err != nil {
		return nil, err
	}
	if b.Units, err = s.unitLines(ctx, unit.ID, only); err != nil {
		return nil, err
	}
	b.Days, err = s.days(ctx, unit.ID, only, b.Total(only))
	return b, err
}

func (s *Service) lines(ctx context.Context, unit uuid.UUID) ([]Line, error) {
	var rows []struct {
		ProgramID uuid.UUID
		Title     string
		DueOn     *time.Time
		State     State
		People    int
	}
	err := s.db.NewRaw(`
		SELECT f.program_id, p.definition->>'title' AS title, (p.definition->>'due_on')::timestamptz AS due_on, f.state, f.people
		FROM program_figures f JOIN programs p ON p.id = f.program_id
		WHERE f.unit_id = ? AND f.people > 0 AND p.state = 'published' ORDER BY p.published_at, p.id`, unit).Scan(ctx, &rows)
	var lines []Line
	for _, row := range rows {
		if n := len(lines); n == 0 || lines[n-1].ProgramID != row.ProgramID {
			lines = append(lines, Line{ProgramID: row.ProgramID, Title: row.Title, DueOn: row.DueOn, Counts: Counts{}})
		}
		lines[len(lines)-1].Counts[row.State] = row.People
	}
	return lines, postgres.Wrap(err, "programmes of a unit")
}

func (s *Service) unitLines(ctx context.Context, parent uuid.UUID, only *uuid.UUID) ([]UnitLine, error) {
	var rows []struct {
		UnitID     uuid.UUID
		Code, Name string
		State      State
		People     int
	}
	err := s.db.NewRaw(`
		SELECT u.id AS unit_id, u.code, u.name, f.state, sum(f.people)::int AS people
		FROM units u JOIN program_figures f ON f.unit_id = u.id JOIN programs p ON p.id = f.program_id AND p.state = 'published'
		WHERE u.parent_id = ?0 AND u.valid_to IS NULL AND f.people > 0 AND (?1::uuid IS NULL OR f.program_id = ?1)
		GROUP BY u.id, f.state ORDER BY u.name COLLATE "vi-x-icu", u.id`, parent, only).Scan(ctx, &rows)
	var lines []UnitLine
	for _, row := range rows {
		if n := len(lines); n == 0 || lines[n-1].UnitID != row.UnitID {
			lines = append(lines, UnitLine{UnitID: row.UnitID, Code: row.Code, Name: row.Name, Counts: Counts{}})
		}
		lines[len(lines)-1].Counts[row.State] = row.People
	}
	if err != nil || len(lines) == 0 {
		return nil, postgres.Wrap(err, "programmes of units below")
	}
	return lines, s.addAgo(ctx, lines, parent, only)
}

// addAgo adds how units below a parent stood some time ago, in programmes that
// still hold.
func (s *Service) addAgo(ctx context.Context, lines []UnitLine, parent uuid.UUID, only *uuid.UUID) error {
	var rows []struct {
		UnitID uuid.UUID
		Day    `bun:",extend"`
	}
	day := clock.Day(s.now()).AddDate(0, 0, -Ago)
	err := s.db.NewRaw(`
		SELECT d.unit_id, d.day, sum(d.required)::int AS required, sum(d.completed)::int AS completed, sum(d.behind)::int AS behind
		FROM units u JOIN program_days d ON d.unit_id = u.id JOIN programs p ON p.id = d.program_id AND p.state = 'published'
		WHERE u.parent_id = ?0 AND d.day = ?1::date AND (?2::uuid IS NULL OR d.program_id = ?2)
		GROUP BY d.unit_id, d.day HAVING sum(d.required) > 0`, parent, day.Format(time.DateOnly), only).Scan(ctx, &rows)
	for _, row := range rows {
		if i := slices.IndexFunc(lines, func(l UnitLine) bool { return l.UnitID == row.UnitID }); i >= 0 {
			lines[i].Ago = &row.Day
		}
	}
	return postgres.Wrap(err, "how units stood")
}

// days reads the days that are over, and adds today as it stands.
func (s *Service) days(ctx context.Context, unit uuid.UUID, only *uuid.UUID, now Counts) ([]Day, error) {
	today := clock.Day(s.now())
	var days []Day
	err := s.db.NewRaw(`
		SELECT day, sum(required)::int AS required, sum(completed)::int AS completed, sum(behind)::int AS behind FROM program_days
		WHERE unit_id = ?0 AND day > ?1::date AND (?2::uuid IS NULL OR program_id = ?2) GROUP BY day ORDER BY day`,
		unit, today.AddDate(0, 0, -trendDays).Format(time.DateOnly), only).Scan(ctx, &days)
	return append(days, Day{Day: today, Required: now.Required(), Completed: now.Holding(), Behind: now.Behind()}), postgres.Wrap(err, "programmes by day")
}

// Row is a person in a programme, as a list shows them.
type Row struct {
	Assignment `bun:",extend"`
	FullName   string
	UnitName   string
	Position   string // "" when they hold none there
	Title      string // of the programme
}

// Query is which rows of a unit's subtree are asked for.
type Query struct {
	Unit    uuid.UUID
	Program *uuid.UUID
	States  []State // empty for all that count
	From    int64   // rows to pass over
	Limit   int64
}

// Rows lists who stands where in the subtree of a unit, within the scope: who
// has been late longest first.
func (s *Service) Rows(ctx context.Context, scope org.Scope, q Query) ([]*Row, error) {
	var rows []*Row
	query := s.db.NewSelect().TableExpr("program_assignments AS pa").ColumnExpr("pa.*").
		ColumnExpr("pe.full_name, u.name AS unit_name, pg.definition->>'title' AS title").
		ColumnExpr("coalesce((SELECT ap.position FROM appointments ap WHERE ap.person_id = pa.person_id AND ap.unit_id = pa.unit_id AND ap.ends_on IS NULL), '') AS position").
		Join("JOIN programs AS pg ON pg.id = pa.program_id AND pg.state = 'published'").
		Join("JOIN people AS pe ON pe.id = pa.person_id").Join("JOIN units AS u ON u.id = pa.unit_id").
		Where("EXISTS (SELECT FROM unit_reach ur WHERE ur.unit_id = pa.unit_id AND ur.ancestor_id = ?)", q.Unit).
		OrderExpr("pa.due_on NULLS LAST, pe.search, pa.id").Offset(q.From).Limit(q.Limit)
	if q.Program != nil {
		query = query.Where("pa.program_id = ?", *q.Program)
	}
	if len(q.States) == 0 {
		query = query.Where("pa.state <> 'released'")
	} else {
		query = query.Where("pa.state IN (?)", bun.List(q.States))
	}
	err := scope.Holds(query, "pa.unit_id").Scan(ctx, &rows)
	for _, row := range rows {
		row.tidy()
	}
	return rows, postgres.Wrap(err, "people in programmes")
}
