package mastery

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Store reads and writes sittings.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Add writes a new sitting unless there is one with its id.
func (s *Store) Add(ctx context.Context, sitting *Sitting) error {
	_, err := s.db.NewInsert().Model(sitting).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	return postgres.Wrap(err, "add sitting")
}

// SittingOf reads a person's own sitting; somebody else's is not found.
func (s *Store) SittingOf(ctx context.Context, person, id uuid.UUID) (*Sitting, error) {
	sitting := new(Sitting)
	err := s.db.NewSelect().Model(sitting).Where("si.id = ?", id).Where("si.person_id = ?", person).Scan(ctx)
	return sitting, postgres.Wrap(err, "sitting")
}

// Submitted lists a person's latest submitted sittings, the latest first.
func (s *Store) Submitted(ctx context.Context, person uuid.UUID) ([]*Sitting, error) {
	var sittings []*Sitting
	err := s.db.NewSelect().Model(&sittings).Where("si.person_id = ?", person).Where("si.submitted_at IS NOT NULL").
		Order("si.submitted_at DESC").Limit(50).Scan(ctx)
	return sittings, postgres.Wrap(err, "sittings of a person")
}

// Submit writes the answers of a sitting that has none yet; false when it has.
func (s *Store) Submit(ctx context.Context, sitting *Sitting) (submitted bool, err error) {
	result, err := s.db.NewUpdate().Model(sitting).Column("submitted_at", "answers", "right_answers", "support", "helper_id").WherePK().
		Where("si.person_id = ?", sitting.PersonID).Where("si.submitted_at IS NULL").Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "submit sitting")
	}
	rows, err := result.RowsAffected()
	return rows > 0, postgres.Wrap(err, "submit sitting")
}
