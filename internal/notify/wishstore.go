package notify

import (
	"context"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Wishes reads how somebody wants to be told.
func (s *Store) Wishes(ctx context.Context, person uuid.UUID) (*Wishes, error) {
	w := new(Wishes)
	err := postgres.Wrap(s.db.NewSelect().Model(w).Where("person_id = ?", person).Scan(ctx), "wishes")
	if fault.Is(err, fault.NotFound) {
		return DefaultWishes(person), nil
	}
	return w, err
}

// SaveWishes writes how somebody wants to be told from now on. What waits to be
// sent heeds it too.
func (s *Store) SaveWishes(ctx context.Context, w *Wishes) error {
	_, err := s.db.NewInsert().Model(w).On("CONFLICT (person_id) DO UPDATE").
		Set("channels = EXCLUDED.channels, daily = EXCLUDED.daily, quiet_from = EXCLUDED.quiet_from, quiet_until = EXCLUDED.quiet_until, changed_at = EXCLUDED.changed_at").
		Returning("NULL").Exec(ctx)
	return postgres.Wrap(err, "save wishes")
}
