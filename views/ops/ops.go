// Package ops shows operators what was promised to learners against what was done.
package ops

import (
	"context"
	"time"

	"hocso/internal/platform/heartbeat"
	"hocso/internal/platform/i18n"
	"hocso/internal/platform/queue"
	"hocso/internal/quiz"
	"hocso/views/text"
)

// Data is what the queue promise page shows.
type Data struct {
	Now     time.Time
	Waiting int        // attempts without a grade
	Oldest  *time.Time // when the oldest of them was submitted
	Behind  int        // events that the figures do not hold yet
	Ledger  quiz.Ledger
	Workers []*heartbeat.Beat

	RedisDown bool // then the rest is unknown
	Depth     queue.Depth
	Retrying  []queue.Task
	Archived  []queue.Task
}

// age is how long the oldest waits, in words.
func (d Data) age(ctx context.Context) string {
	if d.Oldest == nil {
		return "–"
	}
	return text.T(ctx, "ops.seconds", i18n.Decimal(ctx, d.Now.Sub(*d.Oldest).Seconds()))
}

func (d Data) alive(beat *heartbeat.Beat) bool { return d.Now.Sub(beat.SeenAt) < heartbeat.Alive }
