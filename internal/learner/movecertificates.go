package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// sameRecord is the condition on two records of completion m and k that they
// are for the same thing and both count.
const sameRecord = `k.course_id IS NOT DISTINCT FROM m.course_id AND k.program_id IS NOT DISTINCT FROM m.program_id AND k.cycle IS NOT DISTINCT FROM m.cycle
	AND m.revoked_at IS NULL AND m.superseded_at IS NULL AND k.revoked_at IS NULL AND k.superseded_at IS NULL`

// moveCertificates moves records of completion; where kept has one of the same
// thing, that one supersedes the merged record's. What they say stays as it was
// issued.
func (m *Merge) moveCertificates(ctx context.Context, tx bun.Tx) error {
	err := m.moveEach(ctx, tx, []move{
		{&m.Moved.Superseded, `UPDATE certificates m SET superseded_at = ?2, successor_id = k.id FROM certificates k
			WHERE m.person_id = ?1 AND k.person_id = ?0 AND ` + sameRecord + ` RETURNING m.id`},
		{&m.Moved.Certificates, `UPDATE certificates SET person_id = ?0 WHERE person_id = ?1 RETURNING id`},
	})
	if err != nil {
		return err
	}
	return m.touchCertificates(ctx, tx)
}

// moveCertificatesBack gives the merged record back what came with it; what the
// merge superseded counts again.
func (m *Merge) moveCertificatesBack(ctx context.Context, tx bun.Tx) error {
	for _, back := range []struct {
		query string
		ids   []uuid.UUID
	}{
		{"UPDATE certificates SET person_id = ?0 WHERE id IN (?1) AND person_id = ?2", m.Moved.Certificates},
		{`UPDATE certificates m SET superseded_at = NULL, successor_id = NULL WHERE id IN (?1) AND person_id = ?0 AND NOT EXISTS (
			SELECT FROM certificates k WHERE k.person_id = ?0 AND k.id <> m.id AND k.course_id IS NOT DISTINCT FROM m.course_id
			AND k.program_id IS NOT DISTINCT FROM m.program_id AND k.cycle IS NOT DISTINCT FROM m.cycle AND k.revoked_at IS NULL AND k.superseded_at IS NULL)`, m.Moved.Superseded},
	} {
		if len(back.ids) == 0 {
			continue
		}
		if _, err := tx.NewRaw(back.query, m.MergedID, bun.List(back.ids), m.KeptID).Exec(ctx); err != nil {
			return postgres.Wrap(err, "move records of completion back")
		}
	}
	return m.touchCertificates(ctx, tx)
}

// touchCertificates has the worker look at the records of both.
func (m *Merge) touchCertificates(ctx context.Context, tx bun.Tx) error {
	return m.execAll(ctx, tx, "INSERT INTO certificate_touched (person_id) VALUES (?0), (?1)")
}
