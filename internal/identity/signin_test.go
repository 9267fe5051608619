package identity_test

import (
	"context"
	"testing"
	"time"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

// at is a clock that a test sets.
type at struct{ time.Time }

func (a *at) now() time.Time { return a.Time }

func TestSignInWaitsLongerAndForgets(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System()}
	service := identity.NewService(w.DB, now.now)
	person := w.Person(t, w.Communes[0], identity.Resident)
	if err := service.SetPassword(ctx, w.DB, person.ID, "nguyet", "mat khau dai"); err != nil {
		t.Fatal(err)
	}
	guess := func(password string) fault.Kind {
		_, err := service.SignIn(ctx, identity.From{Address: "203.0.113.9"}, "nguyet", password)
		if err == nil {
			return ""
		}
		return fault.KindOf(err)
	}
	for range 5 {
		if kind := guess("sai"); kind != fault.Invalid {
			t.Fatalf("a free try: %s", kind)
		}
	}
	if kind := guess("mat khau dai"); kind != fault.TooMany {
		t.Errorf("the right password while waiting: %q", kind)
	}
	now.Time = now.Add(31 * time.Second)
	if kind := guess("sai"); kind != fault.Invalid {
		t.Errorf("after the wait: %q", kind)
	}
	now.Time = now.Add(31 * time.Second)
	if kind := guess("mat khau dai"); kind != fault.TooMany {
		t.Errorf("the second wait is longer: %q", kind)
	}
	now.Time = now.Add(30 * time.Second)
	if kind := guess("mat khau dai"); kind != "" {
		t.Errorf("after the second wait: %q", kind)
	}
	if kind := guess("sai"); kind != fault.Invalid {
		t.Errorf("a success clears the count: %q", kind)
	}
}

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System().Add(time.Minute)} // after the role begins
	service := identity.NewService(w.DB, now.now)
	person := w.Person(t, w.Communes[0], identity.Coordinator)
	entry, err := service.Begin(ctx, identity.From{}, person.ID)
	if err != nil {
		t.Fatal(err)
	}
	viewer, err := service.Viewer(ctx, entry.Session)
	if err != nil || viewer == nil || viewer.PersonID != person.ID || !viewer.Has(identity.Coordinator) || viewer.Has(identity.Operator) {
		t.Fatalf("viewer %+v, %v", viewer, err)
	}
	for _, bad := range []string{"", "x", entry.Session + "x"} {
		if viewer, err := service.Viewer(ctx, bad); err != nil || viewer != nil {
			t.Errorf("token %q: %+v, %v", bad, viewer, err)
		}
	}
	now.Time = now.Add(identity.SessionLife + time.Second)
	if viewer, err := service.Viewer(ctx, entry.Session); err != nil || viewer != nil {
		t.Errorf("after its life: %+v, %v", viewer, err)
	}
	if gone, err := identity.NewStore(w.DB).Tidy(ctx, now.Time); err != nil || gone != 1 {
		t.Errorf("tidied %d, %v", gone, err)
	}
}

func TestARoleHoldsBetweenItsStartAndItsEnd(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System()}
	service := identity.NewService(w.DB, now.now)
	person := w.Person(t, w.Communes[0])
	ends := now.Add(2 * time.Hour)
	if err := identity.NewStore(w.DB).AddGrants(ctx, &identity.Grant{
		ID: worldtest.ID(), PersonID: person.ID, Role: identity.UnitHead, UnitID: w.Communes[0].ID, StartsAt: now.Add(time.Hour), EndsAt: &ends,
	}); err != nil {
		t.Fatal(err)
	}
	entry, err := service.Begin(ctx, identity.From{}, person.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		after time.Duration
		holds bool
	}{{0, false}, {time.Hour, true}, {time.Hour + 59*time.Minute, true}, {2 * time.Hour, false}} {
		moment := now.Time
		now.Time = moment.Add(test.after)
		viewer, err := service.Viewer(ctx, entry.Session)
		if err != nil || viewer.Has(identity.UnitHead) != test.holds {
			t.Errorf("after %v: %v, %v", test.after, viewer.Has(identity.UnitHead), err)
		}
		now.Time = moment
	}
}
