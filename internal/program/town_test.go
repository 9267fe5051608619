package program_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/program"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// town is a world with programmes and a clock that tests turn.
type town struct {
	*worldtest.World
	service  *program.Service
	now      time.Time
	province org.Scope
	people   []*identity.Person
	courses  []uuid.UUID
}

func newTown(t *testing.T, people int) *town {
	t.Helper()
	w := &town{World: worldtest.New(t), now: clock.System()}
	w.service = program.NewService(w.DB, w.Bell, func() time.Time { return w.now })
	w.province = org.Scope{Units: []uuid.UUID{w.Province.ID}}
	for i := range people {
		w.people = append(w.people, w.Learner(t, w.Hamlets[i%len(w.Hamlets)]))
	}
	w.courses = []uuid.UUID{w.Course.CourseID}
	for i := range 2 { // courses without lessons: a completion is all that is asked of them
		course, version := worldtest.ID(), worldtest.ID()
		w.exec(t, `WITH c AS (INSERT INTO courses (id, slug, track, skill, position, version_id) VALUES (?0, ?2, 'officials', 'safety', ?3, ?1))
			INSERT INTO course_versions (id, course_id, number, checksum, title, summary, minutes, cover, cover_alt, imported_at)
			VALUES (?1, ?0, 1, ?2, ?2, '', 45, '', '', now())`, course, version, fmt.Sprint("khoa-", i), i+2)
		w.courses = append(w.courses, course)
	}
	return w
}

func (w *town) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	_, err := w.DB.NewRaw(query, args...).Exec(ctx)
	must(t, err)
}

// complete notes that somebody completed a course, alone, now.
func (w *town) complete(t *testing.T, person, course uuid.UUID) {
	t.Helper()
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) SELECT ?0, ?1, c.id, c.version_id, ?2 FROM courses c WHERE c.id = ?3
		ON CONFLICT DO NOTHING`, worldtest.ID(), person, w.now, course)
	w.exec(t, "UPDATE enrolments SET started_at = coalesce(started_at, ?0), completed_at = coalesce(completed_at, ?0), independent_at = coalesce(independent_at, ?0) WHERE person_id = ?1 AND course_id = ?2",
		w.now, person, course)
}

// publish makes a programme hold, confirming whatever it warns of.
func (w *town) publish(t *testing.T, d *program.Definition) *program.Program {
	t.Helper()
	p, err := w.service.Create(ctx, w.province, audit.By{}, w.Province.ID, d)
	must(t, err)
	w.confirm(t, p)
	return p
}

func (w *town) confirm(t *testing.T, p *program.Program) {
	t.Helper()
	p, err := w.service.Find(ctx, w.province, p.ID)
	must(t, err)
	preview, err := w.service.Preview(ctx, p)
	must(t, err)
	_, err = w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, preview.People)
	must(t, err)
}

func (w *town) drain(t *testing.T) {
	t.Helper()
	for {
		n, err := w.service.EvaluateDue(ctx, 7) // less than there are: batches must not matter
		must(t, err)
		if n == 0 {
			return
		}
	}
}

func (w *town) definition(courses ...uuid.UUID) *program.Definition {
	d := program.New()
	d.Title, d.Decision.Number, d.Courses = "An toàn thông tin", "12/QĐ-UBND", courses
	due := clock.Day(w.now).AddDate(0, 0, 60)
	d.DueOn = &due
	return d
}

// assignment is the first person's, in whatever programme there is.
func (w *town) assignment(t *testing.T) (id uuid.UUID) {
	t.Helper()
	must(t, w.DB.NewRaw("SELECT id FROM program_assignments WHERE person_id = ?", w.people[0].ID).Scan(ctx, &id))
	return id
}
