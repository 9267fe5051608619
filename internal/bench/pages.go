package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"hocso/internal/course"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
)

const (
	coursePage = "/courses/dung-internet"
	lessonPage = "/courses/dung-internet/lessons/internet-la-gi"
)

// pages measures how many lesson and course pages a second are served.
func pages(_ context.Context, r *rig, o Options) (Results, error) {
	var results Results
	for _, page := range []struct {
		name, path string
		person     int
	}{{"lesson page, signed in", lessonPage, 2}, {"lesson page, anonymous", lessonPage, 0}, {"course page, signed in", coursePage, 2}} {
		met := reading(r.addr, pageClients, o.Span, page.path, page.person)
		if met.wrong != nil {
			return nil, met.wrong
		}
		results = append(results,
			figure(page.name, met.perSecond(), "1/s"),
			figure(page.name+" p50", percentile(met.each, 50), "ms"),
			figure(page.name+" p99", percentile(met.each, 99), "ms"))
	}
	alone := reading(r.addr, 1, o.Span/2, lessonPage, 2)
	return append(results, figure("lesson page, one reader, p50", percentile(alone.each, 50), "ms")), alone.wrong
}

// weight counts the bytes that a phone receives for a lesson and for a practice.
func weight(ctx context.Context, r *rig, _ Options) (Results, error) {
	lesson, err := r.visit(lessonPage, 0)
	if err != nil {
		return nil, err
	}
	if err := r.openRuns(ctx, playable); err != nil {
		return nil, err
	}
	practice, err := r.visit(runPath(playable), playable)
	if err != nil {
		return nil, err
	}
	return Results{
		atMost("first visit of a lesson", lesson.first, "KB", 100),
		atMost("its HTML", lesson.html, "KB", 12),
		atMost("second visit", lesson.again, "KB", 10),
		atMost("first visit of a practice", practice.first, "KB", 120),
		figure("its HTML", practice.html, "KB"),
		atMost("second visit of a practice", practice.again, "KB", 10),
	}, nil
}

// visited is what a phone receives for a page, headers included, in KB: on a
// first visit (page, style sheet, scripts, all fonts, pictures), and on a
// second, when everything that may be kept for ever is kept.
type visited struct{ first, html, again float64 }

// visit looks at a page as the n-th person, 0 for nobody.
func (r *rig) visit(path string, person int) (visited, error) {
	page, _, err := r.getAs(path, person)
	if err != nil {
		return visited{}, err
	}
	plain, err := page.plain()
	if err != nil {
		return visited{}, err
	}
	total, again := page.bytes, page.bytes
	wanted := loads(plain)
	for i := 0; i < len(wanted); i++ { // what is loaded may load more
		part, keep, err := r.getAs(wanted[i], person)
		if err != nil {
			return visited{}, err
		}
		total += part.bytes
		if !keep {
			again += part.bytes
		}
		text, err := part.plain()
		if err != nil {
			return visited{}, err
		}
		switch {
		case strings.HasSuffix(wanted[i], ".css"):
			wanted = append(wanted, fontsOf(text)...)
		case strings.HasSuffix(wanted[i], ".js"):
			for _, module := range modulesOf(text) {
				if !slices.Contains(wanted, module) {
					wanted = append(wanted, module)
				}
			}
		}
	}
	kb := func(bytes int) float64 { return float64(bytes) / 1000 }
	return visited{first: kb(total), html: kb(page.bytes), again: kb(again)}, nil
}

// received is one answer as it came over the wire.
type received struct {
	bytes    int
	response *fasthttp.Response
}

func (p received) plain() (string, error) {
	body, err := p.response.BodyUncompressed()
	return string(body), err
}

// getAs asks as a phone of the n-th person does, 0 for nobody; keep tells
// whether the browser may keep the answer for ever.
func (r *rig) getAs(path string, person int) (got received, keep bool, err error) {
	request := fasthttp.AcquireRequest()
	if person > 0 {
		request.Header.SetCookie("hocso_session", token(person))
	}
	request.SetRequestURI("http://" + r.addr + path)
	request.Header.Set("Accept-Encoding", "gzip, br")
	response := fasthttp.AcquireResponse()
	if err := fasthttp.Do(request, response); err != nil {
		return got, false, err
	}
	if response.StatusCode() != fasthttp.StatusOK {
		return got, false, fmt.Errorf("%s: status %d", path, response.StatusCode())
	}
	size := len(response.Header.Header()) + len(response.Body())
	return received{size, response}, strings.Contains(string(response.Header.Peek("Cache-Control")), "immutable"), nil
}

