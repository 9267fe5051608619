package pilot

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

const (
	// rollLock is the advisory lock of whoever adds events to figures.
	rollLock = 0x70696c6f74 // "pilot"
	// rollBatch is how many events one pass takes.
	rollBatch = 20_000
)

// eventsByUnit sums events by unit, course and day, for the unit of the event
// and every unit above it. It goes on from a WITH that names the events "due".
const eventsByUnit = `
	by_leaf AS (
		SELECT unit_id, course_id, (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
		       coalesce(sum(weight) FILTER (WHERE kind = 'enrolled'), 0) AS enrolled,
		       coalesce(sum(weight) FILTER (WHERE kind = 'started'), 0) AS started,
		       coalesce(sum(weight) FILTER (WHERE kind = 'completed'), 0) AS completed,
		       coalesce(sum(weight) FILTER (WHERE kind = 'passed'), 0) AS passed,
		       coalesce(sum(weight) FILTER (WHERE kind = 'graded'), 0) AS graded,
		       coalesce(sum(weight * score), 0) AS score_sum,
		       coalesce(sum(weight) FILTER (WHERE kind = 'independent'), 0) AS independent
		FROM due GROUP BY 1, 2, 3
	), by_unit AS (
		SELECT ur.ancestor_id AS unit_id, course_id, day,
		       sum(enrolled) AS enrolled, sum(started) AS started, sum(completed) AS completed,
		       sum(passed) AS passed, sum(graded) AS graded, sum(score_sum) AS score_sum, sum(independent) AS independent
		FROM by_leaf JOIN unit_reach ur ON ur.unit_id = by_leaf.unit_id
		GROUP BY 1, 2, 3
	), by_total AS (
		SELECT unit_id, course_id,
		       sum(enrolled) AS enrolled, sum(started) AS started, sum(completed) AS completed,
		       sum(passed) AS passed, sum(graded) AS graded, sum(score_sum) AS score_sum, sum(independent) AS independent
		FROM by_unit GROUP BY 1, 2
	)`

// addUp is the upsert's sum, the same for days and totals.
const addUp = `
	enrolled = f.enrolled + excluded.enrolled, started = f.started + excluded.started,
	completed = f.completed + excluded.completed, passed = f.passed + excluded.passed,
	graded = f.graded + excluded.graded, score_sum = f.score_sum + excluded.score_sum,
	independent = f.independent + excluded.independent`

// pastWatermark picks the events e that the figures do not hold yet. Written
// with scalar subqueries, so that it is a range of the index: as a join the
// planner would read every event there ever was.
const pastWatermark = "(e.xid, e.seq) > ((SELECT xid FROM pilot_watermark), (SELECT seq FROM pilot_watermark))"

// RollUp adds up to rollBatch events past the watermark to the figures and says
// how many; figures and watermark move in one transaction.
//
// An event is taken only when every transaction up to its own has ended
// (xid < pg_snapshot_xmin), so one that commits late is never passed over.
func (s *Service) RollUp(ctx context.Context) (int, error) {
	taken := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		// An advisory lock takes no transaction id, which would itself hold the horizon back.
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", rollLock); err != nil {
			return err
		}
		if foreign, err := watermarkIsForeign(ctx, tx); err != nil {
			return err
		} else if foreign {
			return errForeign
		}
		return tx.NewRaw(`
			WITH due AS MATERIALIZED (
				SELECT e.* FROM progress_events e
				WHERE `+pastWatermark+`
				  AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
				ORDER BY e.xid, e.seq LIMIT ?
			), `+eventsByUnit+`, days AS (
				INSERT INTO pilot_days AS f SELECT * FROM by_unit ORDER BY 1, 2, 3
				ON CONFLICT (unit_id, course_id, day) DO UPDATE SET `+addUp+`
			), totals AS (
				INSERT INTO pilot_totals AS f SELECT * FROM by_total ORDER BY 1, 2
				ON CONFLICT (unit_id, course_id) DO UPDATE SET `+addUp+`
			), last AS (
				SELECT xid, seq FROM due ORDER BY xid DESC, seq DESC LIMIT 1
			), moved AS (
				UPDATE pilot_watermark w SET xid = last.xid, seq = last.seq, rolled_at = clock_timestamp() FROM last
			)
			SELECT count(*) FROM due`, rollBatch).Scan(ctx, &taken)
	})
	if err == errForeign {
		return s.Recount(ctx)
	}
	return taken, postgres.Wrap(err, "roll up")
}

// errForeign says that the watermark was written by another cluster.
var errForeign = fmt.Errorf("watermark of another cluster")

// watermarkIsForeign tells whether the transaction ids in the tables come from
// another cluster: after a dump is restored into a new one, its ids start low
// again, and new events would lie before the old watermark for years.
func watermarkIsForeign(ctx context.Context, tx bun.IDB) (foreign bool, err error) {
	err = tx.NewRaw("SELECT xid > pg_snapshot_xmax(pg_current_snapshot()) FROM pilot_watermark").Scan(ctx, &foreign)
	return foreign, err
}

