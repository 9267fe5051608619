package bench

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"hocso/internal/course"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/quiz"
)

// grading measures attempts per second from the form to the grade, and how
// that compares with PostgreSQL doing the same writes with nothing around them.
func grading(ctx context.Context, r *rig, o Options) (Results, error) {
	began := time.Now()
	sent := crowd(r.addr, clients, fasthttp.StatusSeeOther, func(i int, request *fasthttp.Request) bool {
		if i > o.Attempts {
			return false
		}
		fillIn(request, i)
		return true
	})
	if sent.wrong != nil {
		return nil, sent.wrong
	}
	if err := r.waitGraded(ctx); err != nil {
		return nil, err
	}
	var facts struct {
		Last     time.Time
		P50, P99 float64
	}
	err := r.db.NewRaw(`
		SELECT max(graded_at) AS last,
		       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM graded_at - submitted_at)) * 1000 AS p50,
		       percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM graded_at - submitted_at)) * 1000 AS p99
		FROM attempts`).Scan(ctx, &facts)
	if err != nil {
		return nil, err
	}
	if err := r.nothingLost(ctx, o.Attempts); err != nil {
		return nil, err
	}
	ours := float64(o.Attempts) / facts.Last.Sub(began).Seconds()
	r.graded = ours
	o.Progress("measuring: the same writes by pgbench")
	bare, err := r.pgbench(ctx, o.Attempts)
	if err != nil {
		return nil, err
	}
	return Results{
		figure("graded attempts, end to end", ours, "1/s"),
		figure("submit request p50", percentile(sent.each, 50), "ms"),
		figure("submit request p99", percentile(sent.each, 99), "ms"),
		figure("submit to graded p50", facts.P50, "ms"),
		figure("submit to graded p99", facts.P99, "ms"),
		figure("the same writes by pgbench", bare, "1/s"),
		atLeast("graded attempts over pgbench", ours/bare, "ratio", 0.4),
	}, nil
}

// fillIn writes the i-th learner's submission.
func fillIn(request *fasthttp.Request, i int) {
	request.Header.SetMethod(fasthttp.MethodPost)
	request.SetRequestURI(fmt.Sprintf("/attempts/%s0000000-0000-7000-8000-%012x/submit", kindAttempt, i))
	request.Header.SetCookie("hocso_session", token(i))
	form := request.PostArgs()
	form.Set("submission", uuid.NewString())
	for question := 1; question <= 10; question++ {
		option := "a"
		if (i+question)%4 == 0 {
			option = "b"
		}
		form.Set(fmt.Sprintf("q.cau-%d", question), option)
	}
	request.Header.SetContentType("application/x-www-form-urlencoded")
	request.SetBody(form.QueryString())
}

func (r *rig) waitGraded(ctx context.Context) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		waiting, _, err := quiz.NewStore(r.db).Waiting(ctx)
		if err != nil || waiting == 0 {
			return err
		}
	}
	return errors.New("some attempts were not graded within a minute")
}

// nothingLost makes sure that every attempt was graded once and counted once.
func (r *rig) nothingLost(ctx context.Context, attempts int) error {
	ledger, err := quiz.NewStore(r.db).Reconcile(ctx)
	if err != nil {
		return err
	}
	if ledger.Graded != attempts || ledger.Lost() != 0 || ledger.Doubled() != 0 {
		return fmt.Errorf("of %d attempts: %+v", attempts, ledger)
	}
	figures := pilot.NewService(r.db, course.NewLibrary(course.NewStore(r.db)), clock.System)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if behind, err := figures.Behind(ctx); err != nil {
			return err
		} else if behind == 0 {
			break
		}
		if time.Now().After(deadline) {
			return errors.New("the figures did not catch up within a minute")
		}
	}
	if differences, err := figures.Check(ctx); err != nil || len(differences) > 0 {
		return fmt.Errorf("figures differ from a recount: %v, %v", differences, err)
	}
	return nil
}

// minimal is what PostgreSQL must write for one attempt, one by one: the
// answers and the receipt in one transaction; in another the grade, the
// enrolment's best score and the event. No session is read, nothing is graded,
// rendered or counted.
//
//go:embed minimal.sql
var minimal string

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench runs the minimal writes on copies of the tables, with as many
// clients, and gives attempts per second.
func (r *rig) pgbench(ctx context.Context, attempts int) (float64, error) {
	program, err := findPgbench()
	if err != nil {
		return 0, err
	}
	err = execAll(ctx, r.db,
		`CREATE TABLE bare_attempts (LIKE attempts INCLUDING ALL)`, `CREATE TABLE bare_enrolments (LIKE enrolments INCLUDING ALL)`,
		`CREATE TABLE bare_events (LIKE progress_events INCLUDING ALL)`, `CREATE SEQUENCE bare_next`,
		`INSERT INTO bare_enrolments SELECT id, person_id, course_id, version_id, unit_id, enrolled_at, started_at FROM enrolments`,
		`INSERT INTO bare_attempts (id, enrolment_id, person_id, quiz_id, state, opened_at) SELECT id, enrolment_id, person_id, quiz_id, 'open', opened_at FROM attempts`,
		`ANALYZE`)()
	if err != nil {
		return 0, err
	}
	script := filepath.Join(r.dir, "minimal.sql")
	if err := writeFile(script, minimal); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, program, "--no-vacuum", "--client", strconv.Itoa(clients), "--jobs", "2",
		"--transactions", strconv.Itoa(attempts/clients), "--file", script, r.dbURL).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w: %s", err, strings.TrimSpace(string(out)))
	}
	match := tps.FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("pgbench told no rate: %s", out)
	}
	return strconv.ParseFloat(string(match[1]), 64)
}

// findPgbench finds pgbench on the path or where Debian puts it.
func findPgbench() (string, error) {
	if program, err := exec.LookPath("pgbench"); err == nil {
		return program, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		return "", errors.New("pgbench is not installed; on Debian it comes with the package postgresql")
	}
	return found[len(found)-1], nil
}
