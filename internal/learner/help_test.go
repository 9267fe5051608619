package learner_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

// pair adds two records that turn out to be one person, in two hamlets.
func pair(t *testing.T, w *worldtest.World) (kept, merged *identity.Person) {
	t.Helper()
	return w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[1], identity.Resident)
}

func join(t *testing.T, w *worldtest.World, kept, merged *identity.Person) *learner.Merge {
	t.Helper()
	m, err := w.Records.Merge(ctx, kept.ID, merged.ID, audit.By{})
	must(t, err)
	return m
}

// lessonsOf counts the finished lessons of somebody; -1 for who is not enrolled.
func lessonsOf(t *testing.T, w *worldtest.World, p *identity.Person) int {
	t.Helper()
	progress, err := w.Courses.Progress(ctx, p.ID, worldtest.Slug)
	if fault.Is(err, fault.NotFound) {
		return -1
	}
	must(t, err)
	return len(progress.Finished)
}

// count counts rows of a table that a condition with one parameter finds.
func count(t *testing.T, w *worldtest.World, from string, of any) (n int) {
	t.Helper()
	must(t, w.DB.NewRaw("SELECT count(*) FROM "+from, of).Scan(ctx, &n))
	return n
}

func erase(w *worldtest.World, id uuid.UUID) error {
	return w.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return w.Records.Erase(ctx, tx, id, audit.By{}) })
}

func asks(t *testing.T, w *worldtest.World, p *identity.Person, kind learner.RequestKind) error {
	t.Helper()
	return w.Records.Ask(ctx, &identity.Viewer{PersonID: p.ID, HomeUnitID: p.HomeUnitID}, audit.By{}, kind, "Sai năm sinh")
}

func everywhere(w *worldtest.World) org.Scope { return org.Scope{Units: []uuid.UUID{w.Province.ID}} }
