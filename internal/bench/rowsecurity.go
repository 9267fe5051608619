package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// rowSecurity measures what a second wall of row-level security would cost: the
// same reading of one's own enrolments, with and without a policy that lets a
// transaction see the rows of the person it names. Above a tenth it is not
// worth having: every query carries its scope, the program's role owns nothing,
// and a test walks every route with every role.
func rowSecurity(ctx context.Context, r *rig, o Options) (Results, error) {
	if err := execAll(ctx, r.db,
		`CREATE TABLE walled_enrolments (LIKE enrolments INCLUDING ALL)`,
		`INSERT INTO walled_enrolments SELECT * FROM enrolments`,
		`ANALYZE walled_enrolments`,
		`ALTER TABLE walled_enrolments ENABLE ROW LEVEL SECURITY`,
		`CREATE POLICY own ON walled_enrolments USING (person_id = current_setting('hocso.person', true)::uuid)`,
	)(); err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, r.dbURL) // as the program does: policies don't bind an owner
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var people []uuid.UUID
	if err := r.db.NewRaw("SELECT person_id FROM enrolments LIMIT 1000").Scan(ctx, &people); err != nil {
		return nil, err
	}
	var version uuid.UUID
	plain, err := perSecond(o.Span, func(i int) error {
		return db.NewRaw("SELECT version_id FROM enrolments WHERE person_id = ?", people[i%len(people)]).Scan(ctx, &version)
	})
	if err != nil {
		return nil, err
	}
	walled, err := perSecond(o.Span, func(i int) error {
		person := people[i%len(people)]
		return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.NewRaw("SELECT set_config('hocso.person', ?, true)", person.String()).Exec(ctx); err != nil {
				return err
			}
			return tx.NewRaw("SELECT version_id FROM walled_enrolments WHERE person_id = ?", person).Scan(ctx, &version)
		})
	})
	return Results{
		figure("own enrolments, scope in the query", plain, "1/s"),
		figure("own enrolments, behind row-level security", walled, "1/s"),
		figure("cost of row-level security", 100*(1-walled/plain), "%"),
	}, err
}

// perSecond calls do from eight sides for a while.
func perSecond(span time.Duration, do func(i int) error) (float64, error) {
	var all sync.WaitGroup
	var done atomic.Int64
	var failed atomic.Pointer[error]
	until := time.Now().Add(span)
	began := time.Now()
	for range 8 {
		all.Go(func() {
			for time.Now().Before(until) && failed.Load() == nil {
				if err := do(int(done.Add(1))); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(done.Load()) / time.Since(began).Seconds(), nil
}
