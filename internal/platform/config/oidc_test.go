package config_test

import (
	"testing"

	"github.com/alecthomas/kong"

	"hocso/internal/platform/config"
)

func TestAProviderIsCheckedAtTheStart(t *testing.T) {
	for _, test := range []struct {
		name string
		env  map[string]string
		good bool
	}{
		{"none", nil, true},
		{"a provider", map[string]string{"ISSUER": "https://id.example.vn/realms/tinh", "CLIENT_ID": "hocso"}, true},
		{"with everything", map[string]string{"ISSUER": "https://id.example.vn", "CLIENT_ID": "hocso", "MATCH": "staff-code", "MATCH_CLAIM": "staff_code", "REQUIRE": "acr=2"}, true},
		{"a trial on this machine", map[string]string{"ISSUER": "http://127.0.0.1:9000/oidc", "CLIENT_ID": "hocso"}, true},
		{"without TLS", map[string]string{"ISSUER": "http://id.example.vn", "CLIENT_ID": "hocso"}, false},
		{"no address", map[string]string{"ISSUER": "id.example.vn", "CLIENT_ID": "hocso"}, false},
		{"no client", map[string]string{"ISSUER": "https://id.example.vn"}, false},
		{"a match that is none", map[string]string{"ISSUER": "https://id.example.vn", "CLIENT_ID": "hocso", "MATCH": "name"}, false},
		{"a claim without a value", map[string]string{"ISSUER": "https://id.example.vn", "CLIENT_ID": "hocso", "REQUIRE": "acr"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.env {
				t.Setenv("HOCSO_OIDC_"+name, value)
			}
			var cfg config.Config
			parser, err := kong.New(&cfg)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.Parse(nil); (err == nil) != test.good {
				t.Errorf("%v", err)
			}
			if test.good && (cfg.OIDC.Issuer != test.env["ISSUER"] || len(cfg.OIDC.Scopes) != 3 || cfg.OIDC.SubjectClaim != "sub") {
				t.Errorf("read as %+v", cfg.OIDC)
			}
		})
	}
}