var (
	loaded = regexp.MustCompile(`<(?:link|img|script)[^>]*? (?:href|src)="([^"]+)"`)
	urls   = regexp.MustCompile(`url\(["']?([^"')]+\.woff2)["']?\)`)
	module = regexp.MustCompile(`from\s*"\./([^"]+\.js)"`)
)

// loads lists what a page makes the browser fetch, each once.
func loads(html string) []string { return once(loaded.FindAllStringSubmatch(html, -1), "") }

// fontsOf lists the fonts of a style sheet, each once.
func fontsOf(css string) []string { return once(urls.FindAllStringSubmatch(css, -1), "/static/") }

// modulesOf lists what a script imports, each once.
func modulesOf(script string) []string {
	return once(module.FindAllStringSubmatch(script, -1), "/static/")
}

func once(matches [][]string, prefix string) []string {
	var all []string
	for _, match := range matches {
		if path := prefix + match[1]; !slices.Contains(all, path) {
			all = append(all, path)
		}
	}
	return all
}

// province measures the page of a whole province, over many learners.
func province(ctx context.Context, r *rig, o Options) (Results, error) {
	if err := addHistory(ctx, r, o.Learners); err != nil {
		return nil, err
	}
	figures := pilot.NewService(r.db, course.NewLibrary(course.NewStore(r.db)), clock.System)
	if _, err := figures.Recount(ctx); err != nil {
		return nil, err
	}
	if err := execAll(ctx, r.db, "VACUUM ANALYZE pilot_days", "VACUUM ANALYZE pilot_totals")(); err != nil {
		return nil, err
	}
	met := reading(r.addr, provinceAsks, o.Span, "/pilot/48?sort=enrolled&dir=desc", admin)
	if met.wrong != nil {
		return nil, met.wrong
	}
	return Results{
		figure("province page", met.perSecond(), "1/s"),
		figure("province page p50", percentile(met.each, 50), "ms"),
		atMost("province page p99", percentile(met.each, 99), "ms", 50),
	}, nil
}

// addHistory makes up ninety days of learning of many people in all communes
// and courses.
func addHistory(ctx context.Context, r *rig, learners int) error {
	const first = 10_000_000 // above every number that seed used
	return execAll(ctx, r.db,
		`INSERT INTO people (id, full_name, birth_year, home_unit_id, created_at, registered_at) SELECT `+id(kindPerson, "?0 + n")+`, 'Người ' || n, 1960, `+id(kindUnit, "1 + n % ?2")+`, now(), now() FROM generate_series(1, ?1) n`,
		`INSERT INTO enrolments (id, person_id, course_id, version_id, unit_id, enrolled_at)
			SELECT `+id(kindEnrolment, "?0 + n")+`, `+id(kindPerson, "?0 + n")+`, c.id, c.version_id, `+id(kindUnit, "1 + n % ?2")+`,
			       now() - (n / ?2 % 90) * interval '1 day'
			FROM generate_series(1, ?1) n JOIN (SELECT id, version_id, row_number() OVER () - 1 AS i FROM courses) c ON c.i = n / ?2 % ?3`,
		`INSERT INTO progress_events (kind, person_id, unit_id, course_id, enrolment_id, at)
			SELECT k, person_id, unit_id, course_id, id, enrolled_at FROM enrolments, unnest('{enrolled,started,passed,completed}'::text[]) k
			WHERE id > `+id(kindEnrolment, "?0"),
		`ANALYZE`,
	)(first, learners, communes, courses)
}

// memory reads the most memory that the processes ever had.
func memory(_ context.Context, r *rig, _ Options) (Results, error) {
	var results Results
	for _, process := range []struct {
		name string
		pid  int
	}{{"serve", r.serve.Process.Pid}, {"work", r.work.Process.Pid}} {
		peak, err := peakMemory(process.pid)
		if err != nil {
			return nil, fmt.Errorf("memory of %s: %w", process.name, err)
		}
		results = append(results, atMost("peak memory of "+process.name, peak, "MB", 150))
	}
	return results, nil
}

// peakMemory is the most memory that a process ever had, in MB.
func peakMemory(pid int) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0, errors.New("this system has no /proc")
	}
	if err != nil {
		return 0, err
	}
	match := peak.FindSubmatch(raw)
	if match == nil {
		return 0, errors.New("no VmHWM")
	}
	kib, err := strconv.Atoi(string(match[1]))
	return float64(kib) * 1024 / 1e6, err
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

func writeFile(path, text string) error { return os.WriteFile(path, []byte(text), 0o644) }
