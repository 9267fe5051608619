package identity

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net/netip"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// pace is how fast guesses may come: free ones first, then after a wait that
// doubles from first up to longest. A count is forgotten after a quiet time.
type pace struct {
	free                  int
	first, longest, quiet time.Duration
}

// wait is how long to wait after so many guesses.
func (p pace) wait(guesses int) time.Duration {
	if guesses < p.free {
		return 0
	}
	return min(p.first<<min(guesses-p.free, 20), p.longest)
}

var (
	// pairPace: one account guessed at from one place. About 15 guesses a day.
	pairPace = pace{free: 5, first: 30 * time.Second, longest: 6 * time.Hour, quiet: 24 * time.Hour}
	// accountPace: one account guessed at from everywhere. A PIN has a million
	// values; at some 80 guesses a day it lasts for decades.
	accountPace = pace{free: 60, first: time.Minute, longest: time.Hour, quiet: 24 * time.Hour}
	// addressPace: all accounts guessed at from one place. An office or a
	// mobile network shares an address, so it is wide and soon forgets.
	addressPace = pace{free: 30, first: time.Minute, longest: time.Hour, quiet: time.Hour}
	// joinPace: codes of hamlets and registrations from one place; a class
	// registers from one Wi-Fi.
	joinPace = pace{free: 60, first: time.Minute, longest: time.Hour, quiet: time.Hour}
)

// codePace is codes of papers that are checked from one place. An office
// checks many, and those that are right count for nothing.
var codePace = pace{free: 60, first: time.Minute, longest: time.Hour, quiet: time.Hour}

// flowPace is sign-ins through the provider that were begun in one place and
// not finished. An office begins many at eight in the morning.
var flowPace = pace{free: 300, first: time.Minute, longest: time.Hour, quiet: time.Hour}

// shared tells whether many people's guesses come together in one count: one
// that was right takes back itself, not the others.
func (p pace) shared() bool {
	return p == addressPace || p == joinPace || p == codePace || p == flowPace
}

// limit is one count that a guess adds to.
type limit struct {
	key  []byte
	pace pace
}

func limitOn(p pace, parts ...string) limit {
	sum := sha256.New()
	for _, part := range parts {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return limit{key: sum.Sum(nil), pace: p}
}

// limitsOf are the counts of a guess at who (a login, a card, a person) from
// somewhere. A device on which that person has signed in before is counted by
// itself: so guesses from elsewhere, however many, don't lock the person out
// (OWASP's device cookies), and its guesses are few all the same.
func limitsOf(who string, from From, known bool) []limit {
	if known {
		return []limit{limitOn(pairPace, "device", who, from.Device)}
	}
	address := network(from.Address)
	return []limit{
		limitOn(pairPace, "pair", who, address),
		limitOn(accountPace, "account", who),
		limitOn(addressPace, "address", address),
	}
}

// network is what counts as one place: an IPv4 address, or the /64 that a
// provider gives to one customer.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap(); ip.Is6() {
		prefix, _ := ip.WithZone("").Prefix(64) // never fails for 64 bits of 128
		return prefix.String()
	}
	return ip.String()
}

// guess counts a guess before it is tried, so that guesses sent all at once
// don't slip through, or refuses it with fault.TooMany; a refused one does not
// count. When the counts can't be kept, nobody gets in.
func (s *Service) guess(ctx context.Context, limits []limit) error {
	slices.SortFunc(limits, func(a, b limit) int { return bytes.Compare(a.key, b.key) }) // one order for all: no deadlock
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now, store := s.now(), NewStore(tx)
		for _, limit := range limits {
			guesses, last, err := store.lockGuesses(ctx, limit.key, now)
			if err != nil {
				return err
			}
			if now.Sub(last) > limit.pace.quiet {
				guesses = 0
			}
			// Somebody who waited for this lock may have looked at the clock before
			// the last guess did: without a wait that is no reason to refuse.
			if wait := limit.pace.wait(guesses); wait > 0 && now.Before(last.Add(wait)) {
				return fault.New(fault.TooMany, "sign-in")
			}
			if err := store.saveGuesses(ctx, limit.key, guesses+1, now); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// forgive takes back the count of a guess that was right: what was counted for
// the person is forgotten, what was counted for a place goes down by one.
func (s *Service) forgive(ctx context.Context, limits []limit) error {
	for _, limit := range limits {
		if err := NewStore(s.db).forgiveGuess(ctx, limit.key, limit.pace.shared()); err != nil {
			return err
		}
	}
	return nil
}

// lockGuesses reads a count, makes it when there is none, and keeps others from it.
func (s *Store) lockGuesses(ctx context.Context, key []byte, now time.Time) (guesses int, last time.Time, err error) {
	var row struct {
		Guesses int
		LastAt  time.Time
	}
	err = s.db.NewRaw(`INSERT INTO sign_in_guesses AS g (key, guesses, last_at) VALUES (?, 0, ?)
		ON CONFLICT (key) DO UPDATE SET guesses = g.guesses RETURNING guesses, last_at`, key, now).Scan(ctx, &row)
	return row.Guesses, row.LastAt, postgres.Wrap(err, "count guess")
}

func (s *Store) saveGuesses(ctx context.Context, key []byte, guesses int, now time.Time) error {
	_, err := s.db.NewRaw("UPDATE sign_in_guesses SET guesses = ?, last_at = ? WHERE key = ?", guesses, now, key).Exec(ctx)
	return postgres.Wrap(err, "count guess")
}

func (s *Store) forgiveGuess(ctx context.Context, key []byte, shared bool) error {
	query := "DELETE FROM sign_in_guesses WHERE key = ?"
	if shared {
		query = "UPDATE sign_in_guesses SET guesses = greatest(guesses - 1, 0) WHERE key = ?"
	}
	_, err := s.db.NewRaw(query, key).Exec(ctx)
	return postgres.Wrap(err, "forgive guess")
}
