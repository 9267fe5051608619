package learner_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

// peculiar registers somebody whose data can be found anywhere in the database.
func peculiar(t *testing.T, w *worldtest.World) *identity.Person {
	t.Helper()
	person, err := w.Identity.Register(ctx, audit.By{Address: "203.0.113.9"}, identity.Registration{
		ID: worldtest.ID(), FullName: "Zơrâm Thị Bí Mật", BirthYear: "1957", UnitID: w.Hamlets[0].ID, Phone: "0912345678", PIN: "482915",
		Consent: identity.Consent{How: identity.BySelf},
	}, w.Records.Adopt)
	must(t, err)
	_, err = w.Courses.Enrol(ctx, worldtest.Alone(person), worldtest.Slug)
	must(t, err)
	w.ReadAll(t, person)
	w.Submit(t, person, worldtest.Questions)
	w.Settle(t)
	return person
}

// found lists the text columns of all tables that hold any of the words.
func found(t *testing.T, w *worldtest.World, words ...string) []string {
	t.Helper()
	var columns []struct{ TableName, ColumnName string }
	must(t, w.DB.NewRaw(`SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'character varying', 'ARRAY', 'bytea')`).Scan(ctx, &columns))
	var places []string
	for _, column := range columns {
		for _, word := range words {
			var n int
			must(t, w.DB.NewRaw("SELECT count(*) FROM ? WHERE ?::text ILIKE ?", bun.Ident(column.TableName), bun.Ident(column.ColumnName), "%"+word+"%").Scan(ctx, &n))
			if n > 0 {
				places = append(places, fmt.Sprintf("%s.%s: %s", column.TableName, column.ColumnName, word))
			}
		}
	}
	return places
}

func figures(t *testing.T, w *worldtest.World) pilot.Counts {
	t.Helper()
	dashboard, err := w.Pilot.Dashboard(ctx, org.Scope{Units: []uuid.UUID{w.Province.ID}}, pilot.View{Code: "48", Days: 1})
	must(t, err)
	return dashboard.Unit.Counts
}

func TestErasingLeavesFiguresAndNothingElse(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := peculiar(t, w)
	twin := w.Person(t, w.Hamlets[0], identity.Resident)
	must(t, w.Identity.SetLogin(ctx, w.DB, &identity.Login{Login: "bi.mat.zoram", PersonID: twin.ID, Kind: identity.LoginName}))
	_, err := w.Records.Merge(ctx, person.ID, twin.ID, audit.By{})
	must(t, err)
	viewer := &identity.Viewer{PersonID: person.ID, HomeUnitID: person.HomeUnitID}
	must(t, w.Records.Ask(ctx, viewer, audit.By{}, learner.Correction, "Tên tôi là Zơrâm Thị Bí Mật"))
	words := []string{"Bí Mật", "bi mat", "0912345678", *person.Code, "bi.mat.zoram"}
	if len(found(t, w, words...)) < 5 {
		t.Fatal("the search finds nothing before erasing either")
	}
	mustBeExact(t, w)
	before := figures(t, w)
	for range 2 {
		must(t, w.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			return w.Records.Erase(ctx, tx, person.ID, audit.By{})
		}))
	}
	for _, place := range found(t, w, words...) {
		t.Errorf("left behind in %s", place)
	}
	mustBeExact(t, w)
	if after := figures(t, w); after != before {
		t.Errorf("figures %+v, before %+v", after, before)
	}
	if _, err := w.Identity.SignIn(ctx, identity.From{Address: "203.0.113.9"}, "0912345678", "482915"); !fault.Is(err, fault.Invalid) {
		t.Errorf("signs in: %v", err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		other func(*testing.T, *worldtest.World, *identity.Person)
		stays bool
	}{
		"nobody else": {func(*testing.T, *worldtest.World, *identity.Person) {}, true},
		"another": {func(t *testing.T, w *worldtest.World, _ *identity.Person) {
			w.Person(t, w.Province, identity.ProvinceAdmin)
		}, false},
		"a merged twin": {func(t *testing.T, w *worldtest.World, admin *identity.Person) {
			join(t, w, admin, w.Person(t, w.Province, identity.ProvinceAdmin))
		}, true},
		"one whose twin": {func(t *testing.T, w *worldtest.World, _ *identity.Person) {
			join(t, w, w.Person(t, w.Province, identity.ProvinceAdmin), w.Person(t, w.Province, identity.ProvinceAdmin))
		}, false},
		"a suspended one": {func(t *testing.T, w *worldtest.World, _ *identity.Person) {
			other := w.Person(t, w.Province, identity.ProvinceAdmin)
			_, err := w.DB.NewRaw("UPDATE people SET suspended_at = now() WHERE id = ?", other.ID).Exec(ctx)
			must(t, err)
		}, true},
		"an erased one": {func(t *testing.T, w *worldtest.World, _ *identity.Person) {
			must(t, erase(w, w.Person(t, w.Province, identity.ProvinceAdmin).ID))
		}, true},
		"of another place": {func(t *testing.T, w *worldtest.World, _ *identity.Person) {
			w.Person(t, w.Communes[0], identity.ProvinceAdmin)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldtest.New(t)
			admin := w.Person(t, w.Province, identity.ProvinceAdmin)
			c.other(t, w, admin)
			if err := erase(w, admin.ID); fault.Is(err, fault.Conflict) != c.stays || err != nil && !c.stays {
				t.Errorf("erasing: %v", err)
			}
		})
	}
}

