package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/carrier"
	"hocso/internal/platform/postgres"
)

// Failure is a message that was not taken, or of which nobody can tell.
type Failure struct {
	ID       uuid.UUID
	State    State // Failed or Unsure
	Channel  Channel
	Kinds    []Kind `bun:",array"` // what it was to say
	Cause    carrier.Cause
	Code     string
	Masked   string // where it was to go
	Attempts int
	EndedAt  time.Time
}

// Wanted says which failures are meant; what is "" means any.
type Wanted struct {
	State   State
	Channel Channel
	Cause   carrier.Cause
}

func (w Wanted) where(query *bun.SelectQuery) *bun.SelectQuery {
	query = query.Where("m.state IN ('failed', 'unsure')")
	for _, part := range [][2]string{{"m.state", string(w.State)}, {"m.channel", string(w.Channel)}, {"m.cause", string(w.Cause)}} {
		if part[1] != "" {
			query = query.Where(part[0]+" = ?", part[1])
		}
	}
	return query
}

// Failures lists so many failures from a place on, the latest first.
func (s *Service) Failures(ctx context.Context, w Wanted, from, rows int64) ([]*Failure, error) {
	var all []*Failure
	err := w.where(s.db.NewSelect().TableExpr("notice_messages AS m").ColumnExpr("m.id, m.state, m.channel, m.cause, m.code, m.masked, m.attempts, m.ended_at").
		ColumnExpr(`CASE WHEN m.about = 'address' THEN ARRAY[?] ELSE ARRAY(SELECT DISTINCT n.kind FROM notice_deliveries d JOIN notices n ON n.id = d.notice_id
			WHERE d.message_id = m.id ORDER BY 1) END AS kinds`, string(AddressConfirm))).
		OrderExpr("m.ended_at DESC, m.id DESC").Offset(from).Limit(rows).Scan(ctx, &all)
	return all, postgres.Wrap(err, "failures")
}

// Tally is how many failures there are of a kind.
type Tally struct {
	Wanted
	Messages int
}

// Tallies counts failures by state, channel and cause, the most frequent first.
func (s *Service) Tallies(ctx context.Context) ([]*Tally, error) {
	var all []*Tally
	err := s.db.NewRaw(`SELECT state, channel, cause, count(*) AS messages FROM notice_messages WHERE state IN ('failed', 'unsure')
		GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`).Scan(ctx, &all)
	return all, postgres.Wrap(err, "failures by cause")
}

// Queue is what is on its way.
type Queue struct {
	Channel Channel
	Ready   int        // due now
	Later   int        // to be tried again, or in somebody's quiet hours
	Handing int        // with a worker
	Oldest  *time.Time // since when the first of Ready is due
	Sent    int        // in the last 24 hours
}

// Queues tells how much is on its way over each channel.
func (s *Service) Queues(ctx context.Context) ([]*Queue, error) {
	var all []*Queue
	err := s.db.NewRaw(`
		SELECT c.channel, count(*) FILTER (WHERE state = 'ready' AND due_at <= ?0) AS ready, count(*) FILTER (WHERE state = 'ready' AND due_at > ?0)
			+ (SELECT count(*) FROM notice_deliveries d WHERE d.message_id IS NULL AND d.channel = c.channel) AS later,
			count(*) FILTER (WHERE state IN ('claimed', 'handing')) AS handing, min(due_at) FILTER (WHERE state = 'ready' AND due_at <= ?0) AS oldest,
			count(*) FILTER (WHERE state = 'sent') AS sent
		FROM (VALUES (1, 'email'), (2, 'text')) c (place, channel)
		LEFT JOIN notice_messages m ON m.channel = c.channel AND (m.state IN ('ready', 'claimed', 'handing') OR m.state = 'sent' AND m.made_at > ?0::timestamptz - interval '1 day')
		GROUP BY c.place, c.channel ORDER BY c.place`, s.now()).Scan(ctx, &all)
	return all, postgres.Wrap(err, "messages on their way")
}

// SendAgain has one failure tried again. Whoever presses twice changes nothing.
func (s *Service) SendAgain(ctx context.Context, by audit.By, id uuid.UUID) (int, error) {
	return s.sendAgain(ctx, by, s.db.NewSelect().TableExpr("notice_messages AS m").Column("m.id").Where("m.id = ?", id))
}

// SendAllAgain has every failure of a kind tried again, and says how many.
func (s *Service) SendAllAgain(ctx context.Context, by audit.By, w Wanted) (int, error) {
	return s.sendAgain(ctx, by, w.where(s.db.NewSelect().TableExpr("notice_messages AS m").Column("m.id")))
}

func (s *Service) sendAgain(ctx context.Context, by audit.By, chosen *bun.SelectQuery) (sent int, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		result, err := tx.NewRaw(`UPDATE notice_messages SET state = 'ready', due_at = ?0, ended_at = NULL, most = attempts + ?1
			WHERE id IN (?2) AND state IN ('failed', 'unsure')`, now, mostAttempts, chosen).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "send again")
		}
		n, err := result.RowsAffected()
		if sent = int(n); err != nil || sent == 0 {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.NoticesAgain, Changes: []audit.Change{{Field: "request", After: fmt.Sprint(sent)}}})
	})
	if err == nil && sent > 0 {
		s.bell.Ring(SendBell)
	}
	return sent, err
}
