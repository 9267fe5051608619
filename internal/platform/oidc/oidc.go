// Package oidc lets people prove who they are at an OpenID Connect provider:
// authorization code flow with PKCE (RFC 7636, S256), state and nonce.
//
// It must never trust a claim before the ID token's signature, issuer,
// audience, expiry and nonce have been checked.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
)

const (
	patience   = 10 * time.Second // with the provider
	mostAnswer = 1 << 20          // bytes of one answer of the provider
)

// Config names a provider and what it knows us as.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string // "" for a public client
	Scopes       []string
}

// Client talks to one provider. It looks for it when it is first needed, and
// again while it can't be reached: the site runs without it.
type Client struct {
	config Config
	now    clock.Clock
	http   *http.Client

	mu       sync.Mutex
	provider *oidc.Provider
}

// New makes a client; it asks the provider nothing yet.
func New(config Config, now clock.Clock) *Client {
	return &Client{config: config, now: now, http: &http.Client{Timeout: patience, Transport: limited{http.DefaultTransport}}}
}

// Flow is what a browser keeps between leaving for the provider and coming back.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Begin gives the provider's address to send a browser to, and the flow that
// it has to bring back. A provider that can't be reached is fault.Unavailable.
func (c *Client) Begin(ctx context.Context, redirect string) (address string, flow Flow, err error) {
	config, _, err := c.connect(ctx, redirect)
	if err != nil {
		return "", Flow{}, err
	}
	flow = Flow{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier()}
	return config.AuthCodeURL(flow.State, oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)), flow, nil
}

// Claims are what the provider says about somebody.
type Claims map[string]any

// Text is a claim as text, "" when it is missing or something else.
func (c Claims) Text(name string) string {
	text, _ := c[name].(string)
	return text
}

// Finish checks what a browser brought back and gives the provider's claims.
// What doesn't fit (another state, a used code, a token for somebody else) is
// fault.Invalid; a provider that can't be reached is fault.Unavailable.
func (c *Client) Finish(ctx context.Context, redirect string, flow Flow, state, code string) (Claims, error) {
	if flow.State == "" || subtle.ConstantTimeCompare([]byte(flow.State), []byte(state)) != 1 {
		return nil, refused("state", nil)
	}
	config, provider, err := c.connect(ctx, redirect)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, c.http)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(flow.Verifier))
	var answered *oauth2.RetrieveError
	if errors.As(err, &answered) {
		return nil, refused("code", err)
	}
	if err != nil {
		return nil, unreachable(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, refused("no ID token", nil)
	}
	verified, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: c.config.ClientID, Now: c.now}).Verify(ctx, raw)
	if err != nil {
		return nil, refused("ID token", err)
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(flow.Nonce)) != 1 {
		return nil, refused("nonce", nil)
	}
	claims := Claims{}
	return claims, verified.Claims(&claims)
}

// connect finds the provider, once.
func (c *Client) connect(ctx context.Context, redirect string) (*oauth2.Config, *oidc.Provider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.provider == nil {
		provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), c.http), c.config.Issuer)
		if err != nil {
			return nil, nil, unreachable(err)
		}
		c.provider = provider
	}
	return &oauth2.Config{
		ClientID: c.config.ClientID, ClientSecret: c.config.ClientSecret, Endpoint: c.provider.Endpoint(), RedirectURL: redirect, Scopes: c.config.Scopes,
	}, c.provider, nil
}

func unreachable(err error) error {
	return &fault.Error{Kind: fault.Unavailable, What: "OpenID Connect provider", Cause: err}
}

func refused(what string, err error) error {
	return &fault.Error{Kind: fault.Invalid, What: "OpenID Connect: " + what, Cause: err, Fields: map[string]string{"login": "oidc.refused"}}
}

// limited reads no more of an answer than mostAnswer bytes.
type limited struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (l limited) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := l.RoundTripper.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.ContentLength > mostAnswer {
		response.Body.Close()
		return nil, fmt.Errorf("an answer of %d bytes", response.ContentLength)
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, mostAnswer), response.Body}
	return response, nil
}
