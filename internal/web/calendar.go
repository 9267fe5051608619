package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"

	"hocso/internal/platform/fault"
	notifyview "hocso/views/notify"
)

const (
	// calendarAsks is how often one place may ask for calendars in a minute: an
	// office's programs ask every few hours.
	calendarAsks = 120
	// calendarKept is how long a program may keep a calendar without asking.
	calendarKept = "private, max-age=900"
)

// calendarPace holds up whoever asks for calendars too often.
func calendarPace() fiber.Handler {
	return limiter.New(limiter.Config{
		Max: calendarAsks, Expiration: time.Minute,
		LimitReached: func(*fiber.Ctx) error { return fault.New(fault.TooMany, "calendars") },
	})
}

// newFeed makes a private address for the viewer's calendar and shows it, once.
func (s *site) newFeed(c *fiber.Ctx) error {
	token, err := s.Notices.NewFeed(c.UserContext(), s.by(c), viewerOf(c).PersonID)
	if err != nil {
		return err
	}
	return s.showNoticeSettings(c, notifyview.SettingsData{FeedURL: s.address(c) + calendarPath + "/" + token + ".ics"})
}

func (s *site) endFeed(c *fiber.Ctx) error {
	if err := s.Notices.EndFeed(c.UserContext(), s.by(c), viewerOf(c).PersonID); err != nil {
		return err
	}
	return s.leadTo(c, noticeSettingsPath, "notify.calendar_ended")
}

// calendar gives somebody's open deadlines to whoever knows their private
// address, and nothing again to a program that has them already.
func (s *site) calendar(c *fiber.Ctx) error {
	person, err := s.Notices.Feed(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	deadlines, err := s.Programs.Deadlines(c.UserContext(), person)
	if err != nil {
		return err
	}
	host := "hocso"
	if parsed, err := url.Parse(s.address(c)); err == nil && parsed.Hostname() != "" {
		host = parsed.Hostname()
	}
	file := notifyview.Calendar(c.UserContext(), s.address(c), host, deadlines)
	sum := sha256.Sum256(file)
	c.Set(fiber.HeaderETag, `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	c.Set(fiber.HeaderCacheControl, calendarKept)
	if c.Fresh() {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	return c.Send(file)
}
