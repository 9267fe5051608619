package certificate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
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

// town is a world with a clock that tests turn.
type town struct {
	*worldtest.World
	programs *program.Service
	records  *certificate.Service
	now      time.Time
	province org.Scope
	courses  []uuid.UUID // the world's, and one without lessons
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{World: worldtest.New(t), now: clock.System()}
	now := func() time.Time { return w.now }
	w.programs = program.NewService(w.DB, w.Bell, now)
	w.records = certificate.NewService(w.DB, w.Bell, now)
	w.province = w.Everything()
	w.courses = []uuid.UUID{w.Course.CourseID, w.EmptyCourse(t, "khoa-hai")}
	return w
}

// complete notes that somebody completed a course, alone, now.
func (w *town) complete(t *testing.T, person, course uuid.UUID) {
	t.Helper()
	w.Complete(t, person, course, w.now)
}

// correct takes a completion back, as a correction does.
func (w *town) correct(t *testing.T, person, course uuid.UUID) {
	t.Helper()
	w.Exec(t, "UPDATE enrolments SET independent_at = NULL WHERE person_id = ? AND course_id = ?", person, course)
}

// publish makes a programme hold, confirming whatever it warns of.
func (w *town) publish(t *testing.T, d *program.Definition) *program.Program {
	t.Helper()
	return w.Require(t, w.programs, d)
}

// redefine publishes another definition of a programme.
func (w *town) redefine(t *testing.T, id uuid.UUID, d *program.Definition) {
	t.Helper()
	p, err := w.programs.Find(ctx, w.province, id)
	must(t, err)
	_, err = w.programs.Save(ctx, w.province, audit.By{}, id, p.Revision, d)
	must(t, err)
	w.Confirm(t, w.programs, id)
}

func definition(rhythm program.Rhythm, courses ...uuid.UUID) *program.Definition {
	d := program.New()
	d.Title, d.Decision.Number, d.Courses, d.Rhythm = "An toàn thông tin", "12/QĐ-UBND", courses, rhythm
	return d
}

// drain lets the workers do what is due, in batches that must not matter.
func (w *town) drain(t *testing.T) {
	t.Helper()
	for {
		evaluated, err := w.programs.EvaluateDue(ctx, 3)
		must(t, err)
		issued, err := w.records.IssueDue(ctx, 2)
		must(t, err)
		if evaluated+issued == 0 {
			return
		}
	}
}

// of lists somebody's records, the earliest first.
func (w *town) of(t *testing.T, person uuid.UUID) []*certificate.Record {
	t.Helper()
	records, err := certificate.NewStore(w.DB).Of(ctx, person)
	must(t, err)
	slices.SortFunc(records, func(a, b *certificate.Record) int { return a.StatusIndex - b.StatusIndex })
	return records
}

func (w *town) states(t *testing.T, person uuid.UUID) (states []certificate.State) {
	t.Helper()
	for _, r := range w.of(t, person) {
		states = append(states, r.State(clock.Day(w.now)))
	}
	return states
}

func (w *town) expect(t *testing.T, when string, person uuid.UUID, want ...certificate.State) {
	t.Helper()
	w.drain(t)
	if got := w.states(t, person); !slices.Equal(got, want) {
		t.Errorf("%s: records are %v, want %v", when, got, want)
	}
}

const (
	valid, expired, superseded, revoked = certificate.Valid, certificate.Expired, certificate.Superseded, certificate.Revoked
)

