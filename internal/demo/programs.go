package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/certificate"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
	"hocso/internal/program"
)

// required is a programme of required learning.
type required struct {
	Title    string          `yaml:"title"`
	Summary  string          `yaml:"summary"`
	Decision string          `yaml:"decision"`
	Courses  []string        `yaml:"courses"` // slugs
	Roles    []identity.Role `yaml:"roles"`
	Rhythm   program.Rhythm  `yaml:"rhythm"`
	Begun    int             `yaml:"begun"` // days from today
	Due      int             `yaml:"due"`
}

// every is how many days lie between two looks of the made-up worker: often
// enough for a trend, seldom enough to be quick.
const every = 3

// requireLearning publishes programmes in the past and lets the days go by, so
// that what is shown came about as it does in use.
func (l *Loader) requireLearning(ctx context.Context, p *places) error {
	today := clock.Day(l.Now())
	at := func(day int) time.Time { // noon in Zone; of today, if that is still to come, now
		noon := today.AddDate(0, 0, day).Add(5 * time.Hour)
		if now := l.Now(); now.Before(noon) {
			return now
		}
		return noon
	}
	now := at(0)
	clocked := func() time.Time { return now }
	service, records := program.NewService(l.DB, l.Bell, clocked), certificate.NewService(l.DB, l.Bell, clocked)
	province, err := org.NewStore(l.DB).ByCode(ctx, p.Province.Code)
	if err != nil {
		return err
	}
	courses, err := l.courses(ctx)
	if err != nil {
		return err
	}
	for day := -days; day <= 0; day++ {
		now = at(day)
		published := false
		for _, r := range p.Required {
			if r.Begun == day {
				published = true
				if err := l.publish(ctx, service, province, r, courses, now); err != nil {
					return err
				}
			}
		}
		if !published && day%every != 0 {
			continue
		}
		if _, err := l.DB.NewRaw("INSERT INTO program_touched (person_id) SELECT person_id FROM program_assignments").Exec(ctx); err != nil {
			return postgres.Wrap(err, "let days go by")
		}
		for {
			n, err := service.EvaluateDue(ctx, chunk)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
		if err := l.issue(ctx, records, at(day-every), now); err != nil {
			return err
		}
	}
	now = l.Now()
	return l.issue(ctx, records, at(-days), now)
}

// issue has records of completion come about for what was completed in a span,
// on its last day.
func (l *Loader) issue(ctx context.Context, records *certificate.Service, from, to time.Time) error {
	_, err := l.DB.NewRaw("INSERT INTO certificate_touched (person_id) SELECT person_id FROM enrolments WHERE independent_at > ? AND independent_at <= ?", from, to).Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "issue records")
	}
	for {
		if n, err := records.IssueDue(ctx, chunk); err != nil || n == 0 {
			return err
		}
	}
}

func (l *Loader) publish(ctx context.Context, service *program.Service, province *org.Unit, r required, courses map[string]uuid.UUID, now time.Time) error {
	d, scope := program.New(), org.Scope{Units: []uuid.UUID{province.ID}}
	due, decided := clock.Day(now).AddDate(0, 0, r.Due-r.Begun), clock.Day(now).AddDate(0, 0, -5)
	d.Title, d.Summary, d.Decision = r.Title, r.Summary, program.Decision{Number: r.Decision, Date: &decided}
	d.DueOn, d.Audience.Roles = &due, r.Roles
	if r.Rhythm != "" {
		d.Rhythm = r.Rhythm
	}
	for _, slug := range r.Courses {
		id, ok := courses[slug]
		if !ok {
			return fmt.Errorf("demo/programs.yaml: no course %q", slug)
		}
		d.Courses = append(d.Courses, id)
	}
	made, err := service.Create(ctx, scope, audit.By{}, province.ID, d)
	if err != nil {
		return err
	}
	_, err = service.Publish(ctx, scope, audit.By{}, made.ID, made.Revision, 0)
	return err
}

// courses finds courses by their slugs.
func (l *Loader) courses(ctx context.Context) (map[string]uuid.UUID, error) {
	all, err := course.NewStore(l.DB).Courses(ctx)
	bySlug := map[string]uuid.UUID{}
	for _, c := range all {
		bySlug[c.Slug] = c.ID
	}
	return bySlug, err
}

// study makes up what officials and team members have learned of the courses
// that they have to take; one in five has not begun.
func (h *history) study(people []*identity.Person, slugs ...string) {
	for _, person := range people {
		at := h.moment(0.25 + 0.7*h.random.Float64())
		for _, c := range h.shelf {
			if slices.Contains(slugs, c.version.Slug) && h.random.IntN(5) > 0 {
				at = h.takeCourse(person, c, at.Add(h.pause(3*24*time.Hour)))
			}
		}
	}
}
