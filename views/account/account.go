// Package account is one's own account: how one signs in, and where one is
// signed in.
package account

import (
	"hocso/internal/identity"
	"hocso/internal/platform/shortcode"
)

// Data is what the account page shows.
type Data struct {
	Viewer     *identity.Viewer
	Person     *identity.Person
	Logins     []*identity.Login
	Sessions   []*identity.Session
	Remembered bool   // this device offers the viewer by name
	Provider   string // what an account at the provider is called, "" where there is no provider
}

// SecretData is the form for a new PIN or password.
type SecretData struct {
	Temporary bool              // the present one was handed out
	Errors    map[string]string // field → catalogue key
}

// shown writes a login as people read it.
func shown(login *identity.Login) string {
	if login.Kind == identity.LoginCode {
		if code, ok := shortcode.Parse(login.Login); ok {
			return shortcode.Show(code)
		}
	}
	return login.Login
}
