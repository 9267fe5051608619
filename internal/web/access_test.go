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
	"hocso/internal/worldtest"
)

// newSite is the site over a test's world.
func newSite(w *worldtest.World, cfg *config.Config) (*site, *fiber.App) {
	deps := Deps{
		Config: cfg, DB: w.DB, Redis: w.Redis, Library: w.Library, Courses: w.Courses, Quiz: w.Quiz, Pilot: w.Pilot,
		Identity: w.Identity, Metrics: metrics.New(), Now: clock.System, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	return &site{deps}, New(deps)
}

// actor is somebody who asks; a nil token is nobody.
type actor struct {
	name, token string
	role        identity.Role
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

// expect says what a route answers to each kind of asker; toSignIn is the way
// of saying 401 to a person.
type expect struct {
	path   string // with {attempt}, {asset} and {unit} filled in per asker
	form   url.Values
	nobody int
	roles  map[identity.Role]int // others get the rest
	rest   int
}

const toSignIn = http.StatusSeeOther

// TestEveryRouteForEveryRole walks every registered route as every role; a
// route without an entry fails.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	s, app := newSite(w, &config.Config{Demo: true})
	stranger := w.Learner(t, w.Hamlets[0])
	foreign := w.Submit(t, stranger, 5).ID.String()

	readers := map[identity.Role]int{identity.Coordinator: 200, identity.UnitHead: 200, identity.ProvinceAdmin: 200}
	led := map[identity.Role]int{identity.Coordinator: 303, identity.UnitHead: 303, identity.ProvinceAdmin: 303}
	operator := map[identity.Role]int{identity.Operator: 200}
	open := func(path string) expect { return expect{path: path, nobody: 200, rest: 200} }
	table := map[string]expect{
		"GET /":                                        open("/"),
		"GET /courses/:course":                         open("/courses/" + worldtest.Slug),
		"GET /courses/:course/lessons/:lesson":         open("/courses/" + worldtest.Slug + "/lessons/bai-1"),
		"POST /courses/:course/enrol":                  {path: "/courses/" + worldtest.Slug + "/enrol", nobody: toSignIn, rest: 303},
		"POST /courses/:course/lessons/:lesson/finish": {path: "/courses/" + worldtest.Slug + "/lessons/bai-1/finish", nobody: toSignIn, rest: 404}, // not enrolled
		"POST /courses/:course/quiz":                   {path: "/courses/" + worldtest.Slug + "/quiz", nobody: toSignIn, rest: 404},
		"GET /me":                                      {path: "/me", nobody: toSignIn, rest: 200},
		"GET /attempts/:attempt":                       {path: "/attempts/" + foreign, nobody: toSignIn, rest: 404},
		"POST /attempts/:attempt/save":                 {path: "/attempts/" + foreign + "/save", nobody: toSignIn, rest: 404},
		"POST /attempts/:attempt/submit":               {path: "/attempts/" + foreign + "/submit", form: url.Values{"submission": {uuid.NewString()}}, nobody: toSignIn, rest: 404},
		"GET /pilot":                                   {path: "/pilot", nobody: toSignIn, roles: led, rest: 403},
		"GET /pilot/:unit":                             {path: "/pilot/20944", nobody: toSignIn, roles: readers, rest: 403},
		"GET /ops/queue":                               {path: "/ops/queue", nobody: toSignIn, roles: operator, rest: 403},
		"POST /ops/queue/run-again":                    {path: "/ops/queue/run-again", form: url.Values{"id": {"none"}}, nobody: toSignIn, roles: map[identity.Role]int{identity.Operator: 303}, rest: 403},
		"GET /sign-in":                                 open("/sign-in"),
		"POST /sign-in":                                {path: "/sign-in", form: url.Values{"login": {"nobody"}, "password": {"wrong"}}, nobody: 422, rest: 422},
		"POST /sign-out":                               {path: "/sign-out", nobody: toSignIn, rest: 303},
		"POST /demo/sign-in":                           {path: "/demo/sign-in", form: url.Values{"role": {"nobody"}}, nobody: 404, rest: 404},
		"POST /preferences":                            {path: "/preferences", form: url.Values{"size": {"l"}}, nobody: 303, rest: 303},
		"GET /static/:file":                            {path: "/static/none.css", nobody: 404, rest: 404},
		"GET /media/:file":                             {path: "/media/none.svg", nobody: 404, rest: 404},
		"GET /favicon.ico":                             open("/favicon.ico"),
		"GET /healthz":                                 open("/healthz"),
		"GET /readyz":                                  {path: "/readyz", nobody: 503, rest: 503},  // no worker in this test
		"GET /metrics":                                 {path: "/metrics", nobody: 404, rest: 404}, // not from this machine
	}
	for _, route := range s.routes() {
		name := route.Method + " " + route.Path
		want, ok := table[name]
		if !ok {
			t.Errorf("%s: no entry; say here what each role gets", name)
			continue
		}
		delete(table, name)
		if status, _, _ := ask(t, app, actor{name: "nobody"}, route.Method, want.path, want.form); status != want.nobody {
			t.Errorf("%s as nobody: %d, want %d", name, status, want.nobody)
		}
		for _, role := range identity.Roles {
			if want.form.Has("login") {
				want.form.Set("login", string(role)) // one name would be throttled
			}
			who := newActor(t, w, role, w.Communes[1]) // a new one each: signing out ends the session
			status, _, _ := ask(t, app, who, route.Method, want.path, want.form)
			wanted, special := want.roles[role]
			if !special {
				wanted = want.rest
			}
			if status != wanted {
				t.Errorf("%s as %s: %d, want %d", name, role, status, wanted)
			}
		}
	}
	for name := range table {
		t.Errorf("%s: there is no such route", name)
	}
}

// newActor adds somebody with one role at a unit, signed in.
func newActor(t *testing.T, w *worldtest.World, role identity.Role, at *org.Unit) actor {
	t.Helper()
	person := w.Person(t, at, role)
	token := w.SignIn(t, person)
	return actor{name: string(role), token: token, role: role}
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
