package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/metrics"
	"hocso/internal/platform/oidc"
	"hocso/internal/platform/testkit/idp"
	"hocso/internal/worldtest"
)

// silentProvider is configured and does not answer.
var silentProvider = config.OIDC{Issuer: "http://127.0.0.1:1", ClientID: "hocso", Name: "tài khoản thử"}

// browser keeps cookies and does not follow redirects by itself.
type browser struct {
	t       *testing.T
	app     *fiber.App
	cookies map[string]string
	headers map[string]string
}

func newBrowser(t *testing.T, app *fiber.App) *browser {
	return &browser{t: t, app: app, cookies: map[string]string{}, headers: map[string]string{}}
}

// answer is what a browser got.
type answer struct {
	status     int
	body, next string // next: where it leads
}

func (b *browser) send(method, path string, form url.Values) answer {
	b.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.headers {
		request.Header.Set(name, value)
	}
	for name, value := range b.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := b.app.Test(request, 20_000)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, cookie := range response.Cookies() {
		if b.cookies[cookie.Name] = cookie.Value; cookie.Value == "" {
			delete(b.cookies, cookie.Name)
		}
		if cookie.Name == flowCookie && (!cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Value != "" && cookie.MaxAge != 600) {
			b.t.Errorf("the flow's cookie: %+v", cookie)
		}
	}
	return answer{response.StatusCode, readAll(b.t, response), response.Header.Get("Location")}
}

func (b *browser) open(path string) answer {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil)
}

