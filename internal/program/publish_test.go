package program_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
	"hocso/internal/worldtest"
)

// draft makes a programme that is not published.
func (w *town) draft(t *testing.T, d *program.Definition) *program.Program {
	t.Helper()
	p, err := w.service.Create(ctx, w.province, audit.By{}, w.Province.ID, d)
	must(t, err)
	return p
}

// refuses wants an Invalid on one field.
func refuses(t *testing.T, err error, field, key string) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[field] != key {
		t.Errorf("%v %v, want %s on %s", err, fault.FieldsOf(err), key, field)
	}
}

// TestWarnings: what is odd about a programme has to be confirmed with the
// number of its people, and holds only then.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*town, *program.Definition)
		want   []program.Warning
		people int
	}{
		"nothing odd":            {func(w *town, d *program.Definition) { d.Audience.Units = []uuid.UUID{w.Communes[0].ID} }, nil, 2},
		"everybody":              {func(*town, *program.Definition) {}, []program.Warning{program.WarnEverbody}, 4},
		"nobody":                 {func(_ *town, d *program.Definition) { d.Audience.Positions = []string{"không ai"} }, []program.Warning{program.WarnNobody}, 0},
		"a deadline in the past": {func(w *town, d *program.Definition) { w.past(d); d.Audience.Units = []uuid.UUID{w.Communes[0].ID} }, []program.Warning{program.WarnPast, program.WarnLate}, 2},
		"a deadline in the past that everybody met": {func(w *town, d *program.Definition) {
			w.past(d)
			d.Audience.Units = []uuid.UUID{w.Hamlets[0].ID}
		}, []program.Warning{program.WarnPast}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, 4)
			w.complete(t, w.people[0].ID, w.courses[1])
			d := w.definition(w.courses[1])
			c.change(w, d)
			p := w.draft(t, d)
			preview, err := w.service.Preview(ctx, p)
			must(t, err)
			if fmt.Sprint(preview.Warn) != fmt.Sprint(c.want) || preview.People != c.people || preview.Of != 4 {
				t.Errorf("warns %v of %d of %d, want %v of %d of 4", preview.Warn, preview.People, preview.Of, c.want, c.people)
			}
			if len(c.want) > 0 {
				_, err = w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, c.people+1)
				refuses(t, err, "confirm", "program.confirm_number")
			}
			_, err = w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, c.people)
			must(t, err)
			w.drain(t)
			if n, err := w.DB.NewSelect().Table("program_assignments").Count(ctx); err != nil || int(n) != c.people {
				t.Errorf("%d are in it, want %d: %v", n, c.people, err)
			}
		})
	}
}

func (w *town) past(d *program.Definition) {
	yesterday := clock.Day(w.now).AddDate(0, 0, -1)
	d.DueOn = &yesterday
}

// TestPreviewOfAChange: who joins, who leaves, who stays, by name and page by
// page, each with why; and it comes about just so.
func TestPreviewOfAChange(t *testing.T) {
	t.Parallel()
	w := newTown(t, 8) // two in each hamlet
	d := w.definition(w.courses[1])
	d.Audience.Units = []uuid.UUID{w.Communes[0].ID}
	p := w.publish(t, d)
	w.drain(t)
	p, err := w.service.Find(ctx, w.province, p.ID)
	must(t, err)
	changed := *d
	changed.Audience.Units = []uuid.UUID{w.Hamlets[0].ID, w.Hamlets[2].ID}
	p, err = w.service.Save(ctx, w.province, audit.By{}, p.ID, p.Revision, &changed)
	must(t, err)
	preview, err := w.service.Preview(ctx, p)
	must(t, err)
	if preview.People != 4 || preview.Joins != 2 || preview.Leaves != 2 || preview.Count(program.Stayers) != 2 {
		t.Fatalf("%+v", preview)
	}
	seen := map[uuid.UUID]program.Group{}
	for group, why := range map[program.Group]string{program.Joiners: "home", program.Leavers: "lacks_home", program.Stayers: "home"} {
		last := ""
		for from := range 2 { // a page holds one
			some, err := w.service.Candidates(ctx, p, preview, group, from, 1)
			must(t, err)
			if len(some) != 1 || len(some[0].Why) != 1 || some[0].Why[0].Clause != why || some[0].FullName < last {
				t.Errorf("%s from %d: %+v", group, from, some)
			}
			seen[some[0].PersonID], last = group, some[0].FullName
		}
		if beyond, err := w.service.Candidates(ctx, p, preview, group, 2, 1); err != nil || len(beyond) != 0 {
			t.Errorf("%s goes on: %+v %v", group, beyond, err)
		}
	}
	_, err = w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, preview.People)
	must(t, err)
	w.drain(t)
	var stand []*program.Assignment
	must(t, w.DB.NewSelect().Model(&stand).Scan(ctx))
	for _, a := range stand {
		if (a.State == program.Released) != (seen[a.PersonID] == program.Leavers) {
			t.Errorf("%s was to be among %s and is %s", a.PersonID, seen[a.PersonID], a.State)
		}
	}
	history, err := w.service.History(ctx, p.ID)
	must(t, err)
	if len(history) != 2 || history[0].Joined != 2 || history[0].Gone != 2 || history[1].Joined != 4 {
		t.Errorf("history: %+v", history)
	}
	w.followsTheMachine(t)
}

