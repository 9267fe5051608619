package identity

import (
	"context"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Awake keeps a person's record from being merged or erased until the
// transaction ends. It is a fault.Conflict when that was done before: a page
// that was open since then must not write into a record that counts no more.
// Whoever also locks enrolments calls it first: see course.Store.Hold.
func (s *Store) Awake(ctx context.Context, person uuid.UUID) error {
	var awake bool
	err := s.db.NewRaw("SELECT merged_into IS NULL AND erased_at IS NULL FROM people WHERE id = ? FOR KEY SHARE", person).Scan(ctx, &awake)
	if err == nil && !awake {
		return fault.New(fault.Conflict, "the record was merged or erased")
	}
	return postgres.Wrap(err, "record of a person")
}
