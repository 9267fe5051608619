package worldtest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/program"
)

// Exec runs a statement, for what no service does.
func (w *World) Exec(t *testing.T, query string, args ...any) {
	t.Helper()
	_, err := w.DB.NewRaw(query, args...).Exec(context.Background())
	must(t, err)
}

// EmptyCourse adds a course for officials without lessons: a completion is all
// that can be asked of it.
func (w *World) EmptyCourse(t *testing.T, slug string) uuid.UUID {
	t.Helper()
	course, version := ID(), ID()
	w.Exec(t, `WITH c AS (
			INSERT INTO courses (id, slug, track, skill, position, version_id) SELECT ?0, ?2, 'officials', 'safety', max(position) + 1, ?1 FROM courses
		) INSERT INTO course_versions (id, course_id, number, checksum, title, summary, minutes, cover, cover_alt, imported_at)
		VALUES (?1, ?0, 1, ?2, ?2, '', 45, '', '', now())`, course, version, slug)
	return course
}

// Complete notes that somebody completed a course alone.
func (w *World) Complete(t *testing.T, person, course uuid.UUID, at time.Time) {
	t.Helper()
	w.Exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) SELECT ?0, ?1, c.id, c.version_id, ?2 FROM courses c WHERE c.id = ?3
		ON CONFLICT DO NOTHING`, ID(), person, at, course)
	w.Exec(t, `UPDATE enrolments SET started_at = coalesce(started_at, ?0), completed_at = coalesce(completed_at, ?0), independent_at = coalesce(independent_at, ?0)
		WHERE person_id = ?1 AND course_id = ?2`, at, person, course)
}

// Everything is what the province may see.
func (w *World) Everything() org.Scope { return org.Scope{Units: []uuid.UUID{w.Province.ID}} }

// Require makes a programme of the province hold.
func (w *World) Require(t *testing.T, programs *program.Service, d *program.Definition) *program.Program {
	t.Helper()
	p, err := programs.Create(context.Background(), w.Everything(), audit.By{}, w.Province.ID, d)
	must(t, err)
	w.Confirm(t, programs, p.ID)
	return p
}

// Confirm publishes what is drafted of a programme, whatever it warns of.
func (w *World) Confirm(t *testing.T, programs *program.Service, id uuid.UUID) {
	t.Helper()
	p, err := programs.Find(context.Background(), w.Everything(), id)
	must(t, err)
	preview, err := programs.Preview(context.Background(), p)
	must(t, err)
	_, err = programs.Publish(context.Background(), w.Everything(), audit.By{}, p.ID, p.Revision, preview.People)
	must(t, err)
}
