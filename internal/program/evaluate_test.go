package program_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/platform/clock"
	"hocso/internal/program"
)

// stands reads where the first person stands, and since when.
func (w *town) stands(t *testing.T) (state program.State, since string) {
	t.Helper()
	w.drain(t)
	var row struct {
		State program.State
		Since string
	}
	must(t, w.DB.NewRaw("SELECT state, since::text AS since FROM program_assignments WHERE person_id = ?", w.people[0].ID).Scan(ctx, &row))
	return row.State, row.Since
}

// at turns the clock to a moment where the learners are.
func (w *town) at(t *testing.T, moment string) {
	t.Helper()
	now, err := time.ParseInLocation(time.DateTime, moment, clock.Zone)
	must(t, err)
	w.now = now
}

// TestEdgesOfDays: a state ends with the last second of a day in
// Asia/Ho_Chi_Minh and the next begins with the first, without anything but time
// passing.
func TestEdgesOfDays(t *testing.T) {
	t.Parallel()
	type look struct {
		at    string
		want  program.State
		since string
	}
	due := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*program.Definition)
		before func(*town, *testing.T) // after publishing on 1 September
		looks  []look
	}{
		"a deadline": {func(*program.Definition) {}, nil, []look{
			{"2026-09-16 23:59:59", program.Assigned, "2026-09-01"},
			{"2026-09-17 00:00:00", program.DueSoon, "2026-09-17"}, // 13 days before
			{"2026-09-30 23:59:59", program.DueSoon, "2026-09-17"},
			{"2026-10-01 00:00:00", program.Overdue, "2026-10-01"},
		}},
		"no worker for days": {func(*program.Definition) {}, nil, []look{
			{"2026-10-09 08:00:00", program.Overdue, "2026-10-01"}, // since when they are late, not since when it was noticed
		}},
		"an exemption": {func(*program.Definition) {}, func(w *town, t *testing.T) {
			until := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
			must(t, w.service.Exempt(ctx, w.province, audit.By{}, w.assignment(t), &until, "nghỉ sinh"))
		}, []look{
			{"2026-10-05 23:59:59", program.Exempt, "2026-09-01"},
			{"2026-10-06 00:00:00", program.Overdue, "2026-10-01"},
		}},
		"an extension": {func(*program.Definition) {}, func(w *town, t *testing.T) {
			must(t, w.service.Extend(ctx, w.province, audit.By{}, w.assignment(t), time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC), "đi công tác"))
		}, []look{
			{"2026-10-06 23:59:59", program.Assigned, "2026-09-01"},
			{"2026-10-07 00:00:00", program.DueSoon, "2026-10-07"},
			{"2026-10-20 23:59:59", program.DueSoon, "2026-10-07"},
			{"2026-10-21 00:00:00", program.Overdue, "2026-10-21"},
		}},
		"validity": {func(d *program.Definition) { d.Rhythm, d.ValidFor, d.RenewAhead = program.Renew, 1, 7 }, func(w *town, t *testing.T) {
			w.complete(t, w.people[0].ID, w.courses[1])
		}, []look{
			{"2026-09-01 12:00:00", program.Completed, "2026-09-01"},
			{"2026-09-23 23:59:59", program.Completed, "2026-09-01"},
			{"2026-09-24 00:00:00", program.Expiring, "2026-09-24"},
			{"2026-09-30 23:59:59", program.Expiring, "2026-09-24"},
			{"2026-10-01 00:00:00", program.Expired, "2026-10-01"},
		}},
		"a year": {func(d *program.Definition) { d.Rhythm = program.Yearly }, func(w *town, t *testing.T) {
			w.complete(t, w.people[0].ID, w.courses[1])
		}, []look{
			{"2026-12-31 23:59:59", program.Completed, "2026-09-01"},
			{"2027-01-01 00:00:00", program.Assigned, "2027-01-01"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, 1)
			w.at(t, "2026-09-01 08:00:00")
			d := w.definition(w.courses[1])
			d.DueOn, d.DueSoon = &due, 13
			c.change(d)
			w.publish(t, d)
			w.drain(t)
			if c.before != nil {
				c.before(w, t)
				w.drain(t)
			}
			for _, look := range c.looks {
				w.at(t, look.at)
				if state, since := w.stands(t); state != look.want || since != look.since {
					t.Errorf("at %s %s since %s, want %s since %s", look.at, state, since, look.want, look.since)
				}
			}
			w.followsTheMachine(t)
		})
	}
}

// TestRecount: a figure that is wrong is found and named, and made right; so is
// where somebody stands.
func TestRecount(t *testing.T) {
	t.Parallel()
	w := newTown(t, 3)
	w.publish(t, w.definition(w.courses[1]))
	w.drain(t)
	w.Exec(t, "UPDATE program_figures SET people = people + 1 WHERE unit_id = ?", w.Province.ID)
	w.Exec(t, "UPDATE program_assignments SET due_on = '2020-01-01' WHERE person_id = ?", w.people[0].ID)
	differ, err := w.service.Check(ctx)
	must(t, err)
	if want := "48, An toàn thông tin, assigned: stored 4, recounted 3"; len(differ) != 1 || differ[0] != want {
		t.Errorf("%q, want %q", differ, want)
	}
	must(t, w.service.Recount(ctx))
	if differ, err = w.service.Check(ctx); err != nil || len(differ) > 0 {
		t.Errorf("still %q %v", differ, err)
	}
	if n, err := w.DB.NewSelect().Table("program_assignments").Where("due_on = '2020-01-01'").Count(ctx); err != nil || n > 0 {
		t.Errorf("%d still stand wrong: %v", n, err)
	}
}

// TestOneGoesBeforeEverybody: who moves while everybody is worked out anew does
// not wait for that.
func TestOneGoesBeforeEverybody(t *testing.T) {
	t.Parallel()
	w := newTown(t, 8)
	d := w.definition(w.courses[1])
	d.Audience.Units = []uuid.UUID{w.Communes[1].ID}
	w.publish(t, d) // touches everybody
	mover := w.people[0].ID
	w.Exec(t, "UPDATE people SET home_unit_id = ? WHERE id = ?", w.Hamlets[3].ID, mover)
	if n, err := w.service.EvaluateDue(ctx, 1); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if n, err := w.DB.NewSelect().Table("program_assignments").Where("person_id = ?", mover).Count(ctx); err != nil || n != 1 {
		t.Errorf("the one who moved is in %d programmes: %v", n, err)
	}
}
