package oidc_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/oidc"
	"hocso/internal/platform/testkit/idp"
)

var ctx = context.Background()

const callback = "http://hocso.test/sign-in/oidc/callback"

// visit is the browser at the provider: it signs in and comes back with an answer.
func visit(t *testing.T, client *oidc.Client, flow oidc.Flow) (asked url.Values, answer oidc.Answer) {
	t.Helper()
	address, err := client.Begin(ctx, flow, callback)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	back, err := response.Location()
	if err != nil || !strings.HasPrefix(back.String(), callback) {
		t.Fatalf("the provider answers %s and leads to %v", response.Status, back)
	}
	begun, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return begun.Query(), oidc.Answer{State: back.Query().Get("state"), Code: back.Query().Get("code"), Error: back.Query().Get("error")}
}

// message is what a fault tells people, or its kind.
func message(err error) string {
	if text := fault.FieldsOf(err)[oidc.Field]; text != "" || err == nil {
		return text
	}
	return string(fault.KindOf(err))
}

func TestAnAccountComesBack(t *testing.T) {
	t.Parallel()
	provider := idp.Start(t)
	cfg := provider.Settings()
	cfg.MatchClaim, cfg.Require = "staff_code", "acr=2"
	client := oidc.New(cfg, clock.System)
	provider.Next(map[string]any{"sub": "a-1", "staff_code": 120045, "email_verified": true, "acr": []string{"1", "2"}})
	flow := oidc.NewFlow()
	asked, answer := visit(t, client, flow)
	for name, want := range map[string]string{
		"response_type": "code", "code_challenge_method": "S256", "redirect_uri": callback, "client_id": cfg.ClientID, "scope": "openid profile email",
	} {
		if asked.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, asked.Get(name), want)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(asked.Get(name)) != 43 || asked.Get(name) == string(flow) {
			t.Errorf("%s = %q", name, asked.Get(name))
		}
	}
	account, err := client.Finish(ctx, flow, callback, answer)
	if want := (oidc.Account{Issuer: cfg.Issuer, Subject: "a-1", Match: "120045", EmailVerified: true}); err != nil || *account != want {
		t.Fatalf("%+v, %v", account, err)
	}
	if _, err := client.Finish(ctx, flow, callback, answer); message(err) != "oidc.refused" {
		t.Errorf("the same code again: %v", err)
	}
}

func TestWhatTheProviderSaysIsChecked(t *testing.T) {
	t.Parallel()
	provider := idp.Start(t)
	now := clock.System()
	for _, test := range []struct {
		name   string
		claims map[string]any
		change func(*config.OIDC)
		want   string
	}{
		{name: "as it should be", claims: map[string]any{"acr": "2"}},
		{name: "a number for a text", claims: map[string]any{"acr": 2}},
		{name: "another nonce", claims: map[string]any{"acr": "2", "nonce": "x"}, want: "oidc.refused"},
		{name: "no nonce", claims: map[string]any{"acr": "2", "nonce": ""}, want: "oidc.refused"},
		{name: "another audience", claims: map[string]any{"acr": "2", "aud": "somebody-else"}, want: "oidc.refused"},
		{name: "for another party too", claims: map[string]any{"acr": "2", "aud": []string{provider.ClientID, "x"}, "azp": "x"}, want: "oidc.refused"},
		{name: "another issuer", claims: map[string]any{"acr": "2", "iss": "https://id.example.vn"}, want: "oidc.refused"},
		{name: "run out", claims: map[string]any{"acr": "2", "exp": now.Add(-time.Minute).Unix()}, want: "oidc.refused"},
		{name: "not yet", claims: map[string]any{"acr": "2", "nbf": now.Add(time.Hour).Unix()}, want: "oidc.refused"},
		{name: "a level too low", claims: map[string]any{"acr": "1"}, want: "oidc.required"},
		{name: "no level", want: "oidc.required"},
		{name: "no subject", claims: map[string]any{"acr": "2", "sub": ""}, want: "oidc.refused"},
		{name: "a subject of another claim", claims: map[string]any{"acr": "2"}, change: func(cfg *config.OIDC) { cfg.SubjectClaim = "oid" }, want: "oidc.refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := provider.Settings()
			cfg.Require = "acr=2"
			if test.change != nil {
				test.change(&cfg)
			}
			client, flow := oidc.New(cfg, clock.System), oidc.NewFlow()
			claims := map[string]any{"sub": "a-1"}
			for name, value := range test.claims {
				claims[name] = value
			}
			provider.Next(claims)
			_, answer := visit(t, client, flow)
			account, err := client.Finish(ctx, flow, callback, answer)
			if message(err) != test.want || (err == nil) != (account != nil) {
				t.Errorf("%+v, %v; want %q", account, err, test.want)
			}
		})
	}
}

