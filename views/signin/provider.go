package signin

import "net/url"

// Provider is the way in through an account elsewhere; there is none without a name.
type Provider struct {
	Name  string // what people call an account there
	Error string // a catalogue key that takes the name, or ""
}

// address leads to the provider and afterwards to where the person wanted to go.
func (d Data) address() string {
	if d.Next == "" {
		return "/sign-in/oidc"
	}
	return "/sign-in/oidc?next=" + url.QueryEscape(d.Next)
}
