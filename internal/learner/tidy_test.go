package learner_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/platform/clock"
	"hocso/internal/worldtest"
)

func TestGuestsWhoNeverCameBackAreForgotten(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := clock.System()
	service := learner.NewService(w.DB, w.Bell, func() time.Time { return now })
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: now}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest))
	work(t, w, guest, uuid.Nil, 0, 0)
	work(t, w, guest, uuid.Nil, 6, 10)
	person := peculiar(t, w)
	if n, err := service.TidyGuests(ctx); err != nil || n != 0 {
		t.Errorf("today: %d, %v", n, err)
	}
	now = now.Add(181 * 24 * time.Hour)
	if n, err := service.TidyGuests(ctx); err != nil || n != 1 {
		t.Errorf("half a year later: %d, %v", n, err)
	}
	if _, err := identity.NewStore(w.DB).Person(ctx, person.ID); err != nil {
		t.Errorf("somebody registered went, too: %v", err)
	}
	mustBeExact(t, w)
}

// TestAGuestWhoseClaimWasUndoneIsForgotten, though the ledger names them.
func TestAGuestWhoseClaimWasUndoneIsForgotten(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := clock.System()
	service := learner.NewService(w.DB, w.Bell, func() time.Time { return now })
	guest, other := &identity.Person{ID: worldtest.ID(), CreatedAt: now}, &identity.Person{ID: worldtest.ID(), CreatedAt: now}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest, other))
	work(t, w, guest, uuid.Nil, readsFirst, 0)
	work(t, w, guest, uuid.Nil, submits, 10)
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	must(t, service.Claim(ctx, guest.ID, person.ID, audit.By{}))
	merges, err := service.MergesInto(ctx, person.ID)
	must(t, err)
	must(t, service.Unmerge(ctx, person.ID, merges[0].ID, audit.By{}))
	mustBeExact(t, w)
	now = now.Add(181 * 24 * time.Hour)
	for _, want := range []int64{2, 0} {
		if n, err := service.TidyGuests(ctx); err != nil || n != want {
			t.Errorf("%d, %v; want %d", n, err, want)
		}
		mustBeExact(t, w)
	}
	if n := count(t, w, "attempts WHERE person_id = ?", guest.ID); n != 0 {
		t.Errorf("%d attempts are left", n)
	}
}
