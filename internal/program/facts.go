package program

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// facts reads what is known of people, in a fixed number of queries, and what
// lies above the units they belong to.
func (s *Store) facts(ctx context.Context, people []uuid.UUID, now time.Time) (map[uuid.UUID]*Facts, tree, error) {
	r := &factReader{ctx: ctx, db: s.db, people: people, now: now, all: make(map[uuid.UUID]*Facts, len(people)), above: tree{}}
	for _, read := range []func() error{r.readPeople, r.readRoles, r.readOffices, r.readCourses, r.readPasses, r.readExternal, r.readTree} {
		if err := read(); err != nil {
			return nil, nil, postgres.Wrap(err, "facts of people")
		}
	}
	for _, f := range r.all {
		for _, days := range f.Learned {
			slices.SortFunc(days, time.Time.Compare)
		}
	}
	return r.all, r.above, nil
}

// factReader gathers facts of a batch of people.
type factReader struct {
	ctx    context.Context
	db     bun.IDB
	people []uuid.UUID
	now    time.Time
	all    map[uuid.UUID]*Facts
	above  tree
}

func (r *factReader) scan(into any, query string, args ...any) error {
	return r.db.NewRaw(query, append([]any{pgdialect.Array(r.people)}, args...)...).Scan(r.ctx, into)
}

func (r *factReader) readPeople() error {
	var rows []struct {
		ID    uuid.UUID
		Home  *uuid.UUID
		Awake bool
	}
	err := r.scan(&rows, `
		SELECT id, home_unit_id AS home,
		       registered_at IS NOT NULL AND suspended_at IS NULL AND merged_into IS NULL AND erased_at IS NULL AS awake
		FROM people WHERE id = ANY (?)`)
	for _, row := range rows {
		r.all[row.ID] = &Facts{
			PersonID: row.ID, Awake: row.Awake, Home: row.Home,
			Began: map[uuid.UUID]time.Time{}, Learned: map[uuid.UUID][]time.Time{},
		}
		if row.Home != nil {
			r.above[*row.Home] = nil
		}
	}
	return err
}

func (r *factReader) readRoles() error {
	var rows []struct {
		PersonID, UnitID uuid.UUID
		Role             identity.Role
		StartsAt         time.Time
		EndsAt           *time.Time
	}
	err := r.scan(&rows, `
		SELECT person_id, unit_id, role, starts_at, ends_at FROM role_grants
		WHERE person_id = ANY (?) AND (ends_at IS NULL OR ends_at > ?) ORDER BY starts_at, id`, r.now)
	for _, row := range rows {
		f := r.all[row.PersonID]
		if row.StartsAt.After(r.now) {
			f.wake(row.StartsAt)
			continue
		}
		if row.EndsAt != nil {
			f.wake(*row.EndsAt)
		}
		f.Roles = append(f.Roles, Post{UnitID: row.UnitID, Role: row.Role})
		r.above[row.UnitID] = nil
	}
	return err
}

func (r *factReader) readOffices() error {
	today := clock.Day(r.now)
	var rows []struct {
		PersonID, UnitID uuid.UUID
		Position         string
		Head             bool
		StartsOn         time.Time
		EndsOn           *time.Time
	}
	err := r.scan(&rows, `
		SELECT person_id, unit_id, position, head, starts_on, ends_on FROM appointments
		WHERE person_id = ANY (?) AND (ends_on IS NULL OR ends_on > ?::date) ORDER BY starts_on, id`, today.Format(time.DateOnly))
	for _, row := range rows {
		f := r.all[row.PersonID]
		if row.StartsOn.After(today) {
			f.wake(midnight(row.StartsOn))
			continue
		}
		if row.EndsOn != nil {
			f.wake(midnight(*row.EndsOn))
		}
		f.Offices = append(f.Offices, Post{UnitID: row.UnitID, Position: row.Position, Head: row.Head, From: asDay(row.StartsOn)})
		r.above[row.UnitID] = nil
	}
	return err
}

// readCourses reads what was begun, and completed alone: only that counts, as
// for a record of completion.
func (r *factReader) readCourses() error {
	var rows []struct {
		PersonID, CourseID uuid.UUID
		Began, Completed   *time.Time
	}
	err := r.scan(&rows, `
		SELECT person_id, course_id, started_at AS began, CASE WHEN independent_at <= ?1 THEN independent_at END AS completed FROM enrolments
		WHERE person_id = ANY (?0) AND merged_into IS NULL AND started_at <= ?1`, r.now)
	for _, row := range rows {
		f := r.all[row.PersonID]
		f.Began[row.CourseID] = clock.Day(*row.Began)
		if row.Completed != nil {
			f.Learned[row.CourseID] = append(f.Learned[row.CourseID], clock.Day(*row.Completed))
		}
	}
	return err
}

// readPasses reads checks that were passed again, alone, after the course was
// completed: they renew it.
func (r *factReader) readPasses() error {
	var rows []struct {
		PersonID, CourseID uuid.UUID
		At                 time.Time
	}
	err := r.scan(&rows, `
		SELECT e.person_id, e.course_id, a.graded_at AS at FROM enrolments e JOIN attempts a ON a.enrolment_id = e.id
		WHERE e.person_id = ANY (?0) AND e.merged_into IS NULL AND a.state = 'graded' AND a.passed AND a.support = 'self'
		  AND a.graded_at > e.independent_at AND a.graded_at <= ?1`, r.now)
	for _, row := range rows {
		f := r.all[row.PersonID]
		f.Learned[row.CourseID] = append(f.Learned[row.CourseID], clock.Day(row.At))
	}
	return err
}

func (r *factReader) readExternal() error {
	var rows []struct {
		PersonID uuid.UUID
		CourseID *uuid.UUID
		IssuedOn time.Time
		Minutes  int
	}
	err := r.scan(&rows, "SELECT person_id, course_id, issued_on, minutes FROM external_certificates WHERE person_id = ANY (?) AND state = 'accepted' ORDER BY issued_on, id")
	for _, row := range rows {
		f := r.all[row.PersonID]
		if row.CourseID != nil {
			f.Learned[*row.CourseID] = append(f.Learned[*row.CourseID], asDay(row.IssuedOn))
			continue
		}
		f.Hours = append(f.Hours, Hours{Day: asDay(row.IssuedOn), Minutes: row.Minutes})
	}
	return err
}

func (r *factReader) readTree() error {
	if len(r.above) == 0 {
		return nil
	}
	units := make([]uuid.UUID, 0, len(r.above))
	for unit := range r.above {
		units = append(units, unit)
	}
	var rows []struct{ UnitID, AncestorID uuid.UUID }
	err := r.db.NewRaw("SELECT unit_id, ancestor_id FROM unit_reach WHERE unit_id IN (?)", bun.List(units)).Scan(r.ctx, &rows)
	for _, row := range rows {
		r.above[row.UnitID] = append(r.above[row.UnitID], row.AncestorID)
	}
	return err
}

// wake notes that a fact changes by itself at a time.
func (f *Facts) wake(at time.Time) {
	if f.Next == nil || at.Before(*f.Next) {
		f.Next = &at
	}
}

// midnight is when a day begins where the learners are.
func midnight(d time.Time) time.Time {
	y, m, n := d.Date()
	return time.Date(y, m, n, 0, 0, 0, 0, clock.Zone)
}

// asDay is a date as it comes from the database, in the form of clock.Day.
func asDay(d time.Time) time.Time {
	y, m, n := d.Date()
	return date(y, m, n)
}
