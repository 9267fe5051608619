package oidc

import (
	"context"
	"errors"
	"net/http"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"hocso/internal/platform/fault"
)

const (
	// patience is how long one question to the provider may take: somebody waits.
	patience = 5 * time.Second
	// restUntil is how long a provider that did not answer is left alone, so
	// that people don't queue up behind one that is down.
	restUntil = 5 * time.Second
	// maxAnswer is the most bytes of an answer; keys and tokens take a few KB.
	maxAnswer = 256 << 10
)

// provider is what the provider says of itself.
type provider struct {
	oauth    *oauth2.Config
	verifier *gooidc.IDTokenVerifier
}

// provider asks the provider for its addresses, until it has answered once.
// Those who ask at the same time wait for one answer.
func (c *Client) provider(ctx context.Context) (*provider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known != nil {
		return c.known, nil
	}
	if c.failure != nil && c.now().Before(c.failedAt.Add(restUntil)) {
		return nil, c.failure
	}
	found, err := gooidc.NewProvider(gooidc.ClientContext(context.WithoutCancel(ctx), c.http), c.cfg.Issuer)
	if err != nil {
		c.failure, c.failedAt = unavailable(err), c.now()
		return nil, c.failure
	}
	c.known = &provider{
		oauth:    &oauth2.Config{ClientID: c.cfg.ClientID, ClientSecret: c.cfg.ClientSecret, Endpoint: c.endpoint(found), Scopes: c.cfg.Scopes},
		verifier: found.Verifier(&gooidc.Config{ClientID: c.cfg.ClientID, Now: c.now}),
	}
	return c.known, nil
}

// endpoint is where codes are exchanged. A public client has no secret to send
// in a header; for others the library finds out which way the provider takes.
func (c *Client) endpoint(p *gooidc.Provider) oauth2.Endpoint {
	endpoint := p.Endpoint()
	if c.cfg.ClientSecret == "" {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return endpoint
}

// unavailable is the provider that does not answer, or not as one. Whole pages
// of it don't belong into the log.
func unavailable(cause error) error {
	const most = 300
	if text := cause.Error(); len(text) > most {
		cause = errors.New(text[:most] + "…")
	}
	return &fault.Error{Kind: fault.Unavailable, What: "OpenID Connect provider", Cause: cause}
}

// outgoing asks the provider's addresses and no other: an answer that leads
// elsewhere would carry our secret there.
func outgoing() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = 64 << 10
	return &http.Client{
		Timeout:       patience,
		Transport:     limited{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("the provider leads elsewhere") },
	}
}

// limited reads no more of an answer than maxAnswer.
type limited struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (l limited) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := l.RoundTripper.RoundTrip(request)
	if err == nil {
		response.Body = http.MaxBytesReader(nil, response.Body, maxAnswer)
	}
	return response, err
}
