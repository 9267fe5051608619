// Package config is all that can be configured: one struct, as flags and as
// HOCSO_* environment variables. Nothing else is read.
package config

import "errors"

// Config is the configuration of every command. kong fills it; flags win over
// the environment.
type Config struct {
	Addr          string `env:"HOCSO_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the pages are served."`
	URL           string `env:"HOCSO_URL" placeholder:"URL" help:"Address under which people reach the site, such as https://hocso.example.vn: for printed cards and for sign-in elsewhere (default: as each request names it)."`
	DatabaseURL   string `env:"HOCSO_DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later, such as postgres://user:password@host/hocso. 'up' starts its own when empty."`
	RedisURL      string `env:"HOCSO_REDIS_URL" placeholder:"URL" help:"Redis 7, such as redis://host:6379/0 or redis-socket:///run/redis.sock?db=0. 'up' starts its own when empty."`
	DataDir       string `env:"HOCSO_DATA_DIR" placeholder:"DIR" help:"Where 'up' keeps its own PostgreSQL and Redis (default: /var/lib/hocso for root, ./var for others)."`
	CredentialKey string `env:"HOCSO_CREDENTIAL_KEY" placeholder:"FILE" help:"Private key (Ed25519, PEM) that signs records of completion in digital form, which are offered only with it and with HOCSO_URL. 'hocso credential key' makes one."`
	Demo          bool   `env:"HOCSO_DEMO" help:"Load the demonstration data and let anyone sign in as its made-up people. Never with real people."`
	Log           string `env:"HOCSO_LOG" enum:"text,json" default:"text" help:"How log lines are written: text or json."`
	LogLevel      string `env:"HOCSO_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The least level that is logged."`
	MetricsToken  string `env:"HOCSO_METRICS_TOKEN" placeholder:"SECRET" help:"Bearer token for /metrics. When empty, only this machine may read them, and not through a proxy."`
	WorkAddr      string `env:"HOCSO_WORK_ADDR" placeholder:"HOST:PORT" help:"Where 'work' serves /healthz and /metrics; nowhere when empty."`
	SecureCookies bool   `env:"HOCSO_SECURE_COOKIES" help:"Mark cookies Secure. Set it when the pages are reached by HTTPS."`
	TrustProxy    bool   `env:"HOCSO_TRUST_PROXY" help:"Take the client's address from X-Forwarded-For. Set it only behind a proxy of your own."`

	OIDC    OIDC    `embed:"" prefix:"oidc-" envprefix:"HOCSO_OIDC_"`
	SMTP    SMTP    `embed:"" prefix:"smtp-" envprefix:"HOCSO_SMTP_"`
	Gateway Gateway `embed:"" prefix:"gateway-" envprefix:"HOCSO_GATEWAY_"`
}

// Validate says what does not go together; kong asks it.
func (c Config) Validate() error {
	if c.URL == "" && (c.SMTP.Addr != "" || c.Gateway.URL != "") {
		return errors.New("HOCSO_SMTP_ADDR and HOCSO_GATEWAY_URL need HOCSO_URL: what is sent says where to read on")
	}
	return nil
}
