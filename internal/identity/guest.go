package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// guestPace is how many guests may begin from one place; a class of thirty
// behind one Wi-Fi is far below it.
var guestPace = pace{free: 300, first: time.Minute, longest: time.Hour, quiet: time.Hour}

// BeginGuest lets somebody learn on this device before they tell us who they
// are. What they do becomes theirs when they register or sign in.
func (s *Service) BeginGuest(ctx context.Context, from From) (*Entry, error) {
	if err := s.guess(ctx, []limit{limitOn(guestPace, "guest", network(from.Address))}); err != nil {
		return nil, err
	}
	guest := &Person{ID: uuid.Must(uuid.NewV7()), CreatedAt: s.now()}
	if err := NewStore(s.db).AddPeople(ctx, guest); err != nil {
		return nil, err
	}
	return s.begin(ctx, from, guest.ID, func(context.Context, bun.Tx) error { return nil }) // nobody to write down
}

// HasLearned tells whether a guest has done anything worth keeping.
func (s *Store) HasLearned(ctx context.Context, guest uuid.UUID) (learned bool, err error) {
	err = s.db.NewRaw(`SELECT EXISTS (SELECT FROM enrolments e JOIN people p ON p.id = e.person_id
		WHERE p.id = ? AND p.registered_at IS NULL AND p.merged_into IS NULL)`, guest).Scan(ctx, &learned)
	return learned, postgres.Wrap(err, "what a guest learned")
}
