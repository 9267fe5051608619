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
	Provider   string // name of the OpenID Connect provider, "" when there is none
	Linked     bool   // the viewer has an account there
	Remembered bool   // this device offers the viewer by name
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
