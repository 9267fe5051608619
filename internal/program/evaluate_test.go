package program_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// town is a world with programmes and a clock that tests turn.
type town struct {
	*worldtest.World
	service  *program.Service
	now      time.Time
	province org.Scope
	people   []*identity.Person
	courses  []uuid.UUID
}

func newTown(t *testing.T, people int) *town {
	t.Helper()
	w := &town{World: worldtest.New(t), now: clock.System()}
	w.service = program.NewService(w.DB, w.Bell, func() time.Time { return w.now })
	w.province = org.Scope{Units: []uuid.UUID{w.Province.ID}}
	for i := range people {
		w.people = append(w.people, w.Learner(t, w.Hamlets[i%len(w.Hamlets)]))
	}
	w.courses = []uuid.UUID{w.Course.CourseID}
	for i := range 2 { // courses without lessons: a completion is all that is asked of them
		course, version := worldtest.ID(), worldtest.ID()
		w.exec(t, `WITH c AS (INSERT INTO courses (id, slug, track, skill, position, version_id) VALUES (?0, ?2, 'officials', 'safety', ?3, ?1))
			INSERT INTO course_versions (id, course_id, number, checksum, title, summary, minutes, cover, cover_alt, imported_at)
			VALUES (?1, ?0, 1, ?2, ?2, '', 45, '', '', now())`, course, version, fmt.Sprint("khoa-", i), i+2)
		w.courses = append(w.courses, course)
	}
	return w
}

func (w *town) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	_, err := w.DB.NewRaw(query, args...).Exec(ctx)
	must(t, err)
}

// complete notes that somebody completed a course, alone, now.
func (w *town) complete(t *testing.T, person, course uuid.UUID) {
	t.Helper()
	w.exec(t, `INSERT INTO enrolments (id, person_id, course_id, version_id, enrolled_at) SELECT ?0, ?1, c.id, c.version_id, ?2 FROM courses c WHERE c.id = ?3
		ON CONFLICT DO NOTHING`, worldtest.ID(), person, w.now, course)
	w.exec(t, "UPDATE enrolments SET started_at = coalesce(started_at, ?0), completed_at = coalesce(completed_at, ?0), independent_at = coalesce(independent_at, ?0) WHERE person_id = ?1 AND course_id = ?2",
		w.now, person, course)
}

// publish makes a programme hold, confirming whatever it warns of.
func (w *town) publish(t *testing.T, d *program.Definition) *program.Program {
	t.Helper()
	p, err := w.service.Create(ctx, w.province, audit.By{}, w.Province.ID, d)
	must(t, err)
	w.confirm(t, p)
	return p
}

func (w *town) confirm(t *testing.T, p *program.Program) {
	t.Helper()
	p, err := w.service.Find(ctx, w.province, p.ID)
	must(t, err)
	preview, err := w.service.Preview(ctx, p)
	must(t, err)
	_, err = w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, preview.People)
	must(t, err)
}

func (w *town) drain(t *testing.T) {
	t.Helper()
	for {
		n, err := w.service.EvaluateDue(ctx, 7) // less than there are: batches must not matter
		must(t, err)
		if n == 0 {
			return
		}
	}
}

func (w *town) definition(courses ...uuid.UUID) *program.Definition {
	d := program.New()
	d.Title, d.Decision.Number, d.Courses = "An toàn thông tin", "12/QĐ-UBND", courses
	due := clock.Day(w.now).AddDate(0, 0, 60)
	d.DueOn = &due
	return d
}

// standings is everything that an evaluation decides, as text.
func (w *town) standings(t *testing.T) []string {
	t.Helper()
	var rows []string
	must(t, w.DB.NewRaw(`SELECT row_to_json(a)::text FROM (SELECT program_id, person_id, unit_id, state, since, joined_on, cycle, window_from, due_on, completed_on, valid_until, steps, done, minutes, past
		FROM program_assignments ORDER BY program_id, person_id) a`).Scan(ctx, &rows))
	var wakes []string
	must(t, w.DB.NewRaw("SELECT person_id || ' ' || at FROM program_wakes ORDER BY 1").Scan(ctx, &wakes))
	var told []string
	must(t, w.DB.NewRaw("SELECT person_id || ' ' || occasion FROM notices ORDER BY 1").Scan(ctx, &told))
	return slices.Concat(rows, wakes, told)
}