func TestACourseDoneAloneGivesARecord(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person := w.Learner(t, w.Hamlets[2])
	w.ReadAll(t, person)
	w.expect(t, "before the check", person.ID)
	w.Submit(t, person, worldtest.Questions)
	w.Settle(t)
	w.now = clock.System()
	w.expect(t, "after the check", person.ID, valid)
	r := w.of(t, person.ID)[0]
	if r.Facts.Name != person.FullName || r.Facts.Title != "Dùng Internet" || r.Facts.Unit != "Thôn 1, Xã Nam Trà My" || r.Facts.Province != "Thành phố Đà Nẵng" ||
		r.Facts.Minutes != 20 || len(r.Facts.Parts) != 1 || !r.CompletedOn.Equal(clock.Day(w.now)) || r.ValidUntil != nil || r.Template != 1 {
		t.Errorf("the record says %+v of %v", r.Facts, r.CompletedOn)
	}
	w.Exec(t, "UPDATE people SET full_name = 'Hồ Thị Trăng' WHERE id = ?", person.ID)
	w.Exec(t, "INSERT INTO certificate_touched (person_id) VALUES (?)", person.ID)
	w.expect(t, "another name", person.ID, valid)
	if now := w.of(t, person.ID)[0]; now.Facts.Name != person.FullName {
		t.Error("what was issued has changed")
	}
	told := 0
	must(t, w.DB.NewRaw("SELECT count(*) FROM notices WHERE person_id = ? AND kind = 'certificate-issued'", person.ID).Scan(ctx, &told))
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

func TestHelpedGivesNoRecord(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person, helper := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	for _, lesson := range w.Course.Lessons {
		_, err := w.Courses.FinishLesson(ctx, identity.Actor{PersonID: person.ID, UnitID: person.HomeUnitID, Support: identity.Helped, HelperID: &helper.ID}, worldtest.Slug, lesson.Slug)
		must(t, err)
	}
	w.Submit(t, person, worldtest.Questions)
	w.Settle(t)
	w.expect(t, "helped", person.ID)
}

func TestACorrectionTakesTheRecordBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person := w.Learner(t, w.Hamlets[0]).ID
	w.complete(t, person, w.courses[0])
	w.expect(t, "completed", person, valid)
	w.correct(t, person, w.courses[0])
	w.expect(t, "corrected", person, revoked)
	if r := w.of(t, person)[0]; r.Reason != certificate.Corrected {
		t.Errorf("revoked as %s", r.Reason)
	}
	w.complete(t, person, w.courses[0])
	w.expect(t, "completed after all", person, revoked, valid)
}

func TestAProgrammeGivesARecordOfEachCycle(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person := w.Learner(t, w.Hamlets[0]).ID
	w.complete(t, w.Learner(t, w.Hamlets[1]).ID, w.courses[1])
	p := w.publish(t, definition(program.Renew, w.courses[1]))
	if n, err := w.records.IssueDue(ctx, 10); n != 0 || err != nil {
		t.Errorf("issued %d before anybody was worked out, %v", n, err)
	}
	w.drain(t)
	w.complete(t, person, w.courses[1])
	w.expect(t, "completed", person, valid, valid) // the course's and the programme's
	record := w.of(t, person)[1]
	if record.ProgramID == nil { // which came first is not said
		record = w.of(t, person)[0]
	}
	if record.Facts.Decision != "12/QĐ-UBND" || record.ValidUntil == nil || *record.Cycle != 1 || *record.ProgramID != p.ID {
		t.Errorf("the programme's record is %+v", record)
	}
	w.now = w.now.AddDate(0, 13, 0)
	w.Exec(t, "INSERT INTO program_touched (person_id) VALUES (?)", person)
	w.drain(t)
	live := func() (live []*certificate.Record) {
		for _, r := range w.of(t, person) {
			if r.ProgramID != nil && r.RevokedAt == nil && r.SupersededAt == nil {
				live = append(live, r)
			}
		}
		return live
	}
	if got := live(); len(got) != 1 || got[0].State(clock.Day(w.now)) != expired {
		t.Fatalf("after the end of validity: %+v", got)
	}
	w.Exec(t, `INSERT INTO external_certificates (id, person_id, course_id, title, issuer, issued_on, minutes, link, state, made_at, decided_at)
		VALUES (?, ?, ?, 'An toàn', 'One Touch', ?::date, 90, 'https://example.vn', 'waiting', ?, NULL)`, worldtest.ID(), person, w.courses[1], w.now.Format(time.DateOnly), w.now)
	w.Exec(t, "UPDATE external_certificates SET state = 'accepted', decided_at = ? WHERE person_id = ?", w.now, person)
	w.drain(t)
	got := live()
	if len(got) != 1 || *got[0].Cycle != 2 || got[0].Facts.Parts[0].Issuer != "One Touch" {
		t.Fatalf("after the renewal: %+v", got)
	}
	if record := w.find(t, record.ID); record.SuccessorID == nil || *record.SuccessorID != got[0].ID {
		t.Errorf("the first cycle's record was not superseded: %+v", record)
	}
}

func (w *town) find(t *testing.T, id uuid.UUID) *certificate.Record {
	t.Helper()
	r := new(certificate.Record)
	must(t, w.DB.NewSelect().Model(r).Where("id = ?", id).Scan(ctx))
	return r
}

