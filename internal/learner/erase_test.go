package learner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
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
	w := worldtest.New(t)
	admin := w.Person(t, w.Province, identity.ProvinceAdmin)
	erase := func() error {
		return w.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return w.Records.Erase(ctx, tx, admin.ID, audit.By{}) })
	}
	if err := erase(); !fault.Is(err, fault.Conflict) {
		t.Errorf("the last one: %v", err)
	}
	w.Person(t, w.Province, identity.ProvinceAdmin)
	must(t, erase())
}

func TestADownloadHoldsEverything(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := peculiar(t, w)
	viewer := &identity.Viewer{PersonID: person.ID, HomeUnitID: person.HomeUnitID}
	data, err := w.Records.Download(ctx, viewer, audit.By{ActorID: &person.ID})
	must(t, err)
	raw, err := json.Marshal(data)
	must(t, err)
	for _, part := range []string{"Zơrâm Thị Bí Mật", "0912345678", "Dùng Internet", `"best_score":100`, `"support":"self"`, `"purpose":"learning"`, "person.register"} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("lacks %s", part)
		}
	}
	if strings.Contains(string(raw), "argon2id") {
		t.Error("hands out a hash")
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

func TestGuestsWhoNeverCameBackAreForgotten(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := clock.System()
	service := learner.NewService(w.DB, w.Bell, func() time.Time { return now })
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: now}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, guest))
	work(t, w, guest, uuid.Nil, 0, 0)
	work(t, w, guest, uuid.Nil, 6, 10)
	person := peculiar(t, w)
	if n, err := service.TidyGuests(ctx); err != nil || n != 0 {
		t.Errorf("today: %d, %v", n, err)
	}
	now = now.Add(181 * 24 * time.Hour)
	if n, err := service.TidyGuests(ctx); err != nil || n != 1 {
		t.Errorf("half a year later: %d, %v", n, err)
	}
	if _, err := identity.NewStore(w.DB).Person(ctx, person.ID); err != nil {
		t.Errorf("somebody registered went, too: %v", err)
	}
	mustBeExact(t, w)
}
