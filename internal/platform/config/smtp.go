package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"time"
)

// SMTP is the mail server that takes our e-mail. There is none while Addr is empty.
type SMTP struct {
	Addr     string        `env:"ADDR" placeholder:"HOST:PORT" help:"The mail server that takes our e-mail; without it nobody is offered e-mail."`
	From     string        `env:"FROM" placeholder:"ADDRESS" help:"Whom our e-mail is from, such as 'Học Số <hocso@example.vn>'."`
	User     string        `env:"USER" placeholder:"NAME" help:"Whom we sign in as at the mail server; nobody when empty."`
	Password string        `env:"PASSWORD" placeholder:"SECRET" help:"What we sign in with at the mail server."`
	TLS      string        `env:"TLS" enum:"starttls,tls,none" default:"starttls" help:"How the way to the mail server is protected: starttls (port 587 or 25), tls from the beginning (465), or none."`
	Timeout  time.Duration `env:"TIMEOUT" default:"30s" help:"How long the mail server may take for each answer; for the last one of a message four times as long."`
}

// Validate says what is wrong before anybody is to be told something.
func (s SMTP) Validate() error {
	if s.Addr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil || host == "" {
		return fmt.Errorf("HOCSO_SMTP_ADDR %q is not of the form host:port, such as mail.example.vn:587", s.Addr)
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		return fmt.Errorf("HOCSO_SMTP_FROM %q is no e-mail address, such as 'Học Số <hocso@example.vn>'", s.From)
	}
	if s.TLS == "none" && s.User != "" && !isLoopback(host) {
		return errors.New("HOCSO_SMTP_TLS=none would send HOCSO_SMTP_PASSWORD for everybody on the way to read; use starttls or tls")
	}
	if s.Timeout <= 0 || s.Timeout > 2*time.Minute {
		return errors.New("HOCSO_SMTP_TIMEOUT has to be between 1s and 2m")
	}
	return nil
}

// Gateway sends short messages, by SMS, Zalo or whatever stands behind it.
// There is none while URL is empty.
type Gateway struct {
	URL    string `env:"URL" placeholder:"URL" help:"Where short messages for SMS or Zalo are posted to, as deploy/README.md describes; without it nobody is offered them."`
	Secret string `env:"SECRET" placeholder:"SECRET" help:"The key of at least 32 characters with which we sign what we post there."`
	Name   string `env:"NAME" default:"Tin nhắn điện thoại" help:"What pages call this way of being told."`
}

// Validate says what is wrong before anybody is to be told something. It wants
// HTTPS: phone numbers travel there.
func (g Gateway) Validate() error {
	if g.URL == "" {
		return nil
	}
	address, err := url.Parse(g.URL)
	if err != nil || address.Host == "" || address.Scheme != "https" && !(address.Scheme == "http" && isLoopback(address.Hostname())) {
		return errors.New("HOCSO_GATEWAY_URL has to begin with https://")
	}
	if len(g.Secret) < 32 {
		return errors.New("HOCSO_GATEWAY_SECRET has to have 32 characters or more: openssl rand -hex 32")
	}
	if strings.TrimSpace(g.Name) == "" {
		return errors.New("HOCSO_GATEWAY_NAME is empty; pages would have no words for it")
	}
	return nil
}

// isLoopback tells whether a host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
