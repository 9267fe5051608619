package identity_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

const pin = "482915"

// withPIN adds a resident who signs in with their code and a PIN.
func withPIN(t *testing.T, w *worldtest.World, service *identity.Service) *identity.Person {
	t.Helper()
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	must(t, service.SetPIN(ctx, w.DB, person.ID, pin))
	must(t, service.SetLogin(ctx, w.DB, &identity.Login{Login: *person.Code, PersonID: person.ID, Kind: identity.LoginCode}))
	return person
}

// guessAll sends n guesses, sixteen at a time, and tells how many were tried.
func guessAll(t *testing.T, n int, guess func(i int) error) (tried int) {
	t.Helper()
	var all sync.WaitGroup
	var count atomic.Int64
	seats := make(chan struct{}, 16)
	for i := range n {
		seats <- struct{}{}
		all.Go(func() {
			defer func() { <-seats }()
			err := guess(i)
			if err == nil {
				t.Error("a wrong guess got in")
			} else if fault.Is(err, fault.Invalid) {
				count.Add(1)
			} else if !fault.Is(err, fault.TooMany) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return int(count.Load())
}

func TestTenThousandGuessesAtOnePIN(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System()}
	service := identity.NewService(w.DB, now.now)
	person := withPIN(t, w, service)
	tried := guessAll(t, 10_000, func(i int) error {
		_, err := service.SignIn(ctx, identity.From{Address: "203.0.113.9"}, *person.Code, fmt.Sprintf("%06d", 500_000+i))
		return err
	})
	if tried > 6 {
		t.Errorf("%d of 10,000 guesses from one address were tried", tried)
	}
	if _, err := service.SignIn(ctx, identity.From{Address: "203.0.113.9"}, *person.Code, pin); !fault.Is(err, fault.TooMany) {
		t.Errorf("the guesser's address: %v", err)
	}
	if _, err := service.SignIn(ctx, identity.From{Address: "198.51.100.7"}, *person.Code, pin); err != nil {
		t.Errorf("the right person on another address: %v", err)
	}
}

func TestGuessesFromEverywhereAtOnePIN(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System()}
	service := identity.NewService(w.DB, now.now)
	person := withPIN(t, w, service)
	home := identity.From{Address: "198.51.100.7"}
	entry, err := service.SignIn(ctx, home, *person.Code, pin)
	must(t, err)
	tried := guessAll(t, 2_000, func(i int) error {
		_, err := service.SignIn(ctx, identity.From{Address: fmt.Sprintf("203.0.%d.%d", i/250, i%250)}, *person.Code, fmt.Sprintf("%06d", 500_000+i))
		return err
	})
	if tried > 61 {
		t.Errorf("%d of 2,000 guesses from 2,000 addresses were tried", tried)
	}
	home.Device = entry.Device
	if _, err := service.SignIn(ctx, home, *person.Code, pin); err != nil {
		t.Errorf("the right person on their own device: %v", err)
	}
}

func TestOneGuessAtEachOfTenThousandAccounts(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System()}
	service := identity.NewService(w.DB, now.now)
	tried := guessAll(t, 10_000, func(i int) error {
		_, err := service.SignIn(ctx, identity.From{Address: "203.0.113.9"}, fmt.Sprintf("09%08d", i), "159263")
		return err
	})
	if tried > 31 {
		t.Errorf("%d of 10,000 accounts were tried from one address", tried)
	}
	person := withPIN(t, w, service)
	if _, err := service.SignIn(ctx, identity.From{Address: "198.51.100.7"}, *person.Code, pin); err != nil {
		t.Errorf("somebody on another address: %v", err)
	}
}

func TestNobodyGetsInWhenGuessesCantBeCounted(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	service := identity.NewService(w.DB, clock.System)
	person := withPIN(t, w, service)
	w.DB.Close()
	if entry, err := service.SignIn(ctx, identity.From{Address: "203.0.113.9"}, *person.Code, pin); err == nil {
		t.Errorf("got in without a database: %+v", entry)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAClassSignsInFromOneAddressAtOnce(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	var class sync.WaitGroup
	for range 8 {
		person := withPIN(t, w, w.Identity)
		class.Go(func() {
			for range 8 {
				if _, err := w.Identity.SignIn(ctx, identity.From{Address: "203.0.113.9"}, *person.Code, pin); err != nil {
					t.Error(err)
				}
			}
		})
	}
	class.Wait()
}