// TestIncrementalEqualsFull is the property that everything rests on: over made-up
// histories of moves, roles, appointments, completions, exemptions,
// extensions, certificates, rule changes and passing days, what was worked out
// from changes alone is what working out everybody gives, and figures equal a
// recount.
func TestIncrementalEqualsFull(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newTown(t, 12)
			random := rand.New(rand.NewPCG(seed, 7))
			units := append(slices.Clone(w.Hamlets), w.Communes...)
			anyone := func() uuid.UUID { return w.people[random.IntN(len(w.people))].ID }
			approver := w.Learner(t, w.Hamlets[0]).ID
			var programs []*program.Program
			for i := range 4 {
				programs = append(programs, w.publish(t, w.random(random, programs, i)))
			}
			deeds := []struct {
				name string
				do   func()
			}{
				{"move", func() {
					w.exec(t, "UPDATE people SET home_unit_id = ? WHERE id = ?", units[random.IntN(len(units))].ID, anyone())
				}},
				{"role", func() {
					w.exec(t, "INSERT INTO role_grants (id, person_id, role, unit_id, starts_at) VALUES (?, ?, 'official', ?, ?) ON CONFLICT DO NOTHING",
						worldtest.ID(), anyone(), units[random.IntN(len(units))].ID, w.now.Add(time.Duration(random.IntN(72)-36)*time.Hour))
				}},
				{"role ends", func() {
					w.exec(t, "UPDATE role_grants SET ends_at = greatest(starts_at + interval '1 s', ?) WHERE person_id = ? AND role = 'official' AND ends_at IS NULL",
						w.now.Add(time.Duration(random.IntN(48))*time.Hour), anyone())
				}},
				{"office", func() {
					w.exec(t, "INSERT INTO appointments (id, person_id, unit_id, position, head, starts_on) VALUES (?, ?, ?, ?, false, ?::date) ON CONFLICT DO NOTHING",
						worldtest.ID(), anyone(), units[random.IntN(len(units))].ID, []string{"Chuyên viên", "Phó Chủ tịch"}[random.IntN(2)], w.now.AddDate(0, 0, random.IntN(20)-15).Format(time.DateOnly))
				}},
				{"office ends", func() {
					w.exec(t, "UPDATE appointments SET ends_on = greatest(starts_on, ?::date) WHERE person_id = ?", w.now.AddDate(0, 0, random.IntN(5)).Format(time.DateOnly), anyone())
				}},
				{"suspend", func() { w.exec(t, "UPDATE people SET suspended_at = ? WHERE id = ?", w.now, anyone()) }},
				{"restore", func() { w.exec(t, "UPDATE people SET suspended_at = NULL WHERE id = ?", anyone()) }},
				{"complete", func() { w.complete(t, anyone(), w.courses[random.IntN(len(w.courses))]) }},
				{"complete", func() { w.complete(t, anyone(), w.courses[random.IntN(len(w.courses))]) }},
				{"begin", func() {
					w.exec(t, "UPDATE enrolments SET started_at = ? WHERE person_id = ? AND started_at IS NULL", w.now, anyone())
				}},
				{"elsewhere", func() {
					id, course := worldtest.ID(), w.courses[random.IntN(len(w.courses))]
					w.exec(t, `INSERT INTO external_certificates (id, person_id, title, issuer, issued_on, minutes, link, state, made_at)
						VALUES (?, ?, 'Khóa khác', 'One Touch', ?::date, 90, 'https://example.vn', 'waiting', ?)`, id, anyone(), w.now.Format(time.DateOnly), w.now)
					must(t, w.service.Decide(ctx, w.province, audit.By{ActorID: &approver}, id, true, []*uuid.UUID{nil, &course}[random.IntN(2)], 90, ""))
				}},
				{"ruling", func() {
					var open []uuid.UUID
					must(t, w.DB.NewRaw("SELECT id FROM program_assignments WHERE state <> 'released' ORDER BY person_id, program_id").Scan(ctx, &open))
					if len(open) == 0 {
						return
					}
					a, until := open[random.IntN(len(open))], clock.Day(w.now).AddDate(0, 0, 1+random.IntN(90))
					var err error
					switch random.IntN(3) {
					case 0:
						err = w.service.Exempt(ctx, w.province, audit.By{}, a, &until, "nghỉ sinh")
					case 1:
						err = w.service.Extend(ctx, w.province, audit.By{}, a, until, "đi công tác")
					default:
						err = w.service.Enforce(ctx, w.province, audit.By{}, a)
					}
					if err != nil && !fault.Is(err, fault.Invalid) {
						t.Fatal(err)
					}
				}},
				{"rule", func() {
					i := random.IntN(len(programs))
					p, err := w.service.Find(ctx, w.province, programs[i].ID)
					must(t, err)
					_, err = w.service.Save(ctx, w.province, audit.By{}, p.ID, p.Revision, w.random(random, programs[:i], i))
					must(t, err)
					w.confirm(t, p)
				}},
				{"tree", func() {
					must(t, org.NewStore(w.DB).Add(ctx, []*org.Unit{{ID: worldtest.ID(), Code: worldtest.ID().String()[:13], Name: "Thôn mới", Kind: org.Hamlet, ParentID: &w.Communes[0].ID, ValidFrom: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}}))
				}},
				{"days pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(40*24)) * time.Hour) }},
				{"days pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(10*24)) * time.Hour) }},
			}
			w.drain(t)
			for step := range 60 {
				deed := deeds[random.IntN(len(deeds))]
				deed.do()
				w.drain(t)
				incremental := w.standings(t)
				w.exec(t, "INSERT INTO program_touched (person_id) SELECT id FROM people")
				w.drain(t)
				if full := w.standings(t); !slices.Equal(incremental, full) {
					t.Fatalf("after step %d (%s):\nfrom changes %s\nin full      %s", step, deed.name, missing(incremental, full), missing(full, incremental))
				}
				differ, err := w.service.Check(ctx)
				must(t, err)
				if differ != 0 {
					t.Fatalf("after step %d (%s) %d figures differ from a recount", step, deed.name, differ)
				}
			}
		})
	}
}

