package config_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"hocso/internal/platform/config"
)

func TestWaysOfTellingAreCheckedAtTheStart(t *testing.T) {
	smtp := map[string]string{"URL": "https://hocso.example.vn", "SMTP_ADDR": "mail.example.vn:587", "SMTP_FROM": "Học Số <hocso@example.vn>"}
	gateway := map[string]string{"URL": "https://hocso.example.vn", "GATEWAY_URL": "https://sms.example.vn/send", "GATEWAY_SECRET": strings.Repeat("k", 32)}
	with := func(base map[string]string, name, value string) map[string]string {
		env := maps.Clone(base)
		env[name] = value
		return env
	}
	for _, test := range []struct {
		name, wrong string
		env         map[string]string
	}{
		{"none", "", nil},
		{"e-mail", "", smtp},
		{"a gateway", "", gateway},
		{"a gateway on this machine", "", with(gateway, "GATEWAY_URL", "http://127.0.0.1:9000/")},
		{"e-mail signed in without TLS on this machine", "", with(with(with(smtp, "SMTP_ADDR", "127.0.0.1:25"), "SMTP_USER", "hocso"), "SMTP_TLS", "none")},
		{"without the site's address", "HOCSO_URL", with(smtp, "URL", "")},
		{"no port", "host:port", with(smtp, "SMTP_ADDR", "mail.example.vn")},
		{"from nobody", "HOCSO_SMTP_FROM", with(smtp, "SMTP_FROM", "Học Số")},
		{"a password without TLS", "HOCSO_SMTP_TLS", with(with(smtp, "SMTP_USER", "hocso"), "SMTP_TLS", "none")},
		{"no time", "HOCSO_SMTP_TIMEOUT", with(smtp, "SMTP_TIMEOUT", "0s")},
		{"a gateway without TLS", "HOCSO_GATEWAY_URL", with(gateway, "GATEWAY_URL", "http://sms.example.vn")},
		{"a short key", "HOCSO_GATEWAY_SECRET", with(gateway, "GATEWAY_SECRET", "k")},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.env {
				t.Setenv("HOCSO_"+name, value)
			}
			var cfg config.Config
			parser, err := kong.New(&cfg)
			if err != nil {
				t.Fatal(err)
			}
			_, err = parser.Parse(nil)
			if (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
				t.Errorf("%v", err)
			}
		})
	}
}