func TestWhatWasEarnedOutlivesARule(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person := w.Learner(t, w.Hamlets[0]).ID
	p := w.publish(t, definition(program.Once, w.courses[1]))
	w.drain(t)
	w.complete(t, person, w.courses[1])
	w.expect(t, "completed", person, valid, valid)
	w.redefine(t, p.ID, definition(program.Once, w.courses...))
	w.expect(t, "the rule asks for more", person, valid, valid)
	w.now = w.now.Add(48 * time.Hour)
	w.complete(t, person, w.courses[0])
	w.drain(t)
	count := map[certificate.State]int{}
	for _, state := range w.states(t, person) {
		count[state]++
	}
	if count[valid] != 3 || count[superseded] != 1 { // two courses, the programme anew
		t.Errorf("completed anew: %v", count)
	}
	w.redefine(t, p.ID, definition(program.Once, w.courses[1]))
	w.drain(t)
	w.correct(t, person, w.courses[1])
	w.drain(t)
	count = map[certificate.State]int{}
	for _, state := range w.states(t, person) {
		count[state]++
	}
	if count[valid] != 1 || count[revoked] != 2 {
		t.Errorf("corrected: %v", count)
	}
}

func TestTheExemptGetNone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person := w.Learner(t, w.Hamlets[0]).ID
	w.publish(t, definition(program.Once, w.courses[1]))
	w.drain(t)
	var assignment uuid.UUID
	must(t, w.DB.NewRaw("SELECT id FROM program_assignments WHERE person_id = ?", person).Scan(ctx, &assignment))
	must(t, w.programs.Exempt(ctx, w.province, audit.By{}, assignment, nil, "nghỉ sinh"))
	w.drain(t)
	w.complete(t, person, w.courses[1])
	w.expect(t, "exempt", person, valid) // the course's alone
}

func TestRecordsBeginWhenAProgrammeGivesThem(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person := w.Learner(t, w.Hamlets[0]).ID
	d := definition(program.Once, w.courses[1])
	d.Record = false
	p := w.publish(t, d)
	w.drain(t)
	w.complete(t, person, w.courses[1])
	w.expect(t, "without records", person, valid)
	w.redefine(t, p.ID, definition(program.Once, w.courses[1]))
	w.expect(t, "with records", person, valid, valid)
}

// TestManyWorkersIssueOnce: whoever works beside whom, each completion gives
// one record.
func TestManyWorkersIssueOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for i := range 40 {
		person := w.Learner(t, w.Hamlets[i%4]).ID
		w.complete(t, person, w.courses[0])
		w.complete(t, person, w.courses[1])
		w.Exec(t, "INSERT INTO certificate_touched (person_id) SELECT ? FROM generate_series(1, 5)", person)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				n, err := w.records.IssueDue(ctx, 3)
				if err != nil {
					t.Error(err)
				}
				if n == 0 || err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	w.drain(t)
	n, err := w.DB.NewSelect().Model((*certificate.Record)(nil)).Count(ctx)
	must(t, err)
	if n != 80 {
		t.Errorf("%d records of 80 completions", n)
	}
}

