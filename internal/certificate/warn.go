package certificate

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/notify"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// warnAhead is how many days before its end a record's holder is told.
const warnAhead = 30

// WarnDue looks at up to n records that end soon, each once, and says how many.
// Whoever is in the programme still is reminded by the programme itself, and is
// not told twice.
func (s *Service) WarnDue(ctx context.Context, n int) (int, error) {
	looked, told := 0, 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		day := clock.Day(now)
		var ending []*endingRecord
		err := tx.NewRaw(`
			SELECT ce.id, ce.person_id, ce.code, ce.facts, ce.completed_on, ce.valid_until, EXISTS (
				SELECT FROM program_assignments a JOIN programs p ON p.id = a.program_id AND p.state = 'published'
				WHERE a.person_id = ce.person_id AND a.program_id = ce.program_id AND a.state <> 'released') AS reminded
			FROM certificates ce WHERE ce.warned_at IS NULL AND ce.revoked_at IS NULL AND ce.superseded_at IS NULL AND ce.erased_at IS NULL
			  AND ce.valid_until BETWEEN ?::date AND ?::date
			ORDER BY ce.valid_until LIMIT ? FOR UPDATE OF ce SKIP LOCKED`,
			day.Format(time.DateOnly), day.AddDate(0, 0, warnAhead).Format(time.DateOnly), n).Scan(ctx, &ending)
		if err != nil || len(ending) == 0 {
			return err
		}
		looked = len(ending)
		ids := make([]uuid.UUID, len(ending))
		var notices []*notify.Notice
		for i, r := range ending {
			if ids[i] = r.ID; !r.Reminded {
				notices = append(notices, r.notice(NoticeExpiring, now))
			}
		}
		if _, err := tx.NewRaw("UPDATE certificates SET warned_at = ? WHERE id IN (?)", now, bun.List(ids)).Exec(ctx); err != nil {
			return err
		}
		told, err = notify.NewStore(tx).Queue(ctx, notices...)
		return err
	})
	if err == nil && told > 0 {
		s.bell.Ring(notify.SendBell)
	}
	return looked, postgres.Wrap(err, "records that end soon")
}

type endingRecord struct {
	Record   `bun:",extend"`
	Reminded bool // by the programme
}
