package program_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

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
	w.province = w.Everything()
	for i := range people {
		w.people = append(w.people, w.Learner(t, w.Hamlets[i%len(w.Hamlets)]))
	}
	w.courses = []uuid.UUID{w.Course.CourseID}
	for i := range 2 {
		w.courses = append(w.courses, w.EmptyCourse(t, fmt.Sprint("khoa-", i)))
	}
	return w
}

// complete notes that somebody completed a course, alone, now.
func (w *town) complete(t *testing.T, person, course uuid.UUID) {
	t.Helper()
	w.Complete(t, person, course, w.now)
}

// publish makes a programme hold, confirming whatever it warns of.
func (w *town) publish(t *testing.T, d *program.Definition) *program.Program {
	t.Helper()
	return w.Require(t, w.service, d)
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
