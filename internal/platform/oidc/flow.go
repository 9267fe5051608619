package oidc

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// Flow is the secret of one sign-in under way, 256 bits that only the browser
// keeps which began it. State, nonce and PKCE's verifier follow from it, so
// none of them has to be kept anywhere.
type Flow string

// NewFlow makes a flow that nobody can guess.
func NewFlow() Flow {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	return Flow(base64.RawURLEncoding.EncodeToString(raw))
}

// Expects tells whether an answer with a state belongs to this flow.
func (f Flow) Expects(state string) bool {
	return f != "" && hmac.Equal([]byte(state), []byte(f.state()))
}

func (f Flow) state() string    { return f.derive("state") }
func (f Flow) nonce() string    { return f.derive("nonce") }
func (f Flow) verifier() string { return f.derive("verifier") }

// derive makes 43 signs of the flow from which neither it nor the others can be told.
func (f Flow) derive(what string) string {
	mac := hmac.New(sha256.New, []byte(f))
	mac.Write([]byte(what))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
