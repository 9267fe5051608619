// Package idp gives tests a real OpenID Connect provider, at which whoever the
// test says signs in without being asked. Only tests import it.
package idp

import (
	"encoding/json"
	"net"
	"net/http"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"hocso/internal/platform/config"
)

// Provider is a provider that listens on this machine.
type Provider struct{ *mockoidc.MockOIDC }

// Start runs a provider until the test ends. What is between sees every
// request before the provider does.
func Start(t testing.TB, between ...func(http.Handler) http.Handler) *Provider {
	t.Helper()
	return StartAt(t, "127.0.0.1:0", between...)
}

// StartAt is Start at an address of the test's choice.
func StartAt(t testing.TB, address string, between ...func(http.Handler) http.Handler) *Provider {
	t.Helper()
	mock, err := mockoidc.NewServer(nil)
	must(t, err)
	for _, middleware := range between {
		must(t, mock.AddMiddleware(middleware))
	}
	listener, err := net.Listen("tcp", address)
	must(t, err)
	must(t, mock.Start(listener, nil))
	t.Cleanup(func() { mock.Shutdown() })
	return &Provider{mock}
}

// Settings are what a site is configured with to sign in through the provider.
func (p *Provider) Settings() config.OIDC {
	return config.OIDC{
		Issuer: p.Issuer(), ClientID: p.ClientID, ClientSecret: p.ClientSecret,
		Scopes: []string{"openid", "profile", "email"}, Name: "tài khoản thử", Match: "login",
	}
}

// Next has somebody sign in next whom these claims tell of; "sub" is needed,
// others (also "aud", "exp" or "nonce") stand in place of the provider's own.
func (p *Provider) Next(claims map[string]any) { p.QueueUser(user(claims)) }

// user is somebody at the provider.
type user map[string]any

// ID implements mockoidc.User.
func (u user) ID() string { return u["sub"].(string) }

// Userinfo implements mockoidc.User.
func (u user) Userinfo([]string) ([]byte, error) { return json.Marshal(u) }

// Claims implements mockoidc.User.
func (u user) Claims(_ []string, own *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	raw, err := json.Marshal(own)
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return nil, err
	}
	for name, value := range u {
		claims[name] = value
	}
	return claims, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
