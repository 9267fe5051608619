package program_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/platform/clock"
	"hocso/internal/program"
)

// told lists what a person was told since a time: "program-due 7".
func (w *town) told(t *testing.T, person uuid.UUID, since time.Time) (all []string) {
	t.Helper()
	var notices []*notify.Notice
	must(t, w.DB.NewSelect().Model(&notices).Where("person_id = ?", person).Where("made_at >= ?", since).OrderExpr("made_at, id").Scan(ctx))
	for _, n := range notices {
		all = append(all, strings.TrimSpace(string(n.Kind)+" "+n.Data["days"]))
	}
	return all
}

// TestADeadlineComesAndGoes day by day: one reminder at each mark, before and
// after, and the head told once; a rule changed on the way repeats nothing.
func TestADeadlineComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1)
	w.now = w.now.In(clock.Zone).Truncate(24 * time.Hour).Add(5 * time.Hour) // noon
	began, person := w.now, w.people[0]
	head := w.Person(t, w.Communes[0], identity.UnitHead)
	must(t, w.Identity.Appoint(ctx, audit.By{}, &identity.Appointment{PersonID: head.ID, UnitID: w.Communes[0].ID, Position: "Chủ tịch", Head: true, StartsOn: clock.Day(w.now)}))
	d := w.definition(w.courses[1])
	d.Audience.Roles = []identity.Role{identity.Resident}
	p := w.publish(t, d)
	for day := range 75 {
		w.now = began.AddDate(0, 0, day)
		if day == 50 { // between two reminders the programme is changed
			changed := *d
			changed.Title, changed.Summary = "An toàn thông tin, bản mới", "Sửa"
			found, err := w.service.Find(ctx, w.province, p.ID)
			must(t, err)
			saved, err := w.service.Save(ctx, w.province, audit.By{}, p.ID, found.Revision, &changed)
			must(t, err)
			w.Confirm(t, w.service, saved.ID)
		}
		for range 2 { // the worker looks as often as it likes
			w.Exec(t, "INSERT INTO program_touched (person_id) VALUES (?)", person.ID)
			w.drain(t)
			_, err := w.service.EscalateDue(ctx)
			must(t, err)
		}
	}
	want := []string{"program-assigned", "program-due 14", "program-due 7", "program-due 3", "program-due 1", "program-overdue 1", "program-overdue 3", "program-overdue 7", "program-overdue 14"}
	if got := w.told(t, person.ID, began); !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	if got := w.told(t, head.ID, began); !slices.Equal(got, []string{"program-escalation"}) {
		t.Errorf("the head was told %v", got)
	}
	w.everyNoticeReads(t)
}

// TestEveryKindComesWithWhatItsWordsNeed has every other kind queued.
func TestEveryKindComesWithWhatItsWordsNeed(t *testing.T) {
	t.Parallel()
	w := newTown(t, 3)
	w.now = w.now.In(clock.Zone).Truncate(24 * time.Hour).Add(5 * time.Hour)
	for _, person := range w.people {
		w.Exec(t, "UPDATE people SET home_unit_id = ? WHERE id = ?", w.Communes[0].ID, person.ID)
	}
	d := w.definition(w.courses[1])
	d.Audience.Units, d.Rhythm = []uuid.UUID{w.Communes[0].ID}, program.Renew
	w.publish(t, d)
	w.drain(t)
	assignment := func(person uuid.UUID) (id uuid.UUID) {
		t.Helper()
		must(t, w.DB.NewRaw("SELECT id FROM program_assignments WHERE person_id = ?", person).Scan(ctx, &id))
		return id
	}
	must(t, w.service.Extend(ctx, w.province, audit.By{}, assignment(w.people[0].ID), clock.Day(w.now).AddDate(0, 3, 0), "Đi công tác"))
	must(t, w.service.Exempt(ctx, w.province, audit.By{}, assignment(w.people[1].ID), nil, "Nghỉ thai sản"))
	external := &program.External{ID: w.people[0].ID, PersonID: w.people[0].ID, Title: "Email", Issuer: "One Touch", IssuedOn: clock.Day(w.now), Link: "https://example.vn"}
	must(t, w.service.Submit(ctx, external, nil))
	must(t, w.service.Decide(ctx, w.province, audit.By{ActorID: &w.people[2].ID}, external.ID, false, nil, 0, "Chưa rõ"))
	w.Exec(t, "UPDATE program_assignments SET state = 'due-soon' WHERE person_id = ?", w.people[0].ID)
	_, err := w.service.Remind(ctx, w.province, audit.By{}, w.Communes[0].ID, nil, "Nguyễn Văn An")
	must(t, err)
	w.Exec(t, "UPDATE people SET home_unit_id = ? WHERE id = ?", w.Communes[1].ID, w.people[0].ID) // moves away
	w.complete(t, w.people[2].ID, w.courses[1])
	w.drain(t)
	completed := w.now
	for day := range 380 { // until it has to be renewed
		w.now = completed.AddDate(0, 0, day)
		w.Exec(t, "INSERT INTO program_touched (person_id) VALUES (?)", w.people[2].ID)
		w.drain(t)
	}
	kinds := map[string]bool{}
	for _, person := range w.people {
		for _, said := range w.told(t, person.ID, time.Time{}) {
			kind, _, _ := strings.Cut(said, " ")
			kinds[kind] = true
		}
	}
	for _, kind := range []string{"assigned", "extended", "exempted", "external", "reminder", "released", "expiring"} {
		if !kinds["program-"+kind] {
			t.Errorf("nobody was told program-%s: %v", kind, slices.Sorted(maps.Keys(kinds)))
		}
	}
	w.everyNoticeReads(t)
}

// everyNoticeReads holds what notices carry against what their templates know.
func (w *town) everyNoticeReads(t *testing.T) {
	t.Helper()
	var notices []*notify.Notice
	must(t, w.DB.NewSelect().Model(&notices).Scan(ctx))
	for _, n := range notices {
		known, carried := notify.Originals[n.Kind].Names(), slices.Sorted(maps.Keys(n.Data))
		if fmt.Sprint(known) != fmt.Sprint(carried) {
			t.Errorf("%s carries %v, its template knows %v", n.Kind, carried, known)
		}
	}
}
