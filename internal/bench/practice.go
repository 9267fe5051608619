package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/valyala/fasthttp"

	"hocso/internal/practice"
)

// practised is the scenario that is measured; playable is the person whose run
// stays open for the page's weight.
const (
	practised = "quet-ma-qr"
	playable  = 1
)

// way is one right way through it.
var way = []practice.Step{
	{Element: "lay-may", Time: 2000}, {Element: "ngan-hang", Time: 4000}, {Element: "quet", Time: 6000}, {Element: "thay-ma", Time: 9000},
	{Element: "hoi", Time: 14000}, {Element: "tra-tiep", Time: 20000}, {Element: "tien", Answer: 1, Time: 26000}, {Element: "tiep", Time: 27000},
	{Element: "pin", Answer: 1, Time: 33000}, {Element: "tra", Time: 34000},
}

func runPath(n int) string {
	return fmt.Sprintf("/practice/runs/%s0000000-0000-7000-8000-%012x", kindRun, n)
}

// practising measures practice runs per second, from the log that a phone
// sends to what it came to and where its learner stands in the course that
// holds it, beside the quiz's in the same run.
func practising(ctx context.Context, r *rig, o Options) (Results, error) {
	if err := r.openRuns(ctx, o.Attempts); err != nil {
		return nil, err
	}
	if err := execAll(ctx, r.db,
		`INSERT INTO course_practices (version_id, scenario, after, title, minutes) VALUES (`+id(kindVersion, "1")+`, ?0, 1, 'Trả tiền', 3)`,
		`ANALYZE`)(practised); err != nil {
		return nil, err
	}
	log, err := json.Marshal(way)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	sent := crowd(r.addr, clients, fasthttp.StatusSeeOther, func(i int, request *fasthttp.Request) bool {
		if i > o.Attempts-1 {
			return false
		}
		person := i + 1 // the first one's run stays open
		request.Header.SetMethod(fasthttp.MethodPost)
		request.SetRequestURI(runPath(person) + "/log")
		request.Header.SetCookie("hocso_session", token(person))
		form := request.PostArgs()
		form.SetBytesV("log", log)
		request.Header.SetContentType("application/x-www-form-urlencoded")
		request.SetBody(form.QueryString())
		return true
	})
	if sent.wrong != nil {
		return nil, sent.wrong
	}
	if err := r.waitReplayed(ctx); err != nil {
		return nil, err
	}
	var facts struct {
		Last     time.Time
		Right    int
		P50, P99 float64
	}
	if err := r.db.NewRaw(`
		SELECT max(graded_at) AS last, count(*) FILTER (WHERE outcome = 'done') AS right,
		       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM graded_at - submitted_at)) * 1000 AS p50,
		       percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM graded_at - submitted_at)) * 1000 AS p99
		FROM practice_runs`).Scan(ctx, &facts); err != nil {
		return nil, err
	}
	if facts.Right != o.Attempts-1 {
		return nil, fmt.Errorf("of %d runs %d came to what they should", o.Attempts-1, facts.Right)
	}
	ours := float64(o.Attempts-1) / facts.Last.Sub(began).Seconds()
	results := Results{
		figure("practice runs replayed, end to end", ours, "1/s"),
		figure("sending a log p99", percentile(sent.each, 99), "ms"),
		figure("log to result p50", facts.P50, "ms"),
		figure("log to result p99", facts.P99, "ms"),
	}
	if r.graded > 0 {
		results = append(results, atLeast("practice runs over graded attempts", ours/r.graded, "ratio", 1))
	}
	return results, nil
}

// openRuns has the first so many people in the middle of a run, those who are
// not yet.
func (r *rig) openRuns(ctx context.Context, people int) error {
	return execAll(ctx, r.db,
		`INSERT INTO practice_runs (id, person_id, scenario, version_id, variant, state, begun_at, support)
			SELECT `+id(kindRun, "n")+`, `+id(kindPerson, "n")+`, ?1, (SELECT version_id FROM scenarios WHERE slug = ?1), 'dung-ma', 'open', now() - interval '1 minute', 'self'
			FROM generate_series(1, ?0) n ON CONFLICT DO NOTHING`)(people, practised)
}

func (r *rig) waitReplayed(ctx context.Context) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		waiting, _, err := practice.NewStore(r.db).Waiting(ctx)
		if err != nil || waiting == 0 {
			return err
		}
	}
	return errors.New("some runs were not replayed within a minute")
}
