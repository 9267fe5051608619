package notify

import (
	"context"
	"time"

	"hocso/internal/platform/postgres"
)

const (
	// messageLife is how long it is kept what became of a message: until then
	// operators may look at failures.
	messageLife = 180 * 24 * time.Hour
	// noticeLife is how long a notice stands in the inbox, read or not.
	noticeLife = 2 * 365 * 24 * time.Hour
	// tidyBatch is how many rows one statement deletes, so that none holds
	// anybody up.
	tidyBatch = 5000
)

// Tidy deletes what was sent, or given up, half a year ago, and notices of two
// years ago; it says how many rows went.
func (s *Service) Tidy(ctx context.Context) (int64, error) {
	var gone int64
	for _, old := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM notice_messages WHERE ctid = ANY (ARRAY(
			SELECT ctid FROM notice_messages WHERE made_at < ?0 AND ended_at < ?0 LIMIT ?1 FOR UPDATE SKIP LOCKED))`, s.now().Add(-messageLife)},
		{`DELETE FROM notices WHERE ctid = ANY (ARRAY(
			SELECT ctid FROM notices WHERE made_at < ?0 LIMIT ?1 FOR UPDATE SKIP LOCKED))`, s.now().Add(-noticeLife)},
	} {
		for more := true; more; {
			result, err := s.db.NewRaw(old.query, old.before, tidyBatch).Exec(ctx)
			if err != nil {
				return gone, postgres.Wrap(err, "tidy notices")
			}
			rows, err := result.RowsAffected()
			if err != nil {
				return gone, postgres.Wrap(err, "tidy notices")
			}
			gone, more = gone+rows, rows == tidyBatch
		}
	}
	return gone, nil
}