// TestWhatCantHold: a circle of programmes, a programme that speaks of what
// there is not, and closing one that another needs, each say so on a field and
// by name.
func TestWhatCantHold(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1)
	a := w.publish(t, w.definition(w.courses[0]))
	d := w.definition(w.courses[1])
	d.Title, d.Audience.Done = "Nâng cao", []program.Ref{{Program: &a.ID}}
	b := w.publish(t, d)

	back := w.definition(w.courses[0])
	back.Audience.NotDone = []program.Ref{{Program: &b.ID}}
	p, err := w.service.Find(ctx, w.province, a.ID)
	must(t, err)
	p, err = w.service.Save(ctx, w.province, audit.By{}, a.ID, p.Revision, back)
	must(t, err)
	preview, err := w.service.Preview(ctx, p)
	must(t, err)
	_, err = w.service.Publish(ctx, w.province, audit.By{}, a.ID, p.Revision, preview.People)
	refuses(t, err, "not_done", "program.circle")
	var names program.Names
	if !errors.As(err, &names) || names != "An toàn thông tin → Nâng cao → An toàn thông tin" && names != "Nâng cao → An toàn thông tin → Nâng cao" {
		t.Errorf("the circle is %q", names)
	}

	self := w.definition(w.courses[0])
	self.Audience.Done = []program.Ref{{Program: &a.ID}}
	p, err = w.service.Save(ctx, w.province, audit.By{}, a.ID, p.Revision, self)
	must(t, err)
	_, err = w.service.Publish(ctx, w.province, audit.By{}, a.ID, p.Revision, 0)
	refuses(t, err, "done", "program.circle")

	err = w.service.Close(ctx, w.province, audit.By{}, a.ID, p.Revision)
	refuses(t, err, "close", "program.needed")
	if !errors.As(err, &names) || names != "Nâng cao" {
		t.Errorf("needed by %q", names)
	}

	nowhere := worldtest.ID()
	lost := w.definition(nowhere)
	lost.Audience.NotDone = []program.Ref{{Program: &nowhere}}
	p = w.draft(t, lost)
	preview, err = w.service.Preview(ctx, p)
	must(t, err)
	_, err = w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, preview.People)
	refuses(t, err, "courses", "program.choice_wrong")
	refuses(t, err, "not_done", "program.choice_wrong")
}

// TestWhatADefinitionMayHold: bad input is refused on its field.
func TestWhatADefinitionMayHold(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1)
	day := func(d string) *time.Time { at, _ := time.Parse(time.DateOnly, d); return &at }
	for key, c := range map[string]struct {
		field  string
		change func(*program.Definition)
	}{
		"program.title_missing":     {"title", func(d *program.Definition) { d.Title = "  " }},
		"program.two_deadlines":     {"due_days", func(d *program.Definition) { d.DueDays = 10 }},
		"program.due_days_yearly":   {"due_days", func(d *program.Definition) { d.DueOn, d.DueDays, d.Rhythm = nil, 10, program.Yearly }},
		"program.tiet_needs_year":   {"tiet", func(d *program.Definition) { d.Tiet = 5 }},
		"program.need_wrong":        {"need", func(d *program.Definition) { d.Need = 2 }},
		"program.months_wrong":      {"valid_for", func(d *program.Definition) { d.Rhythm, d.ValidFor = program.Renew, 0 }},
		"program.window_wrong":      {"renew_ahead", func(d *program.Definition) { d.Rhythm, d.ValidFor, d.RenewAhead = program.Renew, 1, 60 }},
		"program.ends_before_start": {"appointed_to", func(d *program.Definition) { d.Audience.From, d.Audience.To = day("2026-02-01"), day("2026-01-01") }},
		"program.circle_own_course": {"not_done", func(d *program.Definition) { d.Audience.NotDone = []program.Ref{{Course: &d.Courses[0]}} }},
		"program.decision_in_future": {"decision_date", func(d *program.Definition) {
			d.Decision.Date = day(clock.Day(w.now).AddDate(0, 0, 1).Format(time.DateOnly))
		}},
	} {
		d := w.definition(w.courses[0])
		c.change(d)
		_, err := w.service.Create(ctx, w.province, audit.By{}, w.Province.ID, d)
		refuses(t, err, c.field, key)
	}
	for key, c := range map[string]struct {
		field  string
		change func(*program.Definition)
	}{
		"program.courses_missing":  {"courses", func(d *program.Definition) { d.Courses = nil }},
		"program.decision_missing": {"decision_number", func(d *program.Definition) { d.Decision.Number = "" }},
	} {
		d := w.definition(w.courses[0])
		c.change(d)
		_, err := w.service.Publish(ctx, w.province, audit.By{}, w.draft(t, d).ID, 1, 1)
		refuses(t, err, c.field, key)
	}
}