// random makes a definition that depends on no programme but those before it.
func (w *town) random(random *rand.Rand, before []*program.Program, i int) *program.Definition {
	d := w.definition(w.courses[random.IntN(3)])
	d.Rhythm = program.Rhythms[(i+random.IntN(2))%3]
	if random.IntN(2) == 0 {
		d.Audience.Units = []uuid.UUID{w.Communes[random.IntN(2)].ID}
	}
	if random.IntN(3) == 0 {
		d.Audience.Except = []uuid.UUID{w.Hamlets[random.IntN(4)].ID}
	}
	switch random.IntN(4) {
	case 0:
		d.Audience.Roles = []identity.Role{identity.Official}
	case 1:
		d.Audience.Positions = []string{"phó chủ tịch"}
	case 2:
		from := clock.Day(w.now).AddDate(0, 0, -10)
		d.Audience.From = &from
	}
	if d.Rhythm == program.Yearly && random.IntN(2) == 0 {
		d.Tiet = 2
	}
	if len(before) > 0 && random.IntN(2) == 0 {
		ref := []program.Ref{{Program: &before[random.IntN(len(before))].ID}}
		if random.IntN(2) == 0 {
			d.Audience.Done = ref
		} else {
			d.Audience.NotDone = ref
		}
	}
	if random.IntN(3) == 0 {
		d.DueOn, d.DueDays = nil, 20+random.IntN(30)
	}
	return d
}

func missing(from, in []string) []byte {
	lines := slices.DeleteFunc(slices.Clone(from), func(line string) bool { return slices.Contains(in, line) })
	text, _ := json.MarshalIndent(lines, "", " ")
	return text
}
