package oidc

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/oauth2-proxy/mockoidc"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
)

const redirect = "http://127.0.0.1:9/sign-in/oidc/callback"

// provider is a real OpenID Connect provider on this machine.
func provider(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Shutdown() })
	return m
}

func client(m *mockoidc.MockOIDC, now clock.Clock) *Client {
	return New(Config{Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: m.ClientSecret, Scopes: []string{"openid", "email"}}, now)
}

// visit follows a browser to the provider and brings back what it returns with.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	back, err := response.Location()
	if err != nil {
		t.Fatalf("the provider answers %s without a way back", response.Status)
	}
	return back.Query()
}

func TestThereAndBack(t *testing.T) {
	t.Parallel()
	m := provider(t)
	m.QueueUser(&mockoidc.MockUser{Subject: "can-bo-7", Email: "huy@example.vn", EmailVerified: true})
	c := client(m, clock.System)
	address, flow, err := c.Begin(t.Context(), redirect)
	if err != nil {
		t.Fatal(err)
	}
	asked, _ := url.Parse(address)
	if q := asked.Query(); q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" || q.Get("code_challenge") == flow.Verifier {
		t.Errorf("asked without PKCE or nonce: %s", asked.RawQuery)
	}
	back := visit(t, address)
	claims, err := c.Finish(t.Context(), redirect, flow, back.Get("state"), back.Get("code"))
	if err != nil || claims.Text("sub") != "can-bo-7" || claims.Text("email") != "huy@example.vn" {
		t.Fatalf("claims %v, %v", claims, err)
	}
	if _, err := c.Finish(t.Context(), redirect, flow, back.Get("state"), back.Get("code")); !fault.Is(err, fault.Invalid) {
		t.Errorf("the same code again: %v", err)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	m := provider(t)
	for name, change := range map[string]func(c *Client, flow *Flow, back url.Values){
		"another state":    func(_ *Client, flow *Flow, _ url.Values) { flow.State = "x" },
		"no flow":          func(_ *Client, flow *Flow, back url.Values) { *flow = Flow{}; back.Set("state", "") },
		"another nonce":    func(_ *Client, flow *Flow, _ url.Values) { flow.Nonce = "x" },
		"another verifier": func(_ *Client, flow *Flow, _ url.Values) { flow.Verifier = "x" },
		"no verifier":      func(_ *Client, flow *Flow, _ url.Values) { flow.Verifier = "" },
		"another code":     func(_ *Client, _ *Flow, back url.Values) { back.Set("code", "x") },
		"an expired token": func(c *Client, _ *Flow, _ url.Values) {
			c.now = func() time.Time { return time.Now().Add(24 * time.Hour) }
		},
		"somebody else's token": func(c *Client, _ *Flow, _ url.Values) { c.config.ClientID = "another" },
	} {
		c := client(m, clock.System)
		address, flow, err := c.Begin(t.Context(), redirect)
		if err != nil {
			t.Fatal(err)
		}
		back := visit(t, address)
		change(c, &flow, back)
		if claims, err := c.Finish(t.Context(), redirect, flow, back.Get("state"), back.Get("code")); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, %v", name, claims, err)
		}
	}
}

func TestAProviderThatIsDownAndComesBack(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{Issuer: "http://" + listener.Addr().String() + "/oidc", ClientID: m.ClientID, ClientSecret: m.ClientSecret}, clock.System)
	listener.Close()
	if _, _, err := c.Begin(context.Background(), redirect); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("down: %v", err)
	}
	again, err := net.Listen("tcp", listener.Addr().String())
	if err != nil {
		t.Skip("somebody took the port meanwhile")
	}
	if err := m.Start(again, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Shutdown() })
	if _, _, err := c.Begin(context.Background(), redirect); err != nil {
		t.Errorf("back: %v", err)
	}
}
