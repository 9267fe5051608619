// Package heartbeat lets every worker say that it lives, in PostgreSQL, where
// readiness looks whether somebody is there to do the work.
package heartbeat

import (
	"context"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

const (
	every = 2 * time.Second
	// Alive is how old a beat may be before its worker counts as gone.
	Alive = 10 * time.Second
	// forget is how old a beat is removed.
	forget = time.Hour
)

// Beat is one worker's sign of life.
type Beat struct {
	bun.BaseModel `bun:"table:worker_heartbeats,alias:hb"`

	WorkerID  string `bun:",pk"` // host, process id and start: "xa-1/4711/1764000000"
	StartedAt time.Time
	SeenAt    time.Time
}

// Run beats until ctx ends, then takes the beat away.
func Run(ctx context.Context, db *bun.DB, id string, now clock.Clock, log *slog.Logger) {
	beat := &Beat{WorkerID: id, StartedAt: now()}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		beat.SeenAt = now()
		_, err := db.NewInsert().Model(beat).On("CONFLICT (worker_id) DO UPDATE").Set("seen_at = EXCLUDED.seen_at").Exec(ctx)
		if err != nil && ctx.Err() == nil {
			log.Warn("heartbeat not written", "error", err)
		}
		select {
		case <-ctx.Done():
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			if _, err := db.NewDelete().Model(beat).WherePK().Exec(stop); err != nil {
				log.Debug("heartbeat not removed; it will age", "error", err)
			}
			return
		case <-ticker.C:
		}
	}
}

// All lists the workers' last beats, the latest first, and forgets those of
// workers that have been gone for an hour.
func All(ctx context.Context, db bun.IDB, now time.Time) ([]*Beat, error) {
	if _, err := db.NewDelete().Model((*Beat)(nil)).Where("seen_at < ?", now.Add(-forget)).Exec(ctx); err != nil {
		return nil, postgres.Wrap(err, "forget heartbeats")
	}
	var beats []*Beat
	err := db.NewSelect().Model(&beats).Order("hb.seen_at DESC").Scan(ctx)
	return beats, postgres.Wrap(err, "heartbeats")
}

// Any tells whether a worker has been seen lately.
func Any(ctx context.Context, db bun.IDB, now time.Time) (bool, error) {
	exists, err := db.NewSelect().Model((*Beat)(nil)).Where("seen_at > ?", now.Add(-Alive)).Exists(ctx)
	return exists, postgres.Wrap(err, "heartbeat")
}
