package learner_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// work lets somebody do one made-up thing in the course.
func work(t *testing.T, w *worldtest.World, person *identity.Person, helper uuid.UUID, kind, right int) {
	t.Helper()
	by := worldtest.Alone(person)
	if kind%2 == 1 {
		by.Support, by.HelperID = identity.Helped, &helper
	}
	_, err := w.Courses.Enrol(ctx, by, worldtest.Slug)
	must(t, err)
	switch kind / 2 {
	case 0, 1:
		_, err := w.Courses.FinishLesson(ctx, by, worldtest.Slug, fmt.Sprintf("bai-%d", 1+kind/2))
		must(t, err)
	case 2:
		_, err := w.Quiz.Begin(ctx, by, worldtest.Slug)
		must(t, err)
	case 3:
		attempt, err := w.Quiz.Begin(ctx, by, worldtest.Slug)
		must(t, err)
		_, err = w.Quiz.Submit(ctx, by, attempt.ID, worldtest.ID(), w.Answers(right))
		must(t, err)
		w.Settle(t)
	}
}

// records writes down everything about two people's learning and signing in,
// the ledger as what is left of it.
func records(t *testing.T, w *worldtest.World, a, b uuid.UUID) []string {
	t.Helper()
	var lines []string
	for _, query := range []string{
		"SELECT 'e ' || e::text FROM enrolments e WHERE person_id IN (?0, ?1)",
		"SELECT 'l ' || l::text FROM lesson_progress l JOIN enrolments e ON e.id = l.enrolment_id WHERE e.person_id IN (?0, ?1)",
		"SELECT 'a ' || a::text FROM attempts a WHERE person_id IN (?0, ?1)", "SELECT 'o ' || o::text FROM logins o WHERE person_id IN (?0, ?1)",
		"SELECT 'g ' || g::text FROM role_grants g WHERE person_id IN (?0, ?1)", "SELECT 'c ' || c::text FROM consents c WHERE person_id IN (?0, ?1)",
		"SELECT 'p ' || p::text FROM people p WHERE id IN (?0, ?1)", "SELECT 'ac ' || ac::text FROM accounts ac WHERE person_id IN (?0, ?1)",
		`SELECT 'net ' || concat_ws(' ', kind, enrolment_id, attempt_id, unit_id, at, sum(weight)) FROM progress_events WHERE person_id IN (?0, ?1)
			GROUP BY kind, enrolment_id, attempt_id, unit_id, at HAVING sum(weight) <> 0`,
	} {
		var some []string
		must(t, w.DB.NewRaw(query, a, b).Scan(ctx, &some))
		lines = append(lines, some...)
	}
	slices.Sort(lines)
	return lines
}

func mustBeExact(t *testing.T, w *worldtest.World) {
	t.Helper()
	w.Settle(t)
	differences, err := w.Pilot.Check(ctx)
	if err != nil || len(differences) > 0 {
		t.Fatalf("figures differ from a recount: %+v, %v", differences, err)
	}
}

func enrolled(t *testing.T, w *worldtest.World) int64 {
	t.Helper()
	dashboard, err := w.Pilot.Dashboard(ctx, org.Scope{Units: []uuid.UUID{w.Province.ID}}, pilot.View{Code: "48", Days: 1})
	must(t, err)
	return dashboard.Unit.Enrolled
}

