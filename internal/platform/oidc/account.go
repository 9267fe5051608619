package oidc

import (
	"encoding/json"
	"slices"
	"strings"
)

// Account is whom the provider vouches for.
type Account struct {
	Issuer        string
	Subject       string // never changes and is never given to somebody else
	Match         string // the claim by which people are found, "" for none
	EmailVerified bool
}

// maxSubject is the longest subject that OpenID Connect allows.
const maxSubject = 255

// account reads the claims as the configuration names them.
func (c *Client) account(said claims) (*Account, error) {
	if party := said.text("azp"); party != "" && party != c.cfg.ClientID {
		return nil, refused("oidc.refused", "token for another party", nil)
	}
	if claim, value, ok := strings.Cut(c.cfg.Require, "="); ok && !said.has(claim, value) {
		return nil, refused("oidc.required", "required claim", nil)
	}
	account := &Account{
		Issuer: c.cfg.Issuer, Subject: said.text(c.cfg.SubjectClaim), EmailVerified: said.text("email_verified") == "true",
	}
	if c.cfg.MatchClaim != "" {
		account.Match = strings.TrimSpace(said.text(c.cfg.MatchClaim))
	}
	if account.Subject == "" || len(account.Subject) > maxSubject {
		return nil, refused("oidc.refused", "claim "+c.cfg.SubjectClaim, nil)
	}
	return account, nil
}

// claims are what an ID token says, by name.
type claims map[string]json.RawMessage

// text is a claim that is a text, a number (as it was written) or a truth value; "" else.
func (c claims) text(name string) string {
	raw := c[name]
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var scalar any
	if json.Unmarshal(raw, &scalar) != nil {
		return ""
	}
	switch scalar.(type) {
	case float64, bool:
		return string(raw)
	}
	return ""
}

// has tells whether a claim is a value, or a list with it.
func (c claims) has(name, value string) bool {
	var list []string
	if json.Unmarshal(c[name], &list) == nil {
		return slices.Contains(list, value)
	}
	return c.text(name) == value
}
