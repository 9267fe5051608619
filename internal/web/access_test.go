package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/metrics"
	"hocso/internal/platform/oidc"
	"hocso/internal/worldtest"
)

// newSite is the site over a test's world.
func newSite(w *worldtest.World, cfg *config.Config) (*site, *fiber.App) {
	deps := Deps{
		Config: cfg, DB: w.DB, Redis: w.Redis, Library: w.Library, Courses: w.Courses, Quiz: w.Quiz, Scenarios: w.Scenarios, Practice: w.Practice, Mastery: w.Mastery, Pilot: w.Pilot, Programs: w.Programs, Notices: w.Notices, Records: w.Certificates,
		Identity: w.Identity, Learner: w.Records, Roster: w.Roster, Provider: oidc.New(cfg.OIDC, clock.System), Signer: w.Signer, Metrics: metrics.New(), Now: clock.System, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	return &site{deps}, New(deps)
}

// actor is somebody who asks; a nil token is nobody.
type actor struct {
	name, token string
	role        identity.Role
	person      uuid.UUID
}

// ask sends a request as somebody and gives its status and body.
func ask(t *testing.T, app *fiber.App, who actor, method, path string, form url.Values) (int, string, http.Header) {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if who.token != "" {
		request.Header.Set("Cookie", sessionCookie+"="+who.token)
	}
	response, err := app.Test(request, 10_000)
	if err != nil {
		t.Fatalf("%s %s as %s: %v", method, path, who.name, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body), response.Header
}

// expect says what a route answers to each kind of asker.
type expect struct {
	path   string                // {person}, {unit} … are filled in by target.fill
	form   url.Values            // likewise
	nobody int                   // nobody signed in, and somebody suspended
	guest  int                   // 0: as nobody
	roles  map[identity.Role]int // who holds one of these where it reaches the target
	beyond int                   // who holds it elsewhere
	rest   int                   // everybody else
}

// toSignIn is the way of saying 401 to a person.
const toSignIn = http.StatusSeeOther

// place is where an asker's role is held, seen from the target's unit.
type place struct {
	name    string
	at      *org.Unit
	reaches bool
}

// TestEveryRouteForEveryRole walks every registered route as every role, held
// at the target's own unit, above it, beside it, below it and in another
// province, and as somebody suspended; a route without an entry fails.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	s, app := newSite(w, &config.Config{Demo: true, OIDC: silentProvider})
	places := []place{
		{"at the unit itself", w.Communes[1], true},
		{"above", w.Province, true},
		{"beside", w.Communes[0], false},
		{"below", w.Hamlets[2], false},
		{"in another province", otherProvince(t, w), false},
	}
	table := accessTable()
	for _, route := range s.routes() {
		name := route.Method + " " + route.Path
		want, ok := table[name]
		if !ok {
			t.Errorf("%s: no entry; say in access_table_test.go what each role gets", name)
			continue
		}
		delete(table, name)
		check := func(who string, token string, wanted int) {
			t.Helper()
			target := newTarget(t, w, w.Communes[1])
			path, form := target.fill(t, want)
			if status, _, _ := ask(t, app, actor{name: who, token: token}, route.Method, path, form); status != wanted {
				t.Errorf("%s as %s: %d, want %d", name, who, status, wanted)
			}
		}
		check("nobody", "", want.nobody)
		check("a guest", newGuest(t, w), want.guestStatus())
		for _, role := range identity.Roles {
			for _, place := range places {
				check(string(role)+" "+place.name, newActor(t, w, role, place.at).token, want.of(role, place.reaches))
			}
			who := newActor(t, w, role, w.Communes[1])
			who.suspend(t, w)
			check(string(role)+", suspended", who.token, want.nobody)
		}
	}
	for name := range table {
		t.Errorf("%s: there is no such route", name)
	}
}

func (e expect) of(role identity.Role, reaches bool) int {
	status, named := e.roles[role]
	switch {
	case !named:
		return e.rest
	case !reaches:
		return e.beyond
	}
	return status
}

func (e expect) guestStatus() int {
	if e.guest == 0 {
		return e.nobody
	}
	return e.guest
}

// TestHelpEndsAtTheDoorOfOnesOwn: whoever acts beside a resident gets neither
// at the resident's account nor, meanwhile, at their own work.
func TestHelpEndsAtTheDoorOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	s, app := newSite(w, &config.Config{Demo: true, OIDC: silentProvider})
	helper := newActor(t, w, identity.Coordinator, w.Communes[1])
	resident := newTarget(t, w, w.Communes[1])
	if status, _, _ := ask(t, app, helper, http.MethodPost, personPath(resident.person.ID)+"/assist", url.Values{"support": {"helped"}}); status != 303 {
		t.Fatalf("begin: %d", status)
	}
	table := accessTable()
	for _, route := range s.routes() {
		want := table[route.Method+" "+route.Path]
		if !route.Who.Alone && len(route.Who.Roles) == 0 {
			continue
		}
		path, form := resident.fill(t, want)
		if status, _, _ := ask(t, app, helper, route.Method, path, form); status != http.StatusForbidden {
			t.Errorf("%s %s beside a resident: %d, want 403", route.Method, route.Path, status)
		}
	}
}

