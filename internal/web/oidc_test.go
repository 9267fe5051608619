package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/oauth2-proxy/mockoidc"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/oidc"
	"hocso/internal/worldtest"
)

// traveller is a browser that goes to the provider and comes back.
type traveller struct {
	t       *testing.T
	app     *fiber.App
	cookies map[string]string
}

func (v *traveller) get(path string) *http.Response {
	v.t.Helper()
	request := httptest.NewRequest(http.MethodGet, "http://hocso.test"+path, nil)
	for name, value := range v.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := v.app.Test(request, 10_000)
	must(v.t, err)
	for _, cookie := range response.Cookies() {
		v.cookies[cookie.Name] = cookie.Value
	}
	return response
}

// away begins at a path of ours, visits the provider and gives the path that
// the provider sends the browser back to.
func (v *traveller) away(path string) string {
	v.t.Helper()
	there := v.get(path)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(there.Header.Get("Location"))
	must(v.t, err)
	defer response.Body.Close()
	back, err := url.Parse(response.Header.Get("Location"))
	must(v.t, err)
	return back.RequestURI()
}

func TestOfficialsSignInAtAProvider(t *testing.T) {
	t.Parallel()
	m, err := mockoidc.Run()
	must(t, err)
	t.Cleanup(func() { m.Shutdown() })
	w := worldtest.New(t)
	cfg := &config.Config{
		OIDCIssuer: m.Issuer(), OIDCClientID: m.ClientID, OIDCClientSecret: m.ClientSecret, OIDCSubject: "sub", OIDCName: "Cổng cán bộ",
		OIDCMatchClaim: "preferred_username", OIDCMatch: string(identity.MatchLogin),
	}
	s, _ := newSite(w, cfg)
	s.Provider = oidc.New(oidc.Config{Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: m.ClientSecret, Scopes: []string{"openid", "profile"}}, clock.System)
	app := New(s.Deps)
	official := w.Person(t, w.Communes[0], identity.Official)
	must(t, w.Identity.SetPassword(t.Context(), w.DB, official.ID, "huy.lq", "mat khau dai"))
	come := func(subject, name string) (*traveller, *http.Response) {
		m.QueueUser(&mockoidc.MockUser{Subject: subject, PreferredUsername: name})
		v := &traveller{t: t, app: app, cookies: map[string]string{}}
		return v, v.get(v.away("/sign-in/oidc?next=/me"))
	}

	v, response := come("s-1", "Huy.LQ")
	if response.StatusCode != 303 || response.Header.Get("Location") != "/me" {
		t.Fatalf("the first time: %d to %s", response.StatusCode, response.Header.Get("Location"))
	}
	viewer, err := w.Identity.Viewer(t.Context(), v.cookies[sessionCookie])
	if err != nil || viewer == nil || viewer.PersonID != official.ID {
		t.Fatalf("signed in as %+v, %v", viewer, err)
	}
	if _, response := come("s-1", "another.name"); response.StatusCode != 303 {
		t.Errorf("linked, under a new name: %d", response.StatusCode)
	}
	if _, response := come("s-2", "nobody"); response.StatusCode != 422 {
		t.Errorf("somebody unknown: %d", response.StatusCode)
	}
	_, err = w.DB.NewRaw("UPDATE people SET suspended_at = now() WHERE id = ?", official.ID).Exec(t.Context())
	must(t, err)
	if _, response := come("s-1", "huy.lq"); response.StatusCode != 422 {
		t.Errorf("suspended: %d", response.StatusCode)
	}
	if _, response := come("s-3", "huy.lq"); response.StatusCode != 422 {
		t.Errorf("suspended, under another account: %d", response.StatusCode)
	}
}

func TestACallbackWorksOnce(t *testing.T) {
	t.Parallel()
	m, err := mockoidc.Run()
	must(t, err)
	t.Cleanup(func() { m.Shutdown() })
	w := worldtest.New(t)
	s, _ := newSite(w, &config.Config{OIDCIssuer: m.Issuer(), OIDCSubject: "sub"})
	s.Provider = oidc.New(oidc.Config{Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: m.ClientSecret, Scopes: []string{"openid"}}, clock.System)
	v := &traveller{t: t, app: New(s.Deps), cookies: map[string]string{}}
	back := v.away("/sign-in/oidc")
	stranger := &traveller{t: t, app: v.app, cookies: map[string]string{}}
	if response := stranger.get(back); response.StatusCode != 422 {
		t.Errorf("a callback in another browser: %d", response.StatusCode)
	}
	if response := v.get(strings.Replace(back, "state=", "state=x", 1)); response.StatusCode != 422 {
		t.Errorf("a tampered state: %d", response.StatusCode)
	}
	if response := v.get(back); response.StatusCode != 422 {
		t.Errorf("a flow that was used: %d", response.StatusCode)
	}
	if response := v.get("/sign-in/oidc/callback?error=access_denied"); response.StatusCode != 422 {
		t.Errorf("refused at the provider: %d", response.StatusCode)
	}
}
