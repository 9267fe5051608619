package program

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Attainment is what somebody completed of one programme, cycle by cycle.
type Attainment struct {
	*Assignment
	*Definition        // what holds
	Revision    int    // of that definition
	Status      Status // of the programme
	Cycles      []Cycle
}

// Cycle is one that was completed.
type Cycle struct {
	Cycle       int
	CompletedOn time.Time
	ValidUntil  *time.Time
	Minutes     int
	Parts       []Part
}

// Part is a course that counted for a cycle.
type Part struct {
	CourseID uuid.UUID
	On       time.Time
	Issuer   string // of the certificate from elsewhere that stood for it; "" when it was learned here
}

// Attainments reads what people completed of every programme that they were
// ever in, also of those that are closed or that they were released from.
func (s *Store) Attainments(ctx context.Context, people []uuid.UUID, now time.Time) ([]*Attainment, error) {
	assignments, err := s.assignments(ctx, people)
	if err != nil || len(assignments) == 0 {
		return nil, err
	}
	programs, err := s.everPublished(ctx)
	if err != nil {
		return nil, err
	}
	minutes, err := s.minutes(ctx)
	if err != nil {
		return nil, err
	}
	facts, _, err := s.facts(ctx, people, now)
	if err != nil {
		return nil, err
	}
	elsewhere, err := s.elsewhere(ctx, people)
	if err != nil {
		return nil, err
	}
	all := make([]*Attainment, 0, len(assignments))
	for _, of := range assignments {
		for _, a := range of {
			p := programs[a.ProgramID]
			t := p.terms(p.Definition, minutes)
			attained := &Attainment{Assignment: a, Definition: p.Definition, Revision: p.PublishedRevision, Status: p.State, Cycles: t.completed(a, facts[a.PersonID])}
			for _, cycle := range attained.Cycles {
				for i, part := range cycle.Parts {
					cycle.Parts[i].Issuer = elsewhere[proof{a.PersonID, part.CourseID, part.On}]
				}
			}
			all = append(all, attained)
		}
	}
	return all, nil
}

// completed lists the cycles that were completed, with what counted for each.
func (t *Terms) completed(a *Assignment, f *Facts) (cycles []Cycle) {
	from := time.Time{}
	add := func(cycle int, completed, valid *time.Time) *Cycle {
		if completed == nil {
			return nil
		}
		c := Cycle{Cycle: cycle, CompletedOn: *completed, ValidUntil: valid}
		for _, course := range t.Courses {
			if on, ok := firstFrom(f.Learned[course], from, completed.AddDate(0, 0, 1)); ok {
				c.Parts = append(c.Parts, Part{CourseID: course, On: on})
				c.Minutes += t.Minutes[course]
			}
		}
		cycles = append(cycles, c)
		return &cycles[len(cycles)-1]
	}
	for _, past := range a.Past {
		if t.Rhythm == Yearly {
			from = date(past.Cycle, 1, 1)
		}
		add(past.Cycle, past.CompletedOn, past.ValidUntil)
		if past.CompletedOn != nil && t.Rhythm == Renew {
			from = t.opens(*past.CompletedOn, *past.ValidUntil)
		}
	}
	if a.WindowFrom != nil {
		from = *a.WindowFrom
	}
	if current := add(a.Cycle, a.CompletedOn, a.ValidUntil); current != nil && t.Tiet > 0 {
		current.Minutes = a.Minutes // of any course
	}
	return cycles
}

func (s *Store) everPublished(ctx context.Context) (map[uuid.UUID]*Program, error) {
	var rows []*Program
	err := s.db.NewSelect().Model(&rows).ColumnExpr("pg.*").ColumnExpr(publishedRevision).Where("pg.state <> ?", Drafted).Scan(ctx)
	programs := make(map[uuid.UUID]*Program, len(rows))
	for _, row := range rows {
		programs[row.ID] = row
	}
	return programs, postgres.Wrap(err, "programmes that were published")
}

// proof names an accepted certificate from elsewhere.
type proof struct {
	person, course uuid.UUID
	on             time.Time
}

func (s *Store) elsewhere(ctx context.Context, people []uuid.UUID) (map[proof]string, error) {
	var rows []struct {
		PersonID, CourseID uuid.UUID
		IssuedOn           time.Time
		Issuer             string
	}
	err := s.db.NewRaw("SELECT person_id, course_id, issued_on, issuer FROM external_certificates WHERE person_id IN (?) AND state = 'accepted' AND course_id IS NOT NULL",
		bun.List(people)).Scan(ctx, &rows)
	issuers := make(map[proof]string, len(rows))
	for _, row := range rows {
		issuers[proof{row.PersonID, row.CourseID, asDay(row.IssuedOn)}] = row.Issuer
	}
	return issuers, postgres.Wrap(err, "certificates from elsewhere")
}