// otherProvince adds a commune of another province.
func otherProvince(t *testing.T, w *worldtest.World) *org.Unit {
	t.Helper()
	province := &org.Unit{ID: worldtest.ID(), Code: "52", Name: "Tỉnh Gia Lai", Kind: org.Province, ValidFrom: w.Province.ValidFrom}
	commune := &org.Unit{ID: worldtest.ID(), Code: "21553", Name: "Phường Quy Nhơn", Kind: org.Commune, ParentID: &province.ID, ValidFrom: w.Province.ValidFrom}
	if err := org.NewStore(w.DB).Add(t.Context(), []*org.Unit{province, commune}); err != nil {
		t.Fatal(err)
	}
	return commune
}

// newGuest begins to learn without registering.
func newGuest(t *testing.T, w *worldtest.World) (token string) {
	t.Helper()
	guest := &identity.Person{ID: worldtest.ID(), CreatedAt: clock.System()}
	if err := identity.NewStore(w.DB).AddPeople(t.Context(), guest); err != nil {
		t.Fatal(err)
	}
	return w.SignIn(t, guest)
}

// suspend keeps somebody out who is signed in.
func (a actor) suspend(t *testing.T, w *worldtest.World) {
	t.Helper()
	if _, err := w.DB.NewRaw("UPDATE people SET suspended_at = now() WHERE id = ?", a.person).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// newActor adds somebody with one role at a unit, signed in.
func newActor(t *testing.T, w *worldtest.World, role identity.Role, at *org.Unit) actor {
	t.Helper()
	person := w.Person(t, at, role)
	token := w.SignIn(t, person)
	return actor{name: string(role), token: token, role: role, person: person.ID}
}

func TestNoOtherUnitsPageOpens(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	for _, test := range []struct {
		role  identity.Role
		at    *org.Unit
		opens map[string]int
	}{
		{identity.Coordinator, w.Communes[0], map[string]int{"20242": 200, "20242-01": 200, "20944": 404, "20944-01": 404, "48": 404, "99999": 404}},
		{identity.UnitHead, w.Communes[1], map[string]int{"20944": 200, "20944-02": 200, "20242": 404, "48": 404}},
		{identity.ProvinceAdmin, w.Province, map[string]int{"48": 200, "20242": 200, "20944-01": 200, "01": 404}},
	} {
		who := newActor(t, w, test.role, test.at)
		for code, want := range test.opens {
			if status, _, _ := ask(t, app, who, http.MethodGet, "/pilot/"+code, nil); status != want {
				t.Errorf("%s of %s at %s: %d, want %d", test.role, test.at.Name, code, status, want)
			}
		}
	}
}

func TestASuspendedPersonIsNobody(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who := newActor(t, w, identity.ProvinceAdmin, w.Province)
	if status, _, _ := ask(t, app, who, http.MethodGet, "/pilot/48", nil); status != 200 {
		t.Fatalf("before: %d", status)
	}
	if _, err := w.DB.ExecContext(t.Context(), "UPDATE people SET suspended_at = now()"); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := ask(t, app, who, http.MethodGet, "/pilot/48", nil); status != toSignIn {
		t.Errorf("after: %d", status)
	}
}

func TestNoDemoOutsideDemoMode(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	if status, _, _ := ask(t, app, actor{}, http.MethodPost, "/demo/sign-in", url.Values{"role": {"operator"}}); status != 404 {
		t.Errorf("POST /demo/sign-in: %d", status)
	}
	if _, body, _ := ask(t, app, actor{}, http.MethodGet, "/sign-in", nil); strings.Contains(body, "/demo/") {
		t.Error("the sign-in page offers the demonstration's people")
	}
}
