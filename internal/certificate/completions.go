package certificate

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
	"hocso/internal/program"
)

// readCompletions reads what people have completed: courses that they did
// alone, and cycles of programmes.
func (s *Store) readCompletions(ctx context.Context, people []uuid.UUID, now time.Time) (*completions, error) {
	known := &completions{earned: map[uuid.UUID][]*earned{}, in: map[uuid.UUID]map[uuid.UUID]standing{}}
	courses, err := s.coursesDone(ctx, people, now)
	if err != nil {
		return nil, err
	}
	units := map[uuid.UUID]bool{}
	for _, d := range courses {
		on := clock.Day(d.At)
		units[d.Home] = true
		known.earned[d.PersonID] = append(known.earned[d.PersonID], &earned{
			source: source{course: d.CourseID}, completedOn: on, gives: true, unit: d.Home,
			facts: Facts{Name: d.Name, Title: d.Title, Minutes: d.Minutes, Parts: []Part{{Title: d.Title, On: on}}},
		})
	}
	attained, err := program.NewStore(s.db).Attainments(ctx, people, now)
	if err != nil {
		return nil, err
	}
	if len(attained) > 0 {
		if err := s.addAttained(ctx, known, attained, people, units); err != nil {
			return nil, err
		}
	}
	all := make([]uuid.UUID, 0, len(units))
	for unit := range units {
		all = append(all, unit)
	}
	if len(all) > 0 {
		known.places, err = s.places(ctx, all)
	}
	return known, err
}

func (s *Store) addAttained(ctx context.Context, known *completions, attained []*program.Attainment, people []uuid.UUID, units map[uuid.UUID]bool) error {
	names, err := s.names(ctx, people)
	if err != nil {
		return err
	}
	titles, err := s.titles(ctx)
	if err != nil {
		return err
	}
	for _, a := range attained {
		if known.in[a.PersonID] == nil {
			known.in[a.PersonID] = map[uuid.UUID]standing{}
		}
		known.in[a.PersonID][a.ProgramID] = standing{revision: a.Revision, released: a.State == program.Released}
		units[a.UnitID] = true
		for i, cycle := range a.Cycles {
			known.earned[a.PersonID] = append(known.earned[a.PersonID], earnedBy(a, cycle, i == len(a.Cycles)-1, names[a.PersonID], titles))
		}
	}
	return nil
}

// earnedBy makes a cycle of a programme something that gives a record. The
// exempt get none; of a programme that is renewed only the last completion
// gives one.
func earnedBy(a *program.Attainment, cycle program.Cycle, last bool, name string, titles map[uuid.UUID]string) *earned {
	e := &earned{
		source: source{program: a.ProgramID, cycle: cycle.Cycle}, revision: a.Revision, completedOn: cycle.CompletedOn, validUntil: cycle.ValidUntil,
		renews: a.Rhythm == program.Renew, unit: a.UnitID,
		facts: Facts{Name: name, Title: a.Title, Minutes: cycle.Minutes, Decision: a.Decision.Number, Parts: []Part{}},
	}
	e.gives = a.Record && a.State != program.Exempt && (last || !e.renews)
	if a.Rhythm == program.Yearly {
		e.facts.Year = cycle.Cycle
	}
	if a.Decision.Date != nil {
		e.facts.Decision += " ngày " + a.Decision.Date.Format("02/01/2006")
	}
	for _, part := range cycle.Parts {
		e.facts.Parts = append(e.facts.Parts, Part{Title: titles[part.CourseID], On: part.On, Issuer: part.Issuer})
	}
	byDay(e.facts.Parts)
	return e
}

func (s *Store) names(ctx context.Context, people []uuid.UUID) (map[uuid.UUID]string, error) {
	var rows []struct {
		ID       uuid.UUID
		FullName string
	}
	err := s.db.NewRaw("SELECT id, full_name FROM people WHERE id IN (?)", bun.List(people)).Scan(ctx, &rows)
	names := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.FullName
	}
	return names, postgres.Wrap(err, "names")
}
