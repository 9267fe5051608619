// Package oidc asks an OpenID Connect provider who somebody is: the
// authorization code flow with PKCE, state and nonce. Who that is among our
// people, others decide.
//
// It must never keep or log a code, a token or what the provider tells of a person.
package oidc

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
)

// Client speaks with one provider. It first asks for the provider's addresses
// when somebody wants to sign in: the site starts and serves while the provider
// is down.
type Client struct {
	cfg  config.OIDC
	now  clock.Clock
	http *http.Client

	mu       sync.Mutex
	known    *provider
	failure  error
	failedAt time.Time
}

// New makes a client for the provider that is configured; nil when there is none.
func New(cfg config.OIDC, now clock.Clock) *Client {
	if cfg.Issuer == "" {
		return nil
	}
	if cfg.SubjectClaim == "" {
		cfg.SubjectClaim = "sub"
	}
	if !slices.Contains(cfg.Scopes, gooidc.ScopeOpenID) {
		cfg.Scopes = append([]string{gooidc.ScopeOpenID}, cfg.Scopes...)
	}
	return &Client{cfg: cfg, now: now, http: outgoing()}
}

// Begin gives the provider's address at which a flow goes on; from there the
// browser comes back to callback. fault.Unavailable when the provider does not answer.
func (c *Client) Begin(ctx context.Context, flow Flow, callback string) (address string, err error) {
	p, err := c.provider(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth.AuthCodeURL(flow.state(), gooidc.Nonce(flow.nonce()), oauth2.S256ChallengeOption(flow.verifier()), redirectTo(callback)), nil
}

func redirectTo(callback string) oauth2.AuthCodeOption {
	return oauth2.SetAuthURLParam("redirect_uri", callback)
}
