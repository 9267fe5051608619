package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/testkit"
	"hocso/internal/worldtest"
)

func TestBadInputGetsAClearAnswer(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	learner := w.Learner(t, w.Hamlets[0])
	token := w.SignIn(t, learner)
	who := actor{name: "learner", token: token}
	attempt, err := w.Quiz.Begin(t.Context(), worldtest.Alone(learner), worldtest.Slug)
	if err != nil {
		t.Fatal(err)
	}
	path := "/attempts/" + attempt.ID.String()
	submission := "0197a6a0-0000-7000-8000-000000000001"
	full := url.Values{"submission": {submission}}
	for _, question := range w.Check.Questions {
		full.Set("q."+question.Key, "a")
	}
	with := func(name, value string) url.Values {
		form := url.Values{}
		for key, values := range full {
			form[key] = values
		}
		if value == "" {
			form.Del(name)
		} else {
			form.Set(name, value)
		}
		return form
	}
	for _, test := range []struct {
		name, method, path string
		form               url.Values
		status             int
	}{
		{"unknown page", "GET", "/nowhere", nil, 404},
		{"unknown course", "GET", "/courses/khong-co", nil, 404},
		{"unknown lesson", "GET", "/courses/" + worldtest.Slug + "/lessons/khong-co", nil, 404},
		{"enrolling in an unknown course", "POST", "/courses/khong-co/enrol", nil, 404},
		{"an attempt that is no id", "GET", "/attempts/1%20or%201=1", nil, 404},
		{"an attempt of nobody", "GET", "/attempts/" + submission, nil, 404},
		{"a question left out", "POST", path + "/submit", with("q.cau-3", ""), 422},
		{"an option that is not there", "POST", path + "/submit", with("q.cau-3", "z"), 422},
		{"a question of another quiz", "POST", path + "/submit", with("q.cau-99", "a"), 422},
		{"a NUL in a form", "POST", "/sign-in", url.Values{"login": {"a\x00b"}, "password": {"x"}}, 422},
		{"a NUL in an address", "GET", "/courses/a%00b", nil, 422},
		{"a NUL in a query", "GET", "/sign-in?next=%00", nil, 422},
		{"no submission id", "POST", path + "/submit", with("submission", ""), 422},
		{"a submission id that is none", "POST", path + "/submit", with("submission", "x"), 422},
		{"everything right", "POST", path + "/submit", full, 303},
		{"the same again", "POST", path + "/submit", full, 303},
	} {
		status, body, _ := ask(t, app, who, test.method, test.path, test.form)
		if status != test.status {
			t.Errorf("%s: %d, want %d", test.name, status, test.status)
		}
		if strings.Contains(body, "goroutine") || strings.Contains(body, "SQLSTATE") {
			t.Errorf("%s: the page shows our insides", test.name)
		}
	}
}

func TestGivenAnswersComeBackWithTheError(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	learner := w.Learner(t, w.Hamlets[0])
	token := w.SignIn(t, learner)
	attempt, err := w.Quiz.Begin(t.Context(), worldtest.Alone(learner), worldtest.Slug)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"submission": {worldtest.ID().String()}, "q.cau-1": {"b"}}
	_, body, _ := ask(t, app, actor{token: token}, "POST", "/attempts/"+attempt.ID.String()+"/submit", form)
	if strings.Count(body, " checked") != 1 {
		t.Errorf("the one given answer is not kept:\n%s", body)
	}
	if !strings.Contains(body, form.Get("submission")) {
		t.Error("the submission id changed: a retry would count as another submission")
	}
}

func TestWritesFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	for _, test := range []struct {
		name    string
		headers map[string]string
		status  int
	}{
		{"our own page", map[string]string{"Sec-Fetch-Site": "same-origin"}, 303},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a sibling site", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"an old browser, our page", map[string]string{"Origin": "http://hocso.vn"}, 303},
		{"an old browser, another site", map[string]string{"Origin": "http://evil.example"}, 403},
		{"an opaque origin", map[string]string{"Origin": "null"}, 403},
		{"no browser", nil, 303},
		{"another site, to somebody who needs contrast", map[string]string{"Sec-Fetch-Site": "cross-site", "Cookie": preferenceCookie + "=l.contrast.vi"}, 403},
	} {
		request := httptest.NewRequest(http.MethodPost, "http://hocso.vn/preferences", strings.NewReader("size=l"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for name, value := range test.headers {
			request.Header.Set(name, value)
		}
		response, err := app.Test(request, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != test.status {
			t.Errorf("%s: %d, want %d", test.name, response.StatusCode, test.status)
		}
		if test.headers["Cookie"] != "" && !strings.Contains(readAll(t, response), `data-theme="contrast"`) {
			t.Errorf("%s: the error page forgets how they like to read", test.name)
		}
	}
}

func TestNextStaysOnThisSite(t *testing.T) {
	for path, want := range map[string]string{
		"/courses/x?y=1": "/courses/x?y=1", "": "/", "//evil.example": "/", "/\\evil.example": "/",
		"https://evil.example": "/", "javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/", "/" + strings.Repeat("a", 600): "/",
	} {
		if got := localPath(path, "/"); got != want {
			t.Errorf("localPath(%q) = %q", path, got)
		}
	}
}

func TestPreferencesAreRemembered(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	status, _, header := ask(t, app, actor{}, "POST", "/preferences", url.Values{"size": {"l"}, "theme": {"contrast"}, "back": {"/sign-in"}})
	if status != 303 || header.Get("Location") != "/sign-in" {
		t.Fatalf("%d to %q", status, header.Get("Location"))
	}
	request := httptest.NewRequest("GET", "/sign-in", nil)
	request.Header.Set("Cookie", strings.SplitN(header.Get("Set-Cookie"), ";", 2)[0])
	response, err := app.Test(request, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	page := readAll(t, response)
	for _, want := range []string{`data-size="l"`, `contrast`} {
		if !strings.Contains(page, want) {
			t.Errorf("the next page lacks %s", want)
		}
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	person := w.Person(t, w.Communes[0], identity.Resident)
	if err := w.Identity.SetPassword(t.Context(), w.DB, person.ID, "Nguyet", "mat khau dai"); err != nil {
		t.Fatal(err)
	}
	status, body, _ := ask(t, app, actor{}, "POST", "/sign-in", url.Values{"login": {"nguyet"}, "password": {"sai"}})
	_, other, _ := ask(t, app, actor{}, "POST", "/sign-in", url.Values{"login": {"khong"}, "password": {"sai"}})
	if status != 422 || strings.ReplaceAll(body, "nguyet", "") != strings.ReplaceAll(other, "khong", "") {
		t.Errorf("%d; the page tells whether a name exists", status)
	}
	status, _, header := ask(t, app, actor{}, "POST", "/sign-in", url.Values{"login": {" NGUYET "}, "password": {"mat khau dai"}, "next": {"/me"}})
	if status != 303 || header.Get("Location") != "/me" {
		t.Fatalf("sign in: %d to %q", status, header.Get("Location"))
	}
	token := strings.TrimPrefix(strings.SplitN(header.Get("Set-Cookie"), ";", 2)[0], sessionCookie+"=")
	if status, _, _ := ask(t, app, actor{token: token}, "GET", "/me", nil); status != 200 {
		t.Errorf("signed in: %d", status)
	}
	ask(t, app, actor{token: token}, "POST", "/sign-out", nil)
	if status, _, _ := ask(t, app, actor{token: token}, "GET", "/me", nil); status != 303 {
		t.Errorf("the token still works after signing out: %d", status)
	}
}

func TestGuessingIsStopped(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	form := url.Values{"login": {"ai-do"}, "password": {"doan"}}
	for range 5 {
		if status, _, _ := ask(t, app, actor{}, "POST", "/sign-in", form); status != 422 {
			t.Fatalf("a free try: %d", status)
		}
	}
	if status, _, _ := ask(t, app, actor{}, "POST", "/sign-in", form); status != 429 {
		t.Errorf("the sixth try: %d", status)
	}
}

func TestALostDatabaseIsAPageNotAStack(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who := newActor(t, w, identity.Resident, w.Hamlets[0])
	w.DB.Close()
	status, body, header := ask(t, app, who, "GET", "/me", nil)
	if status != 503 && status != 500 || !strings.Contains(body, "</html>") || strings.Contains(body, "sql:") {
		t.Errorf("%d:\n%s", status, body)
	}
	if !strings.Contains(body, header.Get("X-Request-Id")) {
		t.Error("the page does not show the id that the log holds")
	}
}

// queries counts statements.
type queries struct{ n int }

func (q *queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }
func (q *queries) AfterQuery(context.Context, *bun.QueryEvent)                        { q.n++ }

// TestPagesAskAFixedNumberOfQuestions: no page runs a query in a loop.
func TestPagesAskAFixedNumberOfQuestions(t *testing.T) {
	t.Parallel()
	redis, err := queue.Open(testkit.RedisURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer redis.Close()
	counter := new(queries)
	w := worldtest.Build(t, testkit.DB(t).WithQueryHook(counter), redis)
	_, app := newSite(w, &config.Config{})
	admin := newActor(t, w, identity.ProvinceAdmin, w.Province)
	learner := w.Learner(t, w.Hamlets[0])
	w.ReadAll(t, learner)
	w.Submit(t, learner, 9)
	w.Settle(t)
	token := w.SignIn(t, learner)
	for range 5 {
		note(t, w, audit.By{ActorID: &learner.ID, HelperID: &admin.person}, w.Hamlets[0], audit.Entry{Action: audit.PersonChange, SubjectID: &learner.ID, Changes: []audit.Change{{Field: "unit", After: w.Hamlets[0].ID.String()}}})
	}
	for _, test := range []struct {
		who  string
		path string
		most int
	}{
		{token, "/", 7}, {token, "/courses/" + worldtest.Slug, 6}, {token, "/courses/" + worldtest.Slug + "/lessons/bai-1", 5},
		{token, "/me", 5}, {token, "/me/skills", 5}, {token, "/practice", 3}, {token, "/glossary", 3}, {token, "/skills", 3}, {admin.token, "/pilot/48", 8}, {admin.token, "/audit", 3},
	} {
		ask(t, app, actor{token: test.who}, "GET", test.path, nil) // warm the library
		counter.n = 0
		if status, _, _ := ask(t, app, actor{token: test.who}, "GET", test.path, nil); status != 200 || counter.n > test.most {
			t.Errorf("%s: %d, %d queries, at most %d", test.path, status, counter.n, test.most)
		}
	}
}

func readAll(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestDataSaver: a reader who saves data, or whose browser asks for it, gets
// the phone's own letters, and pictures only when asked for.
func TestDataSaver(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	for name, test := range map[string]struct {
		cookie, header string
		saves          bool
	}{
		"nobody asked":        {"", "", false},
		"the browser asks":    {"", "on", true},
		"the reader asked":    {"m.light.vi.on.vi", "", true},
		"the reader declined": {"m.light.vi.off.vi", "on", false},
		"an older cookie":     {"m.light.vi", "on", true},
	} {
		request := httptest.NewRequest("GET", "/courses/"+worldtest.Slug+"/lessons/bai-1", nil)
		if test.cookie != "" {
			request.AddCookie(&http.Cookie{Name: preferenceCookie, Value: test.cookie})
		}
		request.Header.Set("Save-Data", test.header)
		response, err := app.Test(request, -1)
		if err != nil {
			t.Fatal(err)
		}
		body := readAll(t, response)
		if saves := strings.Contains(body, "data-saver"); saves != test.saves || strings.Contains(body, "<details") != test.saves {
			t.Errorf("%s: saves %v, want %v", name, saves, test.saves)
		}
	}
}