// TestAMergeIsExactAndCanBeUndone over made-up histories of two records: the
// merged one is what it was, and kept has what they earned since.
func TestAMergeIsExactAndCanBeUndone(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	helper := w.Person(t, w.Communes[0], identity.TeamMember).ID
	rapid.Check(t, func(r *rapid.T) {
		others := enrolled(t, w)
		kept, merged := w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[1], identity.Resident)
		must(t, w.Identity.SetPIN(ctx, w.DB, merged.ID, "482915"))
		both := []*identity.Person{kept, merged}
		for range rapid.IntRange(0, 8).Draw(r, "before") {
			work(t, w, both[rapid.IntRange(0, 1).Draw(r, "who")], helper, rapid.IntRange(0, 7).Draw(r, "kind"), rapid.IntRange(0, 10).Draw(r, "right"))
		}
		mustBeExact(t, w)
		before, theirs := records(t, w, kept.ID, merged.ID), records(t, w, merged.ID, merged.ID)
		open := count(t, w, "attempts WHERE state = 'open' AND person_id = ?", merged.ID)
		hadOpen := open
		graded := count(t, w, "attempts WHERE state = 'graded' AND person_id = ?", kept.ID)
		merge, err := w.Records.Merge(ctx, kept.ID, merged.ID, audit.By{})
		must(t, err)
		mustBeExact(t, w)
		if n := enrolled(t, w) - others; n > 1 {
			r.Fatalf("one person counts %d times", n)
		}
		since := rapid.IntRange(0, 3).Draw(r, "since")
		for range since {
			kind := rapid.IntRange(0, 7).Draw(r, "kind")
			work(t, w, kept, helper, kind, rapid.IntRange(0, 10).Draw(r, "right"))
			mustBeExact(t, w)
			if kind/2 == 3 {
				graded++
				open = 0 // their one open attempt was submitted: it is kept's now
			}
		}
		must(t, w.Records.Unmerge(ctx, kept.ID, merge.ID, audit.By{}))
		must(t, w.Records.Unmerge(ctx, kept.ID, merge.ID, audit.By{})) // pressed twice
		mustBeExact(t, w)
		if n := count(t, w, "attempts WHERE state = 'graded' AND person_id = ?", kept.ID); n != graded {
			r.Fatalf("kept has %d grades, earned %d", n, graded)
		}
		if after := records(t, w, merged.ID, merged.ID); open == hadOpen && !slices.Equal(theirs, after) {
			r.Fatalf("the merged record is\n%s\nwas\n%s", strings.Join(after, "\n"), strings.Join(theirs, "\n"))
		}
		if after := records(t, w, kept.ID, merged.ID); since == 0 && !slices.Equal(before, after) {
			for _, line := range after {
				if !slices.Contains(before, line) {
					r.Logf("new: %s", line)
				}
			}
			for _, line := range before {
				if !slices.Contains(after, line) {
					r.Logf("lost: %s", line)
				}
			}
			r.Fatalf("after undoing, records are not what they were")
		}
	})
}

func TestWhatAGuestDidBecomesTheirsOnce(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: clock.System()}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest))
	work(t, w, guest, uuid.Nil, 0, 0)
	work(t, w, guest, uuid.Nil, 2, 0)
	work(t, w, guest, uuid.Nil, 6, 10)
	mustBeExact(t, w)
	if n := enrolled(t, w); n != 0 {
		t.Errorf("a guest counts %d times", n)
	}
	person := w.Learner(t, w.Hamlets[2])
	for range 3 { // a double click
		must(t, w.Records.Claim(ctx, guest.ID, person.ID, audit.By{ActorID: &person.ID}))
	}
	mustBeExact(t, w)
	progress, err := w.Courses.Progress(ctx, person.ID, worldtest.Slug)
	must(t, err)
	if progress.Enrolment.CompletedAt == nil || progress.Enrolment.IndependentAt == nil || enrolled(t, w) != 1 {
		t.Errorf("claimed: %+v", progress.Enrolment)
	}
	other := w.Learner(t, w.Hamlets[0])
	must(t, w.Records.Claim(ctx, guest.ID, other.ID, audit.By{}))
	if progress, err := w.Courses.Progress(ctx, other.ID, worldtest.Slug); err != nil || len(progress.Finished) != 0 {
		t.Errorf("claimed by a second person: %+v, %v", progress.Finished, err)
	}
}

func TestAGuestWhoRegistersKeepsEverything(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: clock.System()}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest))
	work(t, w, guest, uuid.Nil, 0, 0)
	work(t, w, guest, uuid.Nil, 6, 8)
	registration := identity.Registration{
		ID: worldtest.ID(), Guest: &guest.ID, FullName: "Alăng Thị Bé", BirthYear: "1961", UnitID: w.Hamlets[2].ID,
		PIN: "482915", Consent: identity.Consent{How: identity.BySelf},
	}
	for range 2 {
		person, err := w.Identity.Register(ctx, audit.By{}, registration, w.Records.Adopt)
		must(t, err)
		if person.ID != guest.ID {
			t.Fatalf("registered as somebody else")
		}
	}
	mustBeExact(t, w)
	if n := enrolled(t, w); n != 1 {
		t.Errorf("counts %d times", n)
	}
}

func TestWhatCantBeMerged(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	a, b, c := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	if _, err := w.Records.Merge(ctx, a.ID, a.ID, audit.By{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("with oneself: %v", err)
	}
	first, err := w.Records.Merge(ctx, a.ID, b.ID, audit.By{})
	must(t, err)
	if _, err := w.Records.Merge(ctx, c.ID, b.ID, audit.By{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("merged before: %v", err)
	}
	_, err = w.Records.Merge(ctx, c.ID, a.ID, audit.By{})
	must(t, err)
	if err := w.Records.Unmerge(ctx, a.ID, first.ID, audit.By{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("undone under a later merge: %v", err)
	}
	mustBeExact(t, w)
}
