package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// OIDC is an OpenID Connect provider through which officials sign in. There is
// none while Issuer is empty.
type OIDC struct {
	Issuer       string   `env:"ISSUER" placeholder:"URL" help:"The OpenID Connect provider through which officials sign in, exactly as it names itself. None when empty."`
	ClientID     string   `env:"CLIENT_ID" placeholder:"ID" help:"What the provider calls us."`
	ClientSecret string   `env:"CLIENT_SECRET" placeholder:"SECRET" help:"What we prove ourselves with to the provider; empty for a public client."`
	Scopes       []string `env:"SCOPES" sep:" " default:"openid profile email" help:"What we ask the provider for, with spaces between."`
	Name         string   `env:"NAME" default:"tài khoản cơ quan" help:"What the sign-in page calls an account at the provider."`
	SubjectClaim string   `env:"SUBJECT_CLAIM" default:"sub" placeholder:"CLAIM" help:"The claim that tells the provider's people apart for ever."`
	MatchClaim   string   `env:"MATCH_CLAIM" placeholder:"CLAIM" help:"The claim by which somebody is found who signs in for the first time, such as email or staff_code. When empty, people link their account themselves."`
	Match        string   `env:"MATCH" enum:"login,email,staff-code" default:"login" help:"What of a person the claim has to equal: login, email or staff-code."`
	Require      string   `env:"REQUIRE" placeholder:"CLAIM=VALUE" help:"A claim that everybody has to have, such as a level of assurance."`
}

// Validate says what is wrong before anybody wants to sign in; kong asks it.
func (o OIDC) Validate() error {
	if o.Issuer == "" {
		return nil
	}
	if err := o.validateIssuer(); err != nil {
		return fmt.Errorf("HOCSO_OIDC_ISSUER %q %w", o.Issuer, err)
	}
	if o.ClientID == "" {
		return errors.New("HOCSO_OIDC_ISSUER is set without HOCSO_OIDC_CLIENT_ID; the provider gives one when you register the site there")
	}
	if o.Name == "" {
		return errors.New("HOCSO_OIDC_NAME is empty; the sign-in page would have no words for the provider's button")
	}
	if claim, value, ok := strings.Cut(o.Require, "="); o.Require != "" && (!ok || claim == "" || value == "") {
		return fmt.Errorf("HOCSO_OIDC_REQUIRE %q is not of the form claim=value", o.Require)
	}
	return nil
}

// validateIssuer wants HTTPS: whoever can change the provider's answers on the
// way can sign in as anybody. A provider on this machine is for trials.
func (o OIDC) validateIssuer() error {
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Host == "" || issuer.RawQuery != "" || issuer.Fragment != "" {
		return errors.New("is not an address such as https://id.example.vn")
	}
	if issuer.Scheme != "https" && !(issuer.Scheme == "http" && isLoopback(issuer.Hostname())) {
		return errors.New("has to begin with https://")
	}
	return nil
}