// elsewhere goes to the provider from a page of ours and comes back with the
// path of its answer.
func (b *browser) elsewhere(path string) (back string) {
	b.t.Helper()
	begun := b.open(path)
	if begun.status != http.StatusSeeOther {
		b.t.Fatalf("%s: %d\n%s", path, begun.status, begun.body)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(begun.next)
	if err != nil {
		b.t.Fatal(err)
	}
	response.Body.Close()
	address, err := response.Location()
	if err != nil || address.Host != "example.com" || address.Path != callbackPath {
		b.t.Fatalf("the provider answers %s and leads to %v", response.Status, address)
	}
	return address.RequestURI()
}

// isIn tells whether somebody is signed in.
func (b *browser) isIn() bool { return b.open("/me/account").status == http.StatusOK }

// says fails the test unless an answer is a page of a status that says so, with
// nobody signed in.
func (b *browser) says(what string, got answer, status int, text string) {
	b.t.Helper()
	if got.status != status || !strings.Contains(got.body, text) {
		b.t.Errorf("%s: %d, without %q:\n%s", what, got.status, text, got.body)
	}
	if strings.Contains(got.body, "code=") || strings.Contains(got.body, "state=") {
		b.t.Errorf("%s: the page repeats the provider's answer", what)
	}
	if b.isIn() {
		b.t.Errorf("%s: somebody is signed in", what)
	}
}

// withProvider is a site with a provider at which officials have their login as
// preferred_username, and an official.
func withProvider(t *testing.T) (*worldtest.World, *idp.Provider, *config.Config, *identity.Person) {
	t.Helper()
	w, provider := worldtest.New(t), idp.Start(t)
	cfg := &config.Config{OIDC: provider.Settings()}
	cfg.OIDC.MatchClaim = "preferred_username"
	person := w.Person(t, w.Communes[0], identity.Coordinator)
	must(t, w.Identity.SetPassword(t.Context(), w.DB, person.ID, "minh.tran", "mat khau dai"))
	return w, provider, cfg, person
}

var minh = map[string]any{"sub": "a-1", "preferred_username": "minh.tran"}

func TestOfficialsSignInThroughTheProvider(t *testing.T) {
	t.Parallel()
	w, provider, cfg, person := withProvider(t)
	_, app := newSite(w, cfg)
	b := newBrowser(t, app)
	page := b.open("/sign-in?next=/pilot")
	if !strings.Contains(page.body, `href="/sign-in/oidc?next=%2Fpilot"`) || !strings.Contains(page.body, "Đăng nhập bằng tài khoản thử") {
		t.Errorf("no way to the provider on the page:\n%s", page.body)
	}
	provider.Next(minh)
	if got := b.open(b.elsewhere("/sign-in/oidc?next=/pilot")); got.status != http.StatusSeeOther || got.next != "/pilot" || !b.isIn() {
		t.Fatalf("%d to %q\n%s", got.status, got.next, got.body)
	}
	if b.cookies[flowCookie] != "" {
		t.Error("the flow's cookie stays")
	}
	linked, err := identity.NewStore(w.DB).ExternalIdentities(t.Context(), person.ID)
	if err != nil || len(linked) != 1 || linked[0].Subject != "a-1" {
		t.Errorf("%v, %v", linked, err)
	}
	for _, next := range []string{"//evil.example", "https://evil.example"} {
		provider.Next(minh)
		other := newBrowser(t, app)
		if got := other.open(other.elsewhere("/sign-in/oidc?next=" + url.QueryEscape(next))); got.next != "/" {
			t.Errorf("next %s leads to %s", next, got.next)
		}
	}
}

func TestTheProviderLeadsBackToTheSitesAddress(t *testing.T) {
	t.Parallel()
	w, _, cfg, _ := withProvider(t)
	cfg.URL = "https://hocso.example.vn/"
	_, app := newSite(w, cfg)
	address, err := url.Parse(newBrowser(t, app).open("/sign-in/oidc").next)
	must(t, err)
	if back := address.Query().Get("redirect_uri"); back != "https://hocso.example.vn/sign-in/oidc/callback" {
		t.Errorf("it leads back to %s", back)
	}
}

func TestAnAnswerCountsOnceAndForItsBrowser(t *testing.T) {
	t.Parallel()
	w, provider, cfg, _ := withProvider(t)
	_, app := newSite(w, cfg)
	const stale = "đã hết hạn hoặc đã dùng rồi"
	begin := func() (*browser, string) {
		t.Helper()
		provider.Next(minh)
		b := newBrowser(t, app)
		return b, b.elsewhere("/sign-in/oidc")
	}

	b, back := begin()
	kept := b.cookies[flowCookie]
	b.open(back)
	b.open("/sign-in")
	b.send(http.MethodPost, "/sign-out", url.Values{})
	b.says("again", b.open(back), 422, stale)
	b.cookies[flowCookie] = kept
	b.says("again with the old cookie", b.open(back), 422, stale)

	b, back = begin()
	other := newBrowser(t, app)
	other.says("in another browser", other.open(back), 422, stale)
	provider.Next(minh)
	other.elsewhere("/sign-in/oidc")
	other.says("in another browser with a flow of its own", other.open(back), 422, stale)

	b.says("another state", b.open(callbackPath+"?code=x&state=y"), 422, stale)
	b.says("no state", b.open(callbackPath), 422, stale)
	own := b.cookies[flowCookie]
	b.cookies[flowCookie] = own[:len(own)-1] + "_"
	b.says("a tampered cookie", b.open(back), 422, stale)
	b.cookies[flowCookie] = own
	if b.open(back); !b.isIn() {
		t.Error("others' answers ended the flow")
	}
}

func TestAFlowRunsOut(t *testing.T) {
	t.Parallel()
	w, provider, cfg, _ := withProvider(t)
	now := clock.System()
	deps := func(later time.Duration) Deps {
		s, _ := newSite(w, cfg)
		s.Identity = identity.NewService(w.DB, func() time.Time { return now.Add(later) })
		s.Metrics = metrics.New()
		return s.Deps
	}
	b := newBrowser(t, New(deps(0)))
	provider.Next(minh)
	back := b.elsewhere("/sign-in/oidc")
	b.app = New(deps(10 * time.Minute))
	b.says("after ten minutes", b.open(back), 422, "đã hết hạn hoặc đã dùng rồi")
}

func TestTheProviderSaysNo(t *testing.T) {
	t.Parallel()
	w, provider, cfg, person := withProvider(t)
	cfg.OIDC.Require = "acr=2"
	_, app := newSite(w, cfg)
	high := func(claims map[string]any) map[string]any {
		all := map[string]any{"acr": "2"}
		for name, value := range claims {
			all[name] = value
		}
		return all
	}
	for _, test := range []struct {
		name   string
		claims map[string]any
		change func(back string) string
		text   string
	}{
		{name: "a level too low", claims: minh, text: "nâng mức xác thực"},
		{name: "nobody of ours", claims: high(map[string]any{"sub": "x", "preferred_username": "khong"}), text: "chưa được gắn với ai"},
		{name: "for another site", claims: high(map[string]any{"sub": "a-1", "aud": "x"}), text: "Chưa xác nhận được"},
		{name: "given up", claims: minh, text: "chưa đồng ý", change: func(back string) string { return back + "&error=access_denied" }},
		{name: "out of order", claims: minh, text: "Chưa xác nhận được", change: func(back string) string { return back + "&error=server_error" }},
		{name: "another code", claims: minh, text: "Chưa xác nhận được", change: func(back string) string { return strings.Replace(back, "code=", "code=x", 1) }},
	} {
		b := newBrowser(t, app)
		provider.Next(test.claims)
		back := b.elsewhere("/sign-in/oidc?next=/pilot")
		if test.change != nil {
			back = test.change(back)
		}
		got := b.open(back)
		b.says(test.name, got, 422, test.text)
		if !strings.Contains(got.body, `href="/sign-in/oidc?next=%2Fpilot"`) {
			t.Errorf("%s: the next try forgets where to go", test.name)
		}
	}
	b := newBrowser(t, app)
	provider.Next(high(minh))
	if b.open(b.elsewhere("/sign-in/oidc")); !b.isIn() {
		t.Fatal("the right one is not signed in")
	}
	if _, err := w.DB.NewRaw("UPDATE people SET suspended_at = now() WHERE id = ?", person.ID).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	provider.Next(high(minh))
	b = newBrowser(t, app)
	b.says("suspended", b.open(b.elsewhere("/sign-in/oidc")), 422, "đang tạm ngừng")
}

func TestASilentProviderIsSaidPlainly(t *testing.T) {
	t.Parallel()
	w, provider, cfg, _ := withProvider(t)
	_, app := newSite(w, &config.Config{OIDC: silentProvider})
	b := newBrowser(t, app)
	if got := b.open("/sign-in"); got.status != 200 {
		t.Errorf("the sign-in page: %d", got.status)
	}
	b.says("the way to it", b.open("/sign-in/oidc"), 503, "không trả lời")

	// It went away while somebody was there.
	_, app = newSite(w, cfg)
	b = newBrowser(t, app)
	back := b.elsewhere("/sign-in/oidc")
	must(t, provider.Shutdown())
	b.says("the way back", b.open(back), 503, "không trả lời")
}

func TestWithoutAProviderThereIsNoWay(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	b := newBrowser(t, app)
	b.cookies[sessionCookie] = newActor(t, w, identity.Official, w.Communes[0]).token
	for _, path := range []string{"/sign-in/oidc", callbackPath, identityPath, identityPath + "/link"} {
		if got := b.open(path); got.status != 404 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	for _, path := range []string{"/sign-in", "/me/account"} {
		if strings.Contains(b.open(path).body, "oidc") || strings.Contains(b.open(path).body, identityPath) {
			t.Errorf("%s leads to a provider", path)
		}
	}
}

func TestOneLinksAndUnlinks(t *testing.T) {
	t.Parallel()
	w, provider, cfg, person := withProvider(t)
	cfg.OIDC.MatchClaim = ""
	_, app := newSite(w, cfg)
	b := newBrowser(t, app)
	provider.Next(minh)
	b.says("before", b.open(b.elsewhere("/sign-in/oidc")), 422, "chưa được gắn với ai")

	b.cookies[sessionCookie] = w.SignIn(t, person)
	if page := b.open("/me/account"); !strings.Contains(page.body, `href="/me/identity"`) {
		t.Error("one's account does not lead there")
	}
	b.headers["Sec-Fetch-Site"] = "cross-site"
	if got := b.open("/me/identity/link"); got.next != "/me/identity" {
		t.Errorf("from another site: %d to %s", got.status, got.next)
	}
	b.headers["Sec-Fetch-Site"] = "same-origin"
	provider.Next(minh)
	back := b.elsewhere("/me/identity/link")
	delete(b.headers, "Sec-Fetch-Site")

	// Somebody else sits down at this browser before the provider answers.
	owner := b.cookies[sessionCookie]
	flow := b.cookies[flowCookie]
	b.cookies[sessionCookie] = newActor(t, w, identity.Official, w.Communes[0]).token
	if got := b.open(back); got.status != 422 {
		t.Errorf("linked to whoever came back: %d", got.status)
	}
	b.cookies[sessionCookie], b.cookies[flowCookie] = owner, flow
	if got := b.open(back); got.status != 422 {
		t.Errorf("the same answer again: %d", got.status)
	}

	provider.Next(minh)
	if got := b.open(b.elsewhere("/me/identity/link")); got.next != identityPath {
		t.Fatalf("%d to %s\n%s", got.status, got.next, got.body)
	}
	if page := b.open(identityPath); !strings.Contains(page.body, "Đã gắn tài khoản") || !strings.Contains(page.body, `value="`+provider.Issuer()+`"`) {
		t.Errorf("the page does not show it:\n%s", page.body)
	}
	other := newBrowser(t, app)
	provider.Next(minh)
	if other.open(other.elsewhere("/sign-in/oidc")); !other.isIn() {
		t.Error("the linked account does not sign in")
	}
	provider.Next(minh)
	other.cookies[sessionCookie] = newActor(t, w, identity.Official, w.Communes[0]).token
	if got := other.open(other.elsewhere("/me/identity/link")); got.status != 422 || !strings.Contains(got.body, "đã gắn với một người khác") {
		t.Errorf("somebody else's account: %d\n%s", got.status, got.body)
	}
	if got := b.send(http.MethodPost, "/me/identity/unlink", url.Values{"issuer": {provider.Issuer()}}); got.next != identityPath {
		t.Errorf("unlink: %d", got.status)
	}
	provider.Next(minh)
	b = newBrowser(t, app)
	b.says("after", b.open(b.elsewhere("/sign-in/oidc")), 422, "chưa được gắn với ai")
}

// TestTheLogHoldsNoSecret: what went wrong is logged without the provider's answer.
func TestTheLogHoldsNoSecret(t *testing.T) {
	t.Parallel()
	w, provider, cfg, _ := withProvider(t)
	s, _ := newSite(w, cfg)
	var lines strings.Builder
	s.Log, s.Metrics, s.Provider = slog.New(slog.NewTextHandler(&lines, nil)), metrics.New(), oidc.New(cfg.OIDC, clock.System)
	b := newBrowser(t, New(s.Deps))
	unknown := map[string]any{"sub": "subject-7", "preferred_username": "user-7"}
	provider.Next(unknown)
	back := b.elsewhere("/sign-in/oidc")
	answer, err := url.Parse(back)
	must(t, err)
	b.open(strings.Replace(back, "code=", "code=x", 1))
	provider.Next(unknown)
	b.open(b.elsewhere("/sign-in/oidc"))
	for _, secret := range []string{answer.Query().Get("code"), answer.Query().Get("state"), "subject-7", "user-7", cfg.OIDC.ClientSecret} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("the log holds %s:\n%s", secret, lines.String())
		}
	}
	if !strings.Contains(lines.String(), "invalid_grant") {
		t.Errorf("the log does not say what the provider said:\n%s", lines.String())
	}
}