// TestEveryCompletionHasOneLiveRecord is the property that the worker keeps,
// over made-up histories of completions, corrections, moves, exemptions,
// rules that change, merges and their undoing, and passing days.
func TestEveryCompletionHasOneLiveRecord(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			random := rand.New(rand.NewPCG(seed, 11))
			var people []uuid.UUID
			for i := range 6 {
				people = append(people, w.Learner(t, w.Hamlets[i%4]).ID)
			}
			var programs []uuid.UUID
			for _, rhythm := range program.Rhythms {
				programs = append(programs, w.publish(t, definition(rhythm, w.courses[random.IntN(2)])).ID)
			}
			anyone := func() uuid.UUID { return people[random.IntN(len(people))] }
			var merged []*[2]uuid.UUID // kept and merge
			deeds := []struct {
				name string
				do   func()
			}{
				{"complete", func() { w.complete(t, anyone(), w.courses[random.IntN(2)]) }},
				{"complete", func() { w.complete(t, anyone(), w.courses[random.IntN(2)]) }},
				{"correct", func() { w.correct(t, anyone(), w.courses[random.IntN(2)]) }},
				{"elsewhere", func() {
					id := worldtest.ID()
					w.Exec(t, `INSERT INTO external_certificates (id, person_id, course_id, title, issuer, issued_on, minutes, link, state, made_at)
						VALUES (?, ?, ?, 'Khóa', 'One Touch', ?::date, 45, 'https://example.vn', 'waiting', ?)`, id, anyone(), w.courses[random.IntN(2)], w.now.Format(time.DateOnly), w.now)
					w.Exec(t, "UPDATE external_certificates SET state = 'accepted', decided_at = ? WHERE id = ?", w.now, id)
				}},
				{"suspend", func() { w.Exec(t, "UPDATE people SET suspended_at = ? WHERE id = ?", w.now, anyone()) }},
				{"restore", func() { w.Exec(t, "UPDATE people SET suspended_at = NULL WHERE id = ?", anyone()) }},
				{"exempt", func() {
					w.Exec(t, `INSERT INTO program_exemptions (id, program_id, person_id, until, reason, made_at) VALUES (?, ?, ?, ?::date, 'nghỉ', ?) ON CONFLICT DO NOTHING`,
						worldtest.ID(), programs[random.IntN(3)], anyone(), w.now.AddDate(0, 1, 0).Format(time.DateOnly), w.now)
				}},
				{"rule", func() {
					i := random.IntN(3)
					d := definition(program.Rhythms[i], w.courses[random.IntN(2)])
					if random.IntN(3) == 0 {
						d.Courses = w.courses
					}
					d.Record = random.IntN(4) > 0
					w.redefine(t, programs[i], d)
				}},
				{"merge", func() {
					kept, gone := anyone(), anyone()
					if merge, err := w.Records.Merge(ctx, kept, gone, audit.By{}); err == nil {
						merged = append(merged, &[2]uuid.UUID{kept, merge.ID})
					}
				}},
				{"unmerge", func() {
					if len(merged) > 0 {
						_ = w.Records.Unmerge(ctx, merged[len(merged)-1][0], merged[len(merged)-1][1], audit.By{}) // may be a conflict
						merged = merged[:len(merged)-1]
					}
				}},
				{"days pass", func() { w.now = w.now.Add(time.Duration(1+random.IntN(80*24)) * time.Hour) }},
			}
			for step := range 50 {
				deed := deeds[random.IntN(len(deeds))]
				deed.do()
				w.Exec(t, "INSERT INTO program_touched (person_id) SELECT id FROM people") // days that pass wake people by themselves only in due time
				w.drain(t)
				if wrong := w.wrong(t); len(wrong) > 0 {
					t.Fatalf("after step %d (%s): %v", step, deed.name, wrong)
				}
			}
		})
	}
}

// wrong lists completions that give a record and have none that counts, and
// courses whose record counts though they are not completed.
func (w *town) wrong(t *testing.T) (wrong []string) {
	t.Helper()
	must(t, w.DB.NewRaw(`
		WITH live AS (SELECT * FROM certificates WHERE revoked_at IS NULL AND superseded_at IS NULL), done AS (
			SELECT e.person_id, e.course_id FROM enrolments e JOIN people p ON p.id = e.person_id
			WHERE e.independent_at IS NOT NULL AND e.merged_into IS NULL AND p.merged_into IS NULL)
		SELECT 'no record of course ' || d.course_id || ' of ' || d.person_id FROM done d
			WHERE NOT EXISTS (SELECT FROM live l WHERE l.person_id = d.person_id AND l.course_id = d.course_id)
		UNION ALL
		SELECT 'a record of a course not done: ' || l.id FROM live l WHERE l.course_id IS NOT NULL
			AND NOT EXISTS (SELECT FROM done d WHERE d.person_id = l.person_id AND d.course_id = l.course_id)
		UNION ALL
		SELECT 'no record of cycle ' || a.cycle || ' of ' || (p.definition->>'rhythm') || ' (' || a.state || ')' FROM program_assignments a
			JOIN programs p ON p.id = a.program_id JOIN people pe ON pe.id = a.person_id
			WHERE (p.definition->>'record')::bool AND a.completed_on IS NOT NULL AND a.state <> 'exempt' AND pe.merged_into IS NULL
			AND NOT EXISTS (SELECT FROM live l WHERE l.person_id = a.person_id AND l.program_id = a.program_id AND l.cycle = a.cycle)
		UNION ALL
		SELECT 'two live records of a renewed programme of ' || l.person_id FROM live l JOIN programs p ON p.id = l.program_id JOIN people pe ON pe.id = l.person_id
			WHERE p.definition->>'rhythm' = 'renew' AND pe.merged_into IS NULL GROUP BY l.person_id, l.program_id HAVING count(*) > 1`).Scan(ctx, &wrong))
	return wrong
}
