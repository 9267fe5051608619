package notify

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

// NewFeed makes a new private address for somebody's calendar and gives its
// token: 256 bits as base64url, which is kept nowhere. An earlier address opens
// nothing any more.
func (s *Service) NewFeed(ctx context.Context, by audit.By, person uuid.UUID) (token string, err error) {
	token = ticket.New()
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewRaw(`INSERT INTO calendar_feeds (person_id, token_hash, made_at) VALUES (?, ?, ?)
			ON CONFLICT (person_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, made_at = EXCLUDED.made_at`, person, ticket.Hash(token), s.now()).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "new calendar address")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.FeedMake, SubjectID: &person})
	})
	return token, err
}

// EndFeed has the private address of somebody's calendar open nothing any more.
func (s *Service) EndFeed(ctx context.Context, by audit.By, person uuid.UUID) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("DELETE FROM calendar_feeds WHERE person_id = ?", person).Exec(ctx); err != nil {
			return postgres.Wrap(err, "end calendar address")
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.FeedEnd, SubjectID: &person})
	})
}

// Feed finds whose calendar a token opens: nobody's, a fault.NotFound, when
// they are suspended, merged or erased.
func (s *Service) Feed(ctx context.Context, token string) (person uuid.UUID, err error) {
	err = s.db.NewRaw("SELECT f.person_id FROM calendar_feeds f JOIN people p ON p.id = f.person_id AND "+reachable+" WHERE f.token_hash = ?",
		ticket.Hash(token)).Scan(ctx, &person)
	return person, postgres.Wrap(err, "calendar")
}

// FeedMade is when the address of somebody's calendar was made; nil when there
// is none.
func (s *Service) FeedMade(ctx context.Context, person uuid.UUID) (*time.Time, error) {
	var made time.Time
	err := postgres.Wrap(s.db.NewRaw("SELECT made_at FROM calendar_feeds WHERE person_id = ?", person).Scan(ctx, &made), "calendar address")
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &made, err
}