// Recount throws the figures away and makes them anew from all events; it says
// how many there were. Readers see the old figures until it commits.
func (s *Service) Recount(ctx context.Context) (int, error) {
	taken := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", rollLock); err != nil {
			return err
		}
		// Events of another cluster (see watermarkIsForeign) get the lowest
		// ids, so that every event of this cluster comes after them.
		if _, err := tx.ExecContext(ctx, `
			UPDATE progress_events SET xid = '1' WHERE xid >= pg_snapshot_xmax(pg_current_snapshot());
			DELETE FROM pilot_days; DELETE FROM pilot_totals`); err != nil {
			return err
		}
		return tx.NewRaw(`
			WITH due AS MATERIALIZED (
				SELECT * FROM progress_events WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
			), `+eventsByUnit+`, days AS (
				INSERT INTO pilot_days SELECT * FROM by_unit
			), totals AS (
				INSERT INTO pilot_totals SELECT * FROM by_total
			), last AS (
				SELECT coalesce(max(xid), '0') AS xid FROM due
			), moved AS (
				UPDATE pilot_watermark w SET xid = last.xid, rolled_at = clock_timestamp(),
				       seq = (SELECT coalesce(max(seq), 0) FROM due WHERE due.xid = last.xid) FROM last
			)
			SELECT count(*) FROM due`).Scan(ctx, &taken)
	})
	return taken, postgres.Wrap(err, "recount")
}

// Difference is a figure that is not what a recount says.
type Difference struct {
	What   string // where: unit code, course slug and day, or the ledger's line
	Stored string
	Counts string // as recounted
}

// Check recounts without changing anything and lists what differs, at most 100
// lines; none is the proof that figures equal events, and events equal records.
func (s *Service) Check(ctx context.Context) ([]Difference, error) {
	var differences []Difference
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	err := s.db.RunInTx(ctx, options, func(ctx context.Context, tx bun.Tx) error {
		for _, query := range []string{checkDays, checkTotals, checkRecords} {
			var some []Difference
			if err := tx.NewRaw(query).Scan(ctx, &some); err != nil {
				return err
			}
			differences = append(differences, some...)
		}
		return nil
	})
	return differences, postgres.Wrap(err, "check figures")
}

// rolled names the events that the figures should hold.
const rolled = `
	WITH due AS MATERIALIZED (
		SELECT e.* FROM progress_events e, pilot_watermark w WHERE (e.xid, e.seq) <= (w.xid, w.seq)
	), ` + eventsByUnit

const checkDays = rolled + `
	SELECT u.code || ' ' || c.slug || ' ' || day AS what,
	       concat_ws(' ', d.enrolled, d.started, d.completed, d.passed, d.graded, d.score_sum, d.independent) AS stored,
	       concat_ws(' ', b.enrolled, b.started, b.completed, b.passed, b.graded, b.score_sum, b.independent) AS counts
	FROM pilot_days d FULL JOIN by_unit b USING (unit_id, course_id, day)
	JOIN units u ON u.id = unit_id JOIN courses c ON c.id = course_id
	WHERE (d.enrolled, d.started, d.completed, d.passed, d.graded, d.score_sum, d.independent)
	      IS DISTINCT FROM (b.enrolled, b.started, b.completed, b.passed, b.graded, b.score_sum, b.independent)
	ORDER BY 1 LIMIT 100`

const checkTotals = rolled + `
	SELECT u.code || ' ' || c.slug AS what,
	       concat_ws(' ', d.enrolled, d.started, d.completed, d.passed, d.graded, d.score_sum, d.independent) AS stored,
	       concat_ws(' ', b.enrolled, b.started, b.completed, b.passed, b.graded, b.score_sum, b.independent) AS counts
	FROM pilot_totals d FULL JOIN by_total b USING (unit_id, course_id)
	JOIN units u ON u.id = unit_id JOIN courses c ON c.id = course_id
	WHERE (d.enrolled, d.started, d.completed, d.passed, d.graded, d.score_sum, d.independent)
	      IS DISTINCT FROM (b.enrolled, b.started, b.completed, b.passed, b.graded, b.score_sum, b.independent)
	ORDER BY 1 LIMIT 100`

// checkRecords holds events against the records that they tell of: all but
// those of guests and of enrolments that another counts for.
const checkRecords = `
	WITH events AS (SELECT kind, sum(weight) AS n FROM progress_events GROUP BY kind),
	counting AS (SELECT * FROM enrolments WHERE unit_id IS NOT NULL AND merged_into IS NULL),
	records (kind, n) AS (
		SELECT 'enrolled', count(*) FROM counting
		UNION ALL SELECT 'started', count(started_at) FROM counting
		UNION ALL SELECT 'passed', count(passed_at) FROM counting
		UNION ALL SELECT 'completed', count(completed_at) FROM counting
		UNION ALL SELECT 'independent', count(independent_at) FROM counting
		UNION ALL SELECT 'graded', count(*) FROM attempts a JOIN enrolments e ON e.id = a.enrolment_id
			WHERE a.state = 'graded' AND e.unit_id IS NOT NULL
	)
	SELECT 'events ' || kind AS what, coalesce(e.n, 0)::text AS stored, coalesce(r.n, 0)::text AS counts
	FROM events e FULL JOIN records r USING (kind)
	WHERE coalesce(e.n, 0) <> coalesce(r.n, 0) ORDER BY 1`
