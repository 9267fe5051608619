// Package mail hands letters to an SMTP server, one at a time, and tells as
// exactly as SMTP allows whether the server has taken each.
package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/config"
)

// lastAnswer is how many times longer than for other answers we wait for the
// one after a letter's end: giving up there leaves everybody in doubt
// (RFC 5321, 4.5.3.2.6).
const lastAnswer = 4

// Server is the mail server that takes our letters.
type Server struct {
	cfg  config.SMTP
	host string // of our letters' ids
}

// New makes a Server; host is the site's own, for the ids of letters.
func New(cfg config.SMTP, host string) *Server { return &Server{cfg: cfg, host: host} }

// Connect signs in at the mail server.
func (s *Server) Connect(ctx context.Context) (carrier.Line, error) {
	var conn net.Conn
	client, err := s.client(func(opened net.Conn) { conn = opened })
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	smtpClient, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if conn != nil {
			conn.Close() // the library leaves it open
		}
		return nil, connecting(err)
	}
	return &line{server: s, client: smtpClient, conn: conn}, nil
}

// client sets the library up; opened is told of the connection that it makes.
func (s *Server) client(opened func(net.Conn)) (*gomail.Client, error) {
	host, portText, err := net.SplitHostPort(s.cfg.Addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		opened(conn)
		if s.cfg.TLS == "tls" {
			return tls.Client(conn, secure), nil
		}
		return conn, nil
	}
	policy := gomail.NoTLS
	if s.cfg.TLS == "starttls" {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(s.cfg.Timeout), gomail.WithTLSConfig(secure), gomail.WithTLSPolicy(policy),
		gomail.WithDialContextFunc(dial), gomail.WithHELO(s.host), gomail.WithoutSMTPUTF8(),
	}
	if s.cfg.TLS == "tls" {
		options = append(options, gomail.WithSSL())
	}
	switch {
	case s.cfg.User == "":
	case s.cfg.TLS == "tls":
		options = append(options, gomail.WithSMTPAuthCustom(&signIn{user: s.cfg.User, password: s.cfg.Password, host: host}))
	default:
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.cfg.User), gomail.WithPassword(s.cfg.Password))
	}
	return gomail.NewClient(host, options...)
}

// line is a session with the mail server.
type line struct {
	server *Server
	client *smtp.Client
	conn   net.Conn
	inside bool // a letter was begun and not ended
}

// Close ends the session; the server need not answer. Inside a letter we go
// without a word: the library would end the letter with its dot first.
func (l *line) Close() {
	if !l.inside && l.client.UpdateDeadline(time.Second) == nil {
		l.client.Quit() // for the server's sake
	}
	l.conn.Close()
}

// Send hands one letter over. Until its last line, which is a dot, the server
// has not taken it (RFC 5321, 4.1.1.4): that is when handing is called.
func (l *line) Send(ctx context.Context, m carrier.Message, handing func() error) error {
	defer context.AfterFunc(ctx, func() { l.conn.Close() })()
	l.inside = true
	letter, err := l.server.letter(m)
	if err != nil {
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Recipient}
	}
	from, err := letter.GetSender(false)
	if err != nil {
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Refused}
	}
	to, err := letter.GetRecipients()
	if err != nil {
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Recipient}
	}
	timeout := l.server.cfg.Timeout
	l.client.UpdateDeadline(timeout)
	if err := l.client.Mail(from); err != nil {
		return before(err, carrier.Later)
	}
	l.client.UpdateDeadline(timeout)
	if err := l.client.Rcpt(to[0]); err != nil {
		return recipient(err)
	}
	l.client.UpdateDeadline(timeout)
	data, err := l.client.Data()
	if err != nil {
		return before(err, carrier.Never)
	}
	l.client.UpdateDeadline(timeout)
	if _, err := letter.WriteTo(data); err != nil {
		return before(err, carrier.Later)
	}
	if err := l.client.Text.W.Flush(); err != nil {
		return before(err, carrier.Later)
	}
	if err := handing(); err != nil {
		return err // the connection is closed without the dot
	}
	l.client.UpdateDeadline(lastAnswer * timeout)
	if err := after(data.Close()); err != nil {
		return err
	}
	l.inside = false
	return nil
}

// letter writes a message as e-mail: plain text and HTML, each saying the same.
func (s *Server) letter(m carrier.Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := letter.From(s.cfg.From); err != nil {
		return nil, err
	}
	if err := letter.To(m.To); err != nil {
		return nil, err
	}
	letter.Subject(m.Subject)
	letter.SetMessageIDWithValue(m.Key + "@" + s.host)
	letter.SetDateWithValue(m.MadeAt)
	// So that nobody's "I am on holiday" comes back (RFC 3834).
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Settings != "" {
		letter.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Settings+">")
	}
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	letter.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return letter, nil
}