// TestErasingReachesTheWholePerson from whichever of their records.
func TestErasingReachesTheWholePerson(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, merged := pair(t, w)
	further := w.Person(t, w.Hamlets[2], identity.Resident)
	join(t, w, merged, further)
	m := join(t, w, kept, merged)
	must(t, erase(w, further.ID))
	for _, p := range []*identity.Person{kept, merged, further} {
		erased, err := identity.NewStore(w.DB).Person(ctx, p.ID)
		must(t, err)
		if erased.ErasedAt == nil || erased.FullName != "" {
			t.Errorf("half a person was erased: %+v", erased)
		}
		if n := count(t, w, "audit_log WHERE action = 'data.erase' AND subject_id = ?", p.ID); n != 1 {
			t.Errorf("%d entries in the log", n)
		}
	}
	if err := w.Records.Unmerge(ctx, kept.ID, m.ID, audit.By{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("undone: %v", err)
	}
}

// TestErasingWaitsForTheGrade, keeps nobody else waiting, and is done then.
func TestErasingWaitsForTheGrade(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := clock.System()
	service := learner.NewService(w.DB, w.Bell, func() time.Time { return now })
	waits, goes := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	must(t, asks(t, w, waits, learner.Erasure))
	must(t, asks(t, w, goes, learner.Erasure))
	w.Submit(t, waits, 10)
	if err := erase(w, waits.ID); !fault.Is(err, fault.Unavailable) {
		t.Errorf("erased while a grade waits: %v", err)
	}
	now = now.Add(25 * time.Hour)
	if n, err := service.EraseDue(ctx, 10); err != nil || n != 1 {
		t.Errorf("before grading %d, %v", n, err)
	}
	mustBeExact(t, w)
	if n, err := service.EraseDue(ctx, 10); err != nil || n != 1 {
		t.Errorf("after grading %d, %v", n, err)
	}
	mustBeExact(t, w)
	if f := figures(t, w); f.Passed != 1 {
		t.Errorf("passed %d: erasing took a grade", f.Passed)
	}
}

func TestErasingEndsWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := peculiar(t, w)
	must(t, asks(t, w, person, learner.Correction))
	must(t, asks(t, w, person, learner.Erasure))
	must(t, erase(w, person.ID))
	open, err := w.Records.OpenRequests(ctx, everywhere(w))
	must(t, err)
	if len(open) != 0 {
		t.Errorf("%d requests of nobody", len(open))
	}
}

func TestAnErasureCanBeWithdrawnForADay(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := clock.System()
	service := learner.NewService(w.DB, w.Bell, func() time.Time { return now })
	keeps, goes := peculiar(t, w), w.Learner(t, w.Hamlets[1])
	for _, person := range []*identity.Person{keeps, goes} {
		viewer := &identity.Viewer{PersonID: person.ID, HomeUnitID: person.HomeUnitID}
		must(t, service.Ask(ctx, viewer, audit.By{}, learner.Erasure, ""))
		must(t, service.Ask(ctx, viewer, audit.By{}, learner.Erasure, "")) // pressed twice
	}
	if n, err := service.EraseDue(ctx, 10); err != nil || n != 0 {
		t.Errorf("at once: %d, %v", n, err)
	}
	requests, err := service.Requests(ctx, keeps.ID)
	must(t, err)
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	must(t, service.Withdraw(ctx, &identity.Viewer{PersonID: keeps.ID}, requests[0].ID))
	now = now.Add(25 * time.Hour)
	if n, err := service.EraseDue(ctx, 10); err != nil || n != 1 {
		t.Errorf("a day later: %d, %v", n, err)
	}
	erased, err := identity.NewStore(w.DB).Person(ctx, goes.ID)
	must(t, err)
	kept, err := identity.NewStore(w.DB).Person(ctx, keeps.ID)
	must(t, err)
	if erased.ErasedAt == nil || kept.ErasedAt != nil {
		t.Errorf("erased %v, kept %v", erased.ErasedAt, kept.ErasedAt)
	}
}

func TestTwoWorkingDays(t *testing.T) {
	t.Parallel()
	for asked, due := range map[string]string{
		"2026-11-23T03:00:00Z": "2026-11-25", // Monday
		"2026-11-26T03:00:00Z": "2026-11-30", // Thursday: Friday and Monday
		"2026-11-27T03:00:00Z": "2026-12-01", // Friday
		"2026-11-28T03:00:00Z": "2026-12-01", // Saturday
		"2026-11-26T18:00:00Z": "2026-12-01", // already Friday in Việt Nam
	} {
		at, err := time.Parse(time.RFC3339, asked)
		must(t, err)
		if got := learner.Due(at, 2).Format("2006-01-02 15:04:05 -0700"); got != due+" 23:59:59 +0700" {
			t.Errorf("%s: due %s, want the end of %s", asked, got, due)
		}
	}
}
