package learner_test

import (
	"testing"

	"hocso/internal/audit"
	"hocso/internal/worldtest"
)

// TestRulingsGoAlong: what was decided for a record counts for the one that is
// kept, and goes back with it.
func TestRulingsGoAlong(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, twin := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	program := worldtest.ID()
	run := func(query string, args ...any) {
		t.Helper()
		_, err := w.DB.NewRaw(query, args...).Exec(ctx)
		must(t, err)
	}
	run(`INSERT INTO programs (id, owner_id, state, definition, revision, made_at) VALUES (?, ?, 'published', '{}', 1, now())`, program, w.Province.ID)
	run(`INSERT INTO external_certificates (id, person_id, title, issuer, issued_on, minutes, link, state, made_at)
		VALUES (?, ?, 'Khóa', 'One Touch', '2026-01-01', 90, 'https://example.vn', 'waiting', now())`, worldtest.ID(), twin.ID)
	for _, person := range []any{kept.ID, twin.ID} {
		run("INSERT INTO program_exemptions (id, program_id, person_id, reason, made_at) VALUES (?, ?, ?, 'nghỉ', now())", worldtest.ID(), program, person)
	}
	run("INSERT INTO program_extensions (id, program_id, person_id, cycle, due_on, reason, made_at) VALUES (?, ?, ?, 1, '2027-01-01', 'bận', now())", worldtest.ID(), program, twin.ID)
	holds := func(when string, person any, want [3]int) {
		t.Helper()
		for i, table := range []string{"external_certificates", "program_exemptions", "program_extensions"} {
			n, err := w.DB.NewSelect().Table(table).Where("person_id = ?", person).Count(ctx)
			must(t, err)
			if int(n) != want[i] {
				t.Errorf("%s: %d in %s, want %d", when, n, table, want[i])
			}
		}
	}
	merge, err := w.Records.Merge(ctx, kept.ID, twin.ID, audit.By{})
	must(t, err)
	holds("merged", kept.ID, [3]int{1, 1, 1})
	holds("merged", twin.ID, [3]int{0, 1, 0}) // kept's own exemption counts
	must(t, w.Records.Unmerge(ctx, kept.ID, merge.ID, audit.By{}))
	holds("apart again", kept.ID, [3]int{0, 1, 0})
	holds("apart again", twin.ID, [3]int{1, 1, 1})
}
