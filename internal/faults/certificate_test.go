package faults

import (
	"testing"
	"time"
)

// completions is how many people complete the course at once.
const completions = 1000

// TestAWorkerIsKilledWhileItIssues kills workers that issue a thousand records:
// one before it can commit its first batch, others at moments that nobody
// chose. Everybody gets one record, and is told once.
func TestAWorkerIsKilledWhileItIssues(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, err := w.world.DB.NewRaw(`
		WITH made AS (
			INSERT INTO people (id, full_name, search, home_unit_id, created_at, registered_at)
			SELECT gen_random_uuid(), 'Người ' || n, 'nguoi ' || n, ?0, now(), now() FROM generate_series(1, ?1) n RETURNING id
		) INSERT INTO enrolments (id, person_id, course_id, version_id, unit_id, enrolled_at, started_at, passed_at, completed_at, independent_at)
			SELECT gen_random_uuid(), id, ?2, ?3, ?0, now(), now(), now(), now(), now() FROM made`,
		w.world.Hamlets[0].ID, completions, w.world.Course.CourseID, w.world.Course.ID).Exec(t.Context())
	must(t, err)

	release := w.lock(t, "LOCK TABLE notices IN SHARE MODE") // told of in the same transaction
	doomed := w.work(t)
	until(t, 10*time.Second, "the worker is in the middle of a batch", func() bool { return w.held(t) > 0 })
	doomed.kill(t)
	if n := w.count(t, "certificates"); n != 0 {
		t.Errorf("%d records were committed without their notices", n)
	}
	release()
	for range 2 {
		before := w.count(t, "certificates")
		doomed = w.work(t)
		until(t, 10*time.Second, "the worker has issued something", func() bool { return w.count(t, "certificates") > before || before == completions })
		doomed.kill(t)
	}
	w.work(t)
	w.work(t)
	until(t, 20*time.Second, "everybody has a record", func() bool {
		return w.count(t, "certificates") >= completions && w.count(t, "certificate_touched") == 0
	})
	var people, codes, told int
	must(t, w.world.DB.NewRaw(`SELECT count(DISTINCT person_id), count(DISTINCT code), (SELECT count(*) FROM notices WHERE kind = 'certificate-issued')
		FROM certificates`).Scan(t.Context(), &people, &codes, &told))
	if n := w.count(t, "certificates"); n != completions || people != completions || codes != completions || told != completions {
		t.Errorf("%d records with %d codes of %d people, who were told %d times; want %d each", n, codes, people, told, completions)
	}
}

func (w *town) count(t *testing.T, table string) int {
	t.Helper()
	n, err := w.world.DB.NewSelect().Table(table).Count(t.Context())
	must(t, err)
	return int(n)
}
