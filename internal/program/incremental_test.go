package program_test

import (
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
			approver, twin := w.Learner(t, w.Hamlets[0]).ID, w.Learner(t, w.Hamlets[1]).ID
			var programs []*program.Program
			for i := range 4 {
				programs = append(programs, w.publish(t, w.random(random, programs, i)))
			}
			deeds := []struct {
				name string
				do   func()
			}{
				{"move", func() {
					w.Exec(t, "UPDATE people SET home_unit_id = ? WHERE id = ?", units[random.IntN(len(units))].ID, anyone())
				}},
				{"role", func() {
					w.Exec(t, "INSERT INTO role_grants (id, person_id, role, unit_id, starts_at) VALUES (?, ?, 'official', ?, ?) ON CONFLICT DO NOTHING",
						worldtest.ID(), anyone(), units[random.IntN(len(units))].ID, w.now.Add(time.Duration(random.IntN(72)-36)*time.Hour))
				}},
				{"role", func() {
					w.Exec(t, "INSERT INTO role_grants (id, person_id, role, unit_id, starts_at) VALUES (?, ?, 'official', ?, ?) ON CONFLICT DO NOTHING", worldtest.ID(), anyone(), units[0].ID, w.now)
				}},
				{"role ends", func() {
					w.Exec(t, `UPDATE role_grants SET ends_at = greatest(starts_at + interval '1 s', ?)
						WHERE id = (SELECT id FROM role_grants WHERE role = 'official' AND ends_at IS NULL ORDER BY starts_at LIMIT 1)`,
						w.now.Add(time.Duration(1+random.IntN(48))*time.Hour))
				}},
				{"office", func() {
					w.Exec(t, "INSERT INTO appointments (id, person_id, unit_id, position, head, starts_on) VALUES (?, ?, ?, ?, ?, ?::date) ON CONFLICT DO NOTHING",
						worldtest.ID(), anyone(), units[random.IntN(len(units))].ID, []string{"Chuyên viên", "Phó Chủ tịch"}[random.IntN(2)], random.IntN(3) == 0, w.now.AddDate(0, 0, random.IntN(20)-15).Format(time.DateOnly))
				}},
				{"office ends", func() {
					w.Exec(t, "UPDATE appointments SET ends_on = greatest(starts_on, ?::date) WHERE person_id = ?", w.now.AddDate(0, 0, random.IntN(5)).Format(time.DateOnly), anyone())
				}},
				{"suspend", func() { w.Exec(t, "UPDATE people SET suspended_at = ? WHERE id = ?", w.now, anyone()) }},
				{"restore", func() { w.Exec(t, "UPDATE people SET suspended_at = NULL WHERE id = ?", anyone()) }},
				{"complete", func() { w.complete(t, anyone(), w.courses[random.IntN(len(w.courses))]) }},
				{"complete", func() { w.complete(t, anyone(), w.courses[random.IntN(len(w.courses))]) }},
				{"pass again", func() {
					var enrolled []uuid.UUID
					must(t, w.DB.NewRaw("SELECT id FROM enrolments WHERE independent_at IS NOT NULL AND merged_into IS NULL ORDER BY id").Scan(ctx, &enrolled))
					if len(enrolled) > 0 {
						w.passAgain(t, enrolled[random.IntN(len(enrolled))])
					}
				}},
				{"merge", func() { w.mergeOrPart(t, w.people[0].ID, twin) }},
				{"merge", func() { w.mergeOrPart(t, w.people[0].ID, twin) }},
				{"twin", func() {
					var merged bool
					must(t, w.DB.NewRaw("SELECT merged_into IS NOT NULL FROM people WHERE id = ?", twin).Scan(ctx, &merged))
					if !merged { // else nobody can learn as them
						w.complete(t, twin, w.courses[random.IntN(len(w.courses))])
					}
				}},
				{"close", func() {
					if random.IntN(3) == 0 && len(programs) > 2 {
						last := programs[len(programs)-1]
						p, err := w.service.Find(ctx, w.province, last.ID)
						must(t, err)
						must(t, w.service.Close(ctx, w.province, audit.By{}, p.ID, p.Revision))
						programs = programs[:len(programs)-1]
					}
				}},
				{"begin", func() {
					w.Exec(t, "UPDATE enrolments SET started_at = ? WHERE person_id = ? AND started_at IS NULL", w.now, anyone())
				}},
				{"elsewhere", func() {
					id, course := worldtest.ID(), w.courses[random.IntN(len(w.courses))]
					w.Exec(t, `INSERT INTO external_certificates (id, person_id, title, issuer, issued_on, minutes, link, state, made_at)
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
					p, err = w.service.Save(ctx, w.province, audit.By{}, p.ID, p.Revision, w.random(random, programs[:i], i))
					must(t, err)
					preview, err := w.service.Preview(ctx, p)
					must(t, err)
					was := w.members(t, p.ID)
					w.Confirm(t, w.service, p.ID)
					w.drain(t)
					if is := w.members(t, p.ID); preview.People != is || preview.Joins-preview.Leaves != is-was {
						t.Errorf("of %d people %d were to join and %d to leave, %d in all; %d are in it", was, preview.Joins, preview.Leaves, preview.People, is)
					}
				}},
				{"tree", func() {
					must(t, org.NewStore(w.DB).Add(ctx, []*org.Unit{{ID: worldtest.ID(), Code: worldtest.ID().String()[:13], Name: "Thôn mới", Kind: org.Hamlet, ParentID: &w.Communes[0].ID, ValidFrom: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}}))
				}},
				{"reform", func() { // a hamlet goes to the other commune, with everybody in it
					hamlet, to := w.Hamlets[random.IntN(4)].ID, w.Communes[random.IntN(2)].ID
					w.Exec(t, "DELETE FROM unit_reach WHERE unit_id = ?0 AND ancestor_id IN (SELECT parent_id FROM units WHERE id = ?0)", hamlet)
					w.Exec(t, "UPDATE units SET parent_id = ?1 WHERE id = ?0", hamlet, to)
					w.Exec(t, "INSERT INTO unit_reach (ancestor_id, unit_id, depth) VALUES (?1, ?0, 1)", hamlet, to)
				}},
				{"days pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(40*24)) * time.Hour) }},
				{"hours pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(50)) * time.Hour) }},
				{"hours pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(50)) * time.Hour) }},
				{"days pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(10*24)) * time.Hour) }},
			}
			w.drain(t)
			for step := range 80 {
				deed := deeds[random.IntN(len(deeds))]
				deed.do()
				w.drain(t)
				incremental := w.standings(t)
				w.Exec(t, "INSERT INTO program_touched (person_id) SELECT id FROM people")
				w.drain(t)
				if full := w.standings(t); !slices.Equal(incremental, full) {
					t.Fatalf("after step %d (%s):\nfrom changes %s\nin full      %s", step, deed.name, missing(incremental, full), missing(full, incremental))
				}
				differ, err := w.service.Check(ctx)
				must(t, err)
				if len(differ) > 0 {
					t.Fatalf("after step %d (%s) figures differ from a recount: %s", step, deed.name, differ)
				}
			}
			w.followsTheMachine(t)
		})
	}
}

// passAgain notes that the check of a completed course was passed once more, alone.
func (w *town) passAgain(t *testing.T, enrolment uuid.UUID) {
	t.Helper()
	id := worldtest.ID()
	w.Exec(t, `INSERT INTO attempts (id, enrolment_id, person_id, quiz_id, state, opened_at) SELECT ?, id, person_id, ?, 'open', ? FROM enrolments WHERE id = ?`,
		id, w.Check.ID, w.now, enrolment)
	w.Exec(t, `UPDATE attempts SET state = 'graded', submitted_at = ?0, graded_at = ?0, receipt = ?1, submission_id = ?1, score = 90, right_answers = 9, passed = true, support = 'self' WHERE id = ?1`,
		w.now, id)
}

// mergeOrPart merges two records, or takes that apart again.
func (w *town) mergeOrPart(t *testing.T, kept, twin uuid.UUID) {
	t.Helper()
	merges, err := w.Records.MergesInto(ctx, kept)
	must(t, err)
	for _, m := range merges {
		if m.UndoneAt == nil {
			must(t, w.Records.Unmerge(ctx, kept, m.ID, audit.By{}))
			return
		}
	}
	if _, err := w.Records.Merge(ctx, kept, twin, audit.By{}); err != nil && !fault.Is(err, fault.Conflict) { // one of them is suspended
		t.Fatal(err)
	}
}

// followsTheMachine looks at everything that was noted of anybody: each change
// is one that the machine allows, and begins where the one before it ended.
func (w *town) followsTheMachine(t *testing.T) {
	t.Helper()
	var noted []struct {
		AssignmentID  uuid.UUID
		Event         program.Event
		Before, After program.State
	}
	must(t, w.DB.NewRaw("SELECT assignment_id, event, before, after FROM program_transitions ORDER BY assignment_id, id").Scan(ctx, &noted))
	at := map[uuid.UUID]program.State{}
	for _, n := range noted {
		if !program.Allows(n.Event, n.Before, n.After) {
			t.Errorf("%s: %s → %s is not in the machine", n.Event, n.Before, n.After)
		}
		if from, known := at[n.AssignmentID]; known && from != n.Before || !known && n.Before != program.Released {
			t.Errorf("%s: %s → %s begins where nothing ended", n.Event, n.Before, n.After)
		}
		at[n.AssignmentID] = n.After
	}
	var stand []*program.Assignment
	must(t, w.DB.NewSelect().Model(&stand).Scan(ctx))
	for _, a := range stand {
		if at[a.ID] != a.State {
			t.Errorf("what was noted ends in %s, and stands as %s", at[a.ID], a.State)
		}
	}
}

// members counts who is in a programme.
func (w *town) members(t *testing.T, program uuid.UUID) int {
	t.Helper()
	n, err := w.DB.NewSelect().Table("program_assignments").Where("program_id = ?", program).Where("state <> 'released'").Count(ctx)
	must(t, err)
	return int(n)
}

// random makes a definition that depends on no programme but those before it.
func (w *town) random(random *rand.Rand, before []*program.Program, i int) *program.Definition {
	d := w.definition(w.courses[random.IntN(3)])
	d.Rhythm = program.Rhythms[(i+random.IntN(2))%3]
	d.ValidFor, d.RenewAhead = 1+random.IntN(6), 20
	if random.IntN(3) == 0 {
		d.Courses, d.Ordered, d.Need = slices.Clone(w.courses), random.IntN(2) == 0, random.IntN(3)
	}
	d.Audience.Heads = random.IntN(8) == 0
	if random.IntN(8) == 0 {
		d.Audience.NotDone = []program.Ref{{Course: &w.courses[random.IntN(3)]}}
		d.Courses = slices.DeleteFunc(slices.Clone(w.courses), func(id uuid.UUID) bool { return id == *d.Audience.NotDone[0].Course })
		d.Need = 0
	}
	if random.IntN(2) == 0 {
		d.Audience.Units = []uuid.UUID{w.Communes[random.IntN(2)].ID}
	}
	if random.IntN(3) == 0 {
		d.Audience.Except = []uuid.UUID{w.Hamlets[random.IntN(4)].ID}
	}
	switch kind := random.IntN(4); {
	case kind == 0 || i == 0:
		d.Audience.Roles = []identity.Role{identity.Official}
	case kind == 1:
		d.Audience.Positions = []string{"phó chủ tịch"}
	case kind == 2:
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
	if d.Rhythm != program.Yearly && random.IntN(3) == 0 {
		d.DueOn, d.DueDays = nil, 20+random.IntN(30)
	}
	return d
}

func missing(from, in []string) []byte {
	lines := slices.DeleteFunc(slices.Clone(from), func(line string) bool { return slices.Contains(in, line) })
	text, _ := json.MarshalIndent(lines, "", " ")
	return text
}