// TestTwoEditorsAtOnce: who is slower is told, whatever they do.
func TestTwoEditorsAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1)
	p := w.draft(t, w.definition(w.courses[0]))
	_, err := w.service.Save(ctx, w.province, audit.By{}, p.ID, p.Revision, w.definition(w.courses[1]))
	must(t, err)
	for what, err := range map[string]error{
		"save":    second(w.service.Save(ctx, w.province, audit.By{}, p.ID, p.Revision, w.definition(w.courses[2]))),
		"publish": second(w.service.Publish(ctx, w.province, audit.By{}, p.ID, p.Revision, 1)),
		"discard": w.service.Discard(ctx, w.province, audit.By{}, p.ID, p.Revision),
	} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v, want a conflict", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestNobodyDecidesForThemselves: neither their deadline, nor an exemption, nor
// their certificate.
func TestNobodyDecidesForThemselves(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1)
	head := w.people[0]
	w.publish(t, w.definition(w.courses[0]))
	w.drain(t)
	a, by, later := w.assignment(t), audit.By{ActorID: &head.ID}, clock.Day(w.now).AddDate(0, 6, 0)
	x := &program.External{ID: worldtest.ID(), PersonID: head.ID, Title: "Khóa", Issuer: "One Touch", IssuedOn: clock.Day(w.now), Link: "https://example.vn/1"}
	must(t, w.service.Submit(ctx, x, nil))
	for what, err := range map[string]error{
		"extend":  w.service.Extend(ctx, w.province, by, a, later, "bận"),
		"exempt":  w.service.Exempt(ctx, w.province, by, a, nil, "bận"),
		"enforce": w.service.Enforce(ctx, w.province, by, a),
		"accept":  w.service.Decide(ctx, w.province, by, x.ID, true, &w.courses[0], 45, ""),
	} {
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", what, err)
		}
	}
}

// TestEverybodyOnce: however many programmes are published in a row, and
// whatever the list holds from before, everybody is worked out once, and after
// whoever is touched alone.
func TestEverybodyOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t, 4)
	for range 2 {
		w.publish(t, w.definition(w.courses[1]))
	}
	left := func() (alone, bulk int) {
		must(t, w.DB.NewRaw("SELECT count(*) FILTER (WHERE NOT bulk), count(*) FILTER (WHERE bulk) FROM program_touched").Scan(ctx, &alone, &bulk))
		return alone, bulk
	}
	if alone, bulk := left(); alone != 0 || bulk != 2 {
		t.Errorf("publishing touched %d and %d, want two rows for everybody", alone, bulk)
	}
	take := func(wantAlone, wantBulk int) {
		t.Helper()
		if n, err := w.service.EvaluateDue(ctx, 1); n != 1 || err != nil {
			t.Fatalf("worked out %d, %v", n, err)
		}
		if alone, bulk := left(); alone != wantAlone || bulk != wantBulk {
			t.Errorf("%d and %d are left, want %d and %d", alone, bulk, wantAlone, wantBulk)
		}
	}
	take(0, 3)
	w.Exec(t, "INSERT INTO program_touched (person_id) VALUES (?)", w.people[0].ID)
	take(0, 3)
	w.publish(t, w.definition(w.courses[1]))
	take(0, 3) // everybody anew, once
	w.drain(t)
	if n, err := w.DB.NewSelect().Table("program_assignments").Count(ctx); err != nil || n != 3*4 {
		t.Errorf("%d assignments, want %d: %v", n, 3*4, err)
	}
}
