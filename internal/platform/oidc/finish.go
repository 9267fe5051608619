package oidc

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"hocso/internal/platform/fault"
)

// Answer is what the browser brings back from the provider.
type Answer struct {
	State string
	Code  string
	Error string // the provider's name for what went wrong, "" when nothing did
}

// Field is the field under which faults of this package say what to tell people.
const Field = "oidc"

// Stale is the answer to no flow, or to one that is over.
func Stale() error { return fault.InvalidField(Field, "oidc.stale") }

// refused is a sign-in that the provider did not confirm.
func refused(message, what string, cause error) error {
	return &fault.Error{Kind: fault.Invalid, What: "sign-in through the provider: " + what, Fields: map[string]string{Field: message}, Cause: cause}
}

// Finish asks the provider whom its answer stands for. A fault.Invalid says in
// Field what to tell the person; fault.Unavailable that the provider does not answer.
func (c *Client) Finish(ctx context.Context, flow Flow, callback string, answer Answer) (*Account, error) {
	if !flow.Expects(answer.State) {
		return nil, Stale()
	}
	if answer.Error != "" {
		return nil, declined(answer.Error)
	}
	p, err := c.provider(ctx)
	if err != nil {
		return nil, err
	}
	ctx = gooidc.ClientContext(ctx, c.http)
	token, err := p.oauth.Exchange(ctx, answer.Code, oauth2.VerifierOption(flow.verifier()), redirectTo(callback))
	if err != nil {
		return nil, notExchanged(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, refused("oidc.refused", "token", err)
	}
	if !hmac.Equal([]byte(id.Nonce), []byte(flow.nonce())) {
		return nil, refused("oidc.refused", "token of another sign-in", nil)
	}
	var said claims
	if err := id.Claims(&said); err != nil {
		return nil, refused("oidc.refused", "claims", err)
	}
	return c.account(said)
}

// gaveUp are the errors that say that the person did not want to, or did not
// finish at the provider.
var gaveUp = []string{"access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required"}

func declined(name string) error {
	if slices.Contains(gaveUp, name) {
		return refused("oidc.declined", "declined", nil)
	}
	// The name comes with the address, so anybody may have written it.
	return refused("oidc.refused", fmt.Sprintf("error %.40q", name), nil)
}

// notExchanged tells a provider that says no from one that does not answer. Of
// what it says only the code is kept: the rest may repeat what we sent.
func notExchanged(err error) error {
	var said *oauth2.RetrieveError
	var network *url.Error
	switch {
	case errors.As(err, &said) && said.Response.StatusCode < http.StatusInternalServerError:
		return refused("oidc.refused", fmt.Sprintf("exchange: %s %.40q", said.Response.Status, said.ErrorCode), nil)
	case errors.As(err, &said):
		return unavailable(errors.New(said.Response.Status))
	case errors.As(err, &network):
		return unavailable(err)
	}
	return refused("oidc.refused", "exchange", err)
}
