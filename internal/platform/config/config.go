// Package config is all that can be configured: one struct, as flags and as
// HOCSO_* environment variables. Nothing else is read.
package config

// Config is the configuration of every command. kong fills it; flags win over
// the environment.
type Config struct {
	Addr          string `env:"HOCSO_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the pages are served."`
	URL           string `env:"HOCSO_URL" placeholder:"URL" help:"Address under which people reach the site, such as https://hocso.example.vn: for printed cards and for sign-in elsewhere (default: as each request names it)."`
	DatabaseURL   string `env:"HOCSO_DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later, such as postgres://user:password@host/hocso. 'up' starts its own when empty."`
	RedisURL      string `env:"HOCSO_REDIS_URL" placeholder:"URL" help:"Redis 7, such as redis://host:6379/0 or redis-socket:///run/redis.sock?db=0. 'up' starts its own when empty."`
	DataDir       string `env:"HOCSO_DATA_DIR" placeholder:"DIR" help:"Where 'up' keeps its own PostgreSQL and Redis (default: /var/lib/hocso for root, ./var for others)."`
	Demo          bool   `env:"HOCSO_DEMO" help:"Load the demonstration data and let anyone sign in as its made-up people. Never with real people."`
	Log           string `env:"HOCSO_LOG" enum:"text,json" default:"text" help:"How log lines are written: text or json."`
	LogLevel      string `env:"HOCSO_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"The least level that is logged."`
	MetricsToken  string `env:"HOCSO_METRICS_TOKEN" placeholder:"SECRET" help:"Bearer token for /metrics. When empty, only this machine may read them, and not through a proxy."`
	WorkAddr      string `env:"HOCSO_WORK_ADDR" placeholder:"HOST:PORT" help:"Where 'work' serves /healthz and /metrics; nowhere when empty."`
	SecureCookies bool   `env:"HOCSO_SECURE_COOKIES" help:"Mark cookies Secure. Set it when the pages are reached by HTTPS."`
	TrustProxy    bool   `env:"HOCSO_TRUST_PROXY" help:"Take the client's address from X-Forwarded-For. Set it only behind a proxy of your own."`

	OIDCIssuer       string   `env:"HOCSO_OIDC_ISSUER" placeholder:"URL" help:"OpenID Connect provider at which officials sign in. No such sign-in when empty."`
	OIDCClientID     string   `env:"HOCSO_OIDC_CLIENT_ID" placeholder:"ID" help:"What the provider knows us as. Its redirect address is <HOCSO_URL>/sign-in/oidc/callback."`
	OIDCClientSecret string   `env:"HOCSO_OIDC_CLIENT_SECRET" placeholder:"SECRET" help:"Our secret at the provider; empty for a public client."`
	OIDCScopes       []string `env:"HOCSO_OIDC_SCOPES" default:"openid,profile,email" help:"Scopes to ask for."`
	OIDCName         string   `env:"HOCSO_OIDC_NAME" default:"OpenID" help:"What the button on the sign-in page calls the provider."`
	OIDCSubject      string   `env:"HOCSO_OIDC_SUBJECT" default:"sub" help:"Claim that names somebody for good."`
	OIDCMatchClaim   string   `env:"HOCSO_OIDC_MATCH_CLAIM" placeholder:"CLAIM" help:"Claim that finds the person of an account that comes for the first time, such as preferred_username."`
	OIDCMatch        string   `env:"HOCSO_OIDC_MATCH" enum:",login,email,staff-code" default:"" help:"What of ours that claim is compared with: login, email (if the provider says that it is verified) or staff-code. When empty, people link their account themselves."`
	OIDCRequire      string   `env:"HOCSO_OIDC_REQUIRE" placeholder:"CLAIM=VALUE" help:"Let in only those with this claim."`
}
