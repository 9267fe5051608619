package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/notify"
	"hocso/internal/platform/carrier"
	notifyview "hocso/views/notify"
)

const failuresPath = "/ops/notices"

func (s *site) noticeFailureRoutes() []Route {
	return []Route{
		{fiber.MethodGet, failuresPath, operators, s.noticeFailures},
		{fiber.MethodPost, failuresPath + "/again", operators, s.allAgain},
		{fiber.MethodPost, failuresPath + "/:message<guid>/again", operators, s.oneAgain},
	}
}

// noticeFailures shows what could not be delivered, and what is on its way.
func (s *site) noticeFailures(c *fiber.Ctx) (err error) {
	ctx := c.UserContext()
	data := notifyview.FailuresData{
		Wanted: wanted(c.Query), From: int64(max(0, c.QueryInt("from"))), Ways: s.Notices.Ways(), Now: s.Now(),
	}
	if data.Queues, err = s.Notices.Queues(ctx); err != nil {
		return err
	}
	if data.Tallies, err = s.Notices.Tallies(ctx); err != nil {
		return err
	}
	if data.Failures, err = s.Notices.Failures(ctx, data.Wanted, data.From, notifyview.PageRows+1); err != nil {
		return err
	}
	if len(data.Failures) > notifyview.PageRows {
		data.Failures, data.More = data.Failures[:notifyview.PageRows], true
	}
	return page(c, notifyview.Failures(data))
}

// wanted reads which failures are meant.
func wanted(value func(string, ...string) string) notify.Wanted {
	return notify.Wanted{State: notify.State(value("state")), Channel: notify.Channel(value("channel")), Cause: carrier.Cause(value("cause"))}
}

// allAgain has all failures of one kind tried again.
func (s *site) allAgain(c *fiber.Ctx) error {
	n, err := s.Notices.SendAllAgain(c.UserContext(), s.by(c), wanted(c.FormValue))
	return s.ledAgain(c, n, err)
}

// oneAgain has one failure tried again.
func (s *site) oneAgain(c *fiber.Ctx) error {
	id, err := paramID(c, "message")
	if err != nil {
		return err
	}
	n, err := s.Notices.SendAgain(c.UserContext(), s.by(c), id)
	return s.ledAgain(c, n, err)
}

func (s *site) ledAgain(c *fiber.Ctx, sent int, err error) error {
	switch {
	case err != nil:
		return err
	case sent == 0:
		return s.leadTo(c, failuresPath, "notify.again_none")
	}
	return s.leadTo(c, failuresPath, "notify.again_done")
}
