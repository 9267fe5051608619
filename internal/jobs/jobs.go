// Package jobs answers the bells: for each kind of work it drains what is due.
//
// It must never keep state of its own: what is due stands in PostgreSQL.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"hocso/internal/certificate"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/notify"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/heartbeat"
	"hocso/internal/platform/metrics"
	"hocso/internal/platform/queue"
	"hocso/internal/practice"
	"hocso/internal/program"
	"hocso/internal/quiz"
	"hocso/internal/roster"
)

// gradeBatch is how many attempts one transaction grades.
const gradeBatch = 100

// replayBatch is how many runs one transaction replays.
const replayBatch = 100

// evaluateBatch is how many people one transaction works out.
const evaluateBatch = 1000

// issueBatch is how many people's records one transaction brings up to date.
const issueBatch = 200

// sendLines is how many letters or short messages a worker hands over at once:
// most of the time each waits for the other side.
const sendLines = 4

// eraseBatch is how many people one transaction erases.
const eraseBatch = 10

// Deps are what the jobs work with.
type Deps struct {
	DB       *bun.DB
	Redis    *queue.Redis
	Quiz     *quiz.Service
	Practice *practice.Service
	Learner  *learner.Service
	Roster   *roster.Service
	Pilot    *pilot.Service
	Programs *program.Service
	Records  *certificate.Service
	Notices  *notify.Service
	Metrics  *metrics.Metrics
	Now      clock.Clock
	Log      *slog.Logger
}

// Run works until ctx ends, then finishes what it has begun.
func Run(ctx context.Context, d Deps) error {
	host, err := os.Hostname()
	if err != nil {
		host = "worker"
	}
	id := fmt.Sprintf("%s/%d/%d", host, os.Getpid(), d.Now().Unix())
	var beside sync.WaitGroup
	beside.Go(func() { heartbeat.Run(ctx, d.DB, id, d.Now, d.Log) })
	beside.Go(func() { tidy(ctx, d) })
	defer beside.Wait()

	d.Log.Info("working", "worker", id)
	return queue.Work(ctx, d.Redis, d.Log, []queue.Job{
		{Kind: quiz.GradeBell, Drain: gradeQuizzes(d), Parallel: 2},
		{Kind: practice.ReplayBell, Drain: replay(d), Parallel: 2},
		{Kind: course.ProgressBell, Drain: d.Pilot.RollUp, Parallel: 1},
		{Kind: program.EvaluateBell, Drain: evaluate(d), Parallel: 1},
		{Kind: certificate.IssueBell, Drain: issue(d), Parallel: 1},
		{Kind: certificate.PrintBell, Drain: d.Records.PrintDue, Parallel: 1},
		{Kind: notify.SendBell, Drain: d.Notices.SendDue, Parallel: sendLines},
		{Kind: roster.WorkBell, Drain: d.Roster.WorkDue, Parallel: 1},
		{Kind: learner.EraseBell, Drain: erase(d), Parallel: 1},
	})
}

// gradeQuizzes grades one batch and notes how long its learners waited.
func gradeQuizzes(d Deps) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		graded, err := d.Quiz.GradeDue(ctx, gradeBatch)
		for _, done := range graded {
			d.Metrics.Graded(done.GradedAt.Sub(done.SubmittedAt))
		}
		return len(graded), err
	}
}

// replay replays one batch of practice runs.
func replay(d Deps) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return d.Practice.ReplayDue(ctx, replayBatch) }
}

// evaluate works out where some people stand in their programmes; once nobody
// is left, heads of units are told who is late.
func evaluate(d Deps) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		n, err := d.Programs.EvaluateDue(ctx, evaluateBatch)
		if err == nil && n == 0 {
			_, err = d.Programs.EscalateDue(ctx)
		}
		return n, err
	}
}

// issue brings some people's records of completion up to date; once nobody is
// left, people are told of records that end soon.
func issue(d Deps) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		n, err := d.Records.IssueDue(ctx, issueBatch)
		if err == nil && n == 0 {
			return d.Records.WarnDue(ctx, issueBatch)
		}
		return n, err
	}
}

// erase forgets those who asked for it, a few at a time.
func erase(d Deps) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return d.Learner.EraseDue(ctx, eraseBatch) }
}

// tidy removes what has run out, once an hour. What fails is tried again in the next.
func tidy(ctx context.Context, d Deps) {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, old := range []struct {
			what   string
			remove func(context.Context) (int64, error)
		}{
			{"sessions", func(ctx context.Context) (int64, error) { return identity.NewStore(d.DB).Tidy(ctx, d.Now()) }},
			{"guests", d.Learner.TidyGuests},
			{"prints", d.Records.TidyPrints},
			{"notices", d.Notices.Tidy},
		} {
			rows, err := old.remove(ctx)
			switch {
			case err == nil:
				d.Log.Debug("tidied", "what", old.what, "rows", rows)
			case ctx.Err() == nil:
				d.Log.Error("tidying failed; it will be tried again in an hour", "what", old.what, "error", err)
			}
		}
	}
}