func TestATokenRunsOutByOurClock(t *testing.T) {
	t.Parallel()
	provider := idp.Start(t)
	client := oidc.New(provider.Settings(), func() time.Time { return clock.System().Add(time.Hour) })
	flow := oidc.NewFlow()
	_, answer := visit(t, client, flow)
	if _, err := client.Finish(ctx, flow, callback, answer); message(err) != "oidc.refused" {
		t.Errorf("%v", err)
	}
}

func TestAnAnswerToAnotherFlowIsStale(t *testing.T) {
	t.Parallel()
	provider := idp.Start(t)
	client, flow := oidc.New(provider.Settings(), clock.System), oidc.NewFlow()
	_, answer := visit(t, client, flow)
	for name, other := range map[string]oidc.Flow{"another": oidc.NewFlow(), "tampered": flow + "x", "none": ""} {
		if _, err := client.Finish(ctx, other, callback, answer); message(err) != "oidc.stale" {
			t.Errorf("%s flow: %v", name, err)
		}
	}
	if oidc.Flow("").Expects("") {
		t.Error("no flow expects an answer")
	}
	for name, want := range map[string]string{"access_denied": "oidc.declined", "server_error": "oidc.refused"} {
		if _, err := client.Finish(ctx, flow, callback, oidc.Answer{State: answer.State, Error: name}); message(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := client.Finish(ctx, flow, callback, answer); err != nil {
		t.Errorf("its own flow: %v", err)
	}
}

// TestACodeAloneIsWorthNothing: whoever steals a code has no verifier for it.
func TestACodeAloneIsWorthNothing(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(url.Values){
		"no verifier":      func(form url.Values) { form.Del("code_verifier") },
		"another verifier": func(form url.Values) { form.Set("code_verifier", strings.Repeat("a", 43)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider := idp.Start(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/token") {
						if err := r.ParseForm(); err != nil {
							t.Error(err)
						}
						tamper(r.Form)
					}
					next.ServeHTTP(w, r)
				})
			})
			client, flow := oidc.New(provider.Settings(), clock.System), oidc.NewFlow()
			_, answer := visit(t, client, flow)
			if _, err := client.Finish(ctx, flow, callback, answer); message(err) != "oidc.refused" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAProviderMayComeLater(t *testing.T) {
	t.Parallel()
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := reserved.Addr().String()
	reserved.Close()
	now := clock.System()
	client := oidc.New(config.OIDC{Issuer: "http://" + address + "/oidc", ClientID: "hocso"}, func() time.Time { return now })
	begin := func() fault.Kind {
		if _, err := client.Begin(ctx, oidc.NewFlow(), callback); err != nil {
			return fault.KindOf(err)
		}
		return ""
	}
	if kind := begin(); kind != fault.Unavailable {
		t.Errorf("while it is down: %q", kind)
	}
	idp.StartAt(t, address)
	if kind := begin(); kind != fault.Unavailable {
		t.Errorf("asked again at once: %q", kind)
	}
	now = now.Add(6 * time.Second)
	if kind := begin(); kind != "" {
		t.Errorf("once it is up: %q", kind)
	}
}

// TestOddProvidersAreHeldOff: ones that never end, lead elsewhere, or are
// somebody else.
func TestOddProvidersAreHeldOff(t *testing.T) {
	t.Parallel()
	asked := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer elsewhere.Close()
	for name, handler := range map[string]http.HandlerFunc{
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(strings.Repeat(" ", 1<<16))); err != nil {
					return
				}
			}
		},
		"elsewhere":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"another issuer": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"issuer":"https://id.example.vn"}`)) },
		"a page": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("<h1>" + strings.Repeat("Xin chào", 1000)))
		},
	} {
		server := httptest.NewServer(handler)
		client := oidc.New(config.OIDC{Issuer: server.URL, ClientID: "hocso"}, clock.System)
		_, err := client.Begin(ctx, oidc.NewFlow(), callback)
		if !fault.Is(err, fault.Unavailable) || len(err.Error()) > 500 {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
	if asked {
		t.Error("a redirect was followed")
	}
}

func TestNoProviderIsNoClient(t *testing.T) {
	if oidc.New(config.OIDC{}, clock.System) != nil {
		t.Error("there is a client without a provider")
	}
}
