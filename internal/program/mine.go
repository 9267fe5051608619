package program

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// Duty is a programme that somebody is in, with each of its courses.
type Duty struct {
	*Assignment
	Terms *Terms
	Steps []Step
}

// Step is one course of a duty.
type Step struct {
	CourseID  uuid.UUID
	LearnedOn *time.Time // in this cycle
	Began     bool
	Minutes   int
}

// Record is what somebody has to learn and has learned.
type Record struct {
	Duties  []*Duty // what is late first, then by deadline
	Minutes int     // learned this calendar year, each course once
}

// Mine reads where a person stands.
func (s *Service) Mine(ctx context.Context, person uuid.UUID) (*Record, error) {
	store, now := NewStore(s.db), s.now()
	today := clock.Day(now)
	facts, _, err := store.facts(ctx, []uuid.UUID{person}, now)
	if err != nil {
		return nil, err
	}
	terms, err := store.terms(ctx)
	if err != nil {
		return nil, err
	}
	assignments, err := store.assignments(ctx, []uuid.UUID{person})
	if err != nil {
		return nil, err
	}
	record, f := &Record{}, facts[person]
	for _, t := range terms {
		if a := assignments[person][t.ID]; a != nil && a.State != Released {
			record.Duties = append(record.Duties, t.duty(a, f))
		}
	}
	slices.SortStableFunc(record.Duties, func(a, b *Duty) int { return cmp.Compare(a.rank(), b.rank()) })
	if f != nil {
		minutes, err := store.minutes(ctx)
		if err != nil {
			return nil, err
		}
		year := &Terms{Definition: &Definition{Rhythm: Yearly, Tiet: 1}, Minutes: minutes}
		s := Standing{Cycle: today.Year()}
		year.fill(&s, f, date(today.Year(), 1, 1))
		record.Minutes = s.Minutes
	}
	return record, nil
}

// rank sorts duties: late ones, then open ones by deadline, then the rest.
func (d *Duty) rank() int64 {
	switch {
	case d.State.Open() && d.DueOn != nil:
		return d.DueOn.Unix()
	case d.State.Open():
		return 1 << 40
	}
	return 1 << 41
}

// duty puts an assignment together with what was done of it.
func (t *Terms) duty(a *Assignment, f *Facts) *Duty {
	d := &Duty{Assignment: a, Terms: t}
	from, until := time.Time{}, time.Time{}
	if a.WindowFrom != nil {
		from = *a.WindowFrom
	}
	if t.Rhythm == Yearly {
		until = date(a.Cycle+1, 1, 1)
	}
	for _, course := range t.Courses {
		step := Step{CourseID: course, Minutes: t.Minutes[course]}
		if learned, ok := firstFrom(f.Learned[course], from, until); ok {
			step.LearnedOn = &learned
		}
		began, ok := f.Began[course]
		step.Began = ok && !began.Before(from)
		d.Steps = append(d.Steps, step)
	}
	return d
}

// Case is one person in one programme, with all that was decided and happened.
type Case struct {
	*Duty
	FullName   string
	UnitName   string
	Extension  *Extension
	Exemption  *Exemption
	Transition []Transition // the latest first, at most 50
}

// Transition is one change of where somebody stands.
type Transition struct {
	At            time.Time
	Event         Event // "" in what was noted before events were
	Before, After State
	Cycle         int
}

// Case reads one assignment of a unit in the scope.
func (s *Service) Case(ctx context.Context, scope org.Scope, id uuid.UUID) (*Case, error) {
	row := new(Row)
	query := s.db.NewSelect().TableExpr("program_assignments AS pa").ColumnExpr("pa.*").ColumnExpr("pe.full_name, u.name AS unit_name").
		Join("JOIN programs AS pg ON pg.id = pa.program_id AND pg.state = 'published'").
		Join("JOIN people AS pe ON pe.id = pa.person_id").Join("JOIN units AS u ON u.id = pa.unit_id").
		Where("pa.id = ?", id).Where("pa.state <> 'released'")
	if err := scope.Holds(query, "pa.unit_id").Scan(ctx, row); err != nil {
		return nil, postgres.Wrap(err, "one person in a programme")
	}
	row.tidy()
	store := NewStore(s.db)
	facts, _, err := store.facts(ctx, []uuid.UUID{row.PersonID}, s.now())
	if err != nil {
		return nil, err
	}
	terms, err := store.terms(ctx)
	if err != nil {
		return nil, err
	}
	c := &Case{FullName: row.FullName, UnitName: row.UnitName}
	for _, t := range terms {
		if t.ID == row.ProgramID {
			c.Duty = t.duty(&row.Assignment, facts[row.PersonID])
		}
	}
	if err := store.decided(ctx, c); err != nil {
		return nil, err
	}
	err = s.db.NewRaw("SELECT at, event, before, after, cycle FROM program_transitions WHERE assignment_id = ? ORDER BY id DESC LIMIT 50", id).Scan(ctx, &c.Transition)
	return c, postgres.Wrap(err, "what happened to an assignment")
}

// decided reads what holds now for one person.
func (s *Store) decided(ctx context.Context, c *Case) error {
	var extensions []*Extension
	err := s.db.NewSelect().Model(&extensions).Where("program_id = ?", c.ProgramID).Where("person_id = ?", c.PersonID).
		Where("cycle = ?", c.Cycle).Where("ended_at IS NULL").Scan(ctx)
	if err != nil {
		return postgres.Wrap(err, "what was decided")
	}
	if len(extensions) > 0 {
		c.Extension = extensions[0]
	}
	var exemptions []*Exemption
	err = s.db.NewSelect().Model(&exemptions).Where("program_id = ?", c.ProgramID).Where("person_id = ?", c.PersonID).Where("ended_at IS NULL").Scan(ctx)
	if len(exemptions) > 0 {
		c.Exemption = exemptions[0]
	}
	return postgres.Wrap(err, "what was decided")
}

// Titles names courses and programmes for pages: id → title.
func (s *Service) Titles(ctx context.Context) (map[uuid.UUID]string, error) {
	var rows []struct {
		ID    uuid.UUID
		Title string
	}
	err := s.db.NewRaw(`
		SELECT c.id, cv.title FROM courses c JOIN course_versions cv ON cv.id = c.version_id
		UNION ALL SELECT id, definition->>'title' FROM programs WHERE state = 'published'`).Scan(ctx, &rows)
	titles := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		titles[row.ID] = row.Title
	}
	return titles, postgres.Wrap(err, "titles")
}

// Deadlines are a person's open deadlines, for a calendar.
func (s *Service) Deadlines(ctx context.Context, person uuid.UUID) ([]*Row, error) {
	var rows []*Row
	err := s.db.NewSelect().TableExpr("program_assignments AS pa").ColumnExpr("pa.*").ColumnExpr("pg.definition->>'title' AS title").
		Join("JOIN programs AS pg ON pg.id = pa.program_id AND pg.state = 'published'").Where("pa.person_id = ?", person).
		Where("pa.due_on IS NOT NULL").Where("pa.state NOT IN ('released', 'completed', 'exempt')").OrderExpr("pa.due_on").Scan(ctx, &rows)
	for _, row := range rows {
		row.tidy()
	}
	return rows, postgres.Wrap(err, "deadlines")
}
