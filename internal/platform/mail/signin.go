package mail

import (
	"slices"

	"github.com/wneessen/go-mail/smtp"
)

// signIn signs in with a password over a way that is TLS from its beginning.
// The library, which does not open that way itself here, would take it for an
// open one and refuse to show the password.
type signIn struct {
	smtp.Auth // chosen when the server has said what it knows

	user, password, host string
}

// Start chooses PLAIN (RFC 4616), or LOGIN where the server knows only that.
// Both refuse an open way.
func (s *signIn) Start(server *smtp.ServerInfo) (string, []byte, error) {
	s.Auth = smtp.PlainAuth("", s.user, s.password, s.host, false)
	if !slices.Contains(server.Auth, "PLAIN") {
		s.Auth = smtp.LoginAuth(s.user, s.password, s.host, false)
	}
	return s.Auth.Start(server)
}
