package learner_test

import (
	"testing"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/worldtest"
)

// TestRecordsOfCompletionGoAlong: what the merged record earned is kept's, of
// two records of one thing one counts, and all of it goes back.
func TestRecordsOfCompletionGoAlong(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, twin := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	issue := func() {
		t.Helper()
		for {
			if n, err := w.Certificates.IssueDue(ctx, 10); err != nil || n == 0 {
				must(t, err)
				return
			}
		}
	}
	finish(t, w, twin)
	finish(t, w, kept)
	w.Settle(t)
	issue()
	holds := func(when string, person uuid.UUID, want ...certificate.State) {
		t.Helper()
		issue()
		records, err := certificate.NewStore(w.DB).Of(ctx, person)
		must(t, err)
		count := map[certificate.State]int{}
		for _, r := range records {
			count[r.State(clock.Day(clock.System()))]++
		}
		for _, state := range want {
			count[state]--
		}
		for state, n := range count {
			if n != 0 {
				t.Errorf("%s: %+d too many are %s", when, n, state)
			}
		}
	}
	holds("before", kept.ID, certificate.Valid)
	holds("before", twin.ID, certificate.Valid)
	merge, err := w.Records.Merge(ctx, kept.ID, twin.ID, audit.By{})
	must(t, err)
	holds("merged", kept.ID, certificate.Valid, certificate.Superseded)
	holds("merged", twin.ID)
	must(t, w.Records.Unmerge(ctx, kept.ID, merge.ID, audit.By{}))
	holds("apart again", kept.ID, certificate.Valid)
	holds("apart again", twin.ID, certificate.Valid)
}

// TestErasingEmptiesRecords: the code of a paper leads to nothing but that.
func TestErasingEmptiesRecords(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Learner(t, w.Hamlets[0])
	finish(t, w, person)
	w.Settle(t)
	_, err := w.Certificates.IssueDue(ctx, 10)
	must(t, err)
	must(t, erase(w, person.ID))
	var left []string
	must(t, w.DB.NewRaw("SELECT facts::text || '|' || note FROM certificates WHERE person_id = ? AND erased_at IS NOT NULL", person.ID).Scan(ctx, &left))
	if len(left) != 1 || left[0] != "{}|" {
		t.Errorf("left of the record: %v", left)
	}
}

// finish does the world's course alone.
func finish(t *testing.T, w *worldtest.World, person *identity.Person) {
	t.Helper()
	w.ReadAll(t, person)
	w.Submit(t, person, worldtest.Questions)
}
