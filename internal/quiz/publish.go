package quiz

import (
	"context"

	"hocso/internal/platform/postgres"
)

// Publish writes the quiz of a new course version, with its questions. It
// belongs in the transaction that publishes the version.
func (s *Store) Publish(ctx context.Context, quiz *Quiz) error {
	if _, err := s.db.NewInsert().Model(quiz).Exec(ctx); err != nil {
		return postgres.Wrap(err, "publish quiz")
	}
	_, err := s.db.NewInsert().Model(&quiz.Questions).Exec(ctx)
	return postgres.Wrap(err, "publish questions")
}
