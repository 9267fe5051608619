package notify

import (
	"log/slog"
	"net/url"
	"strings"

	"github.com/uptrace/bun"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/gateway"
	"hocso/internal/platform/mail"
	"hocso/internal/platform/queue"
)

// Ways are the ways of telling beside the inbox that this installation has.
type Ways struct {
	Carriers map[Channel]carrier.Carrier
	URL      string // address under which people reach the site, without a slash at its end
	Gateway  string // what pages call the gateway's channel
}

// WaysOf makes the ways that are configured.
func WaysOf(cfg *config.Config, now clock.Clock) Ways {
	ways := Ways{Carriers: map[Channel]carrier.Carrier{}, URL: cfg.URL, Gateway: cfg.Gateway.Name}
	if cfg.SMTP.Addr != "" {
		ways.Carriers[Email] = mail.New(cfg.SMTP, hostOf(cfg.URL))
	}
	if cfg.Gateway.URL != "" {
		ways.Carriers[Text] = gateway.New(cfg.Gateway, now)
	}
	return ways
}

// hostOf is the host of the site's address.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" {
		return "localhost"
	}
	return parsed.Hostname()
}

// Offers tells whether people can be told over a channel.
func (w Ways) Offers(channel Channel) bool { return w.Carriers[channel] != nil }

// Service tells people things.
type Service struct {
	db   *bun.DB
	bell *queue.Bell
	ways Ways
	now  clock.Clock
	log  *slog.Logger
	rest rests
}

// NewService makes a service.
func NewService(db *bun.DB, bell *queue.Bell, ways Ways, now clock.Clock, log *slog.Logger) *Service {
	ways.URL = strings.TrimSuffix(ways.URL, "/")
	return &Service{db: db, bell: bell, ways: ways, now: now, log: log}
}

// Ways are the ways of telling that there are.
func (s *Service) Ways() Ways { return s.ways }
