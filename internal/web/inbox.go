package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	notifyview "hocso/views/notify"
)

const inboxPath = "/me/notices"

func (s *site) inboxRoutes() []Route {
	return []Route{
		{fiber.MethodGet, inboxPath, owners, s.inbox},
		{fiber.MethodPost, inboxPath + "/read", owners, s.readNotices},
		{fiber.MethodPost, inboxPath + "/:notice<guid>/open", owners, s.openNotice},
		{fiber.MethodGet, inboxPath + "/settings", owners, s.noticeSettings},
		{fiber.MethodPost, inboxPath + "/settings", owners, s.saveWishes},
		{fiber.MethodPost, inboxPath + "/email", owners, s.askEmail},
		{fiber.MethodPost, inboxPath + "/email/drop", owners, s.dropEmail},
		{fiber.MethodGet, inboxPath + "/email/:token", owners, s.confirmForm},
		{fiber.MethodPost, inboxPath + "/email/:token", owners, s.confirmEmail},
		{fiber.MethodPost, inboxPath + "/calendar", owners, s.newFeed},
		{fiber.MethodPost, inboxPath + "/calendar/end", owners, s.endFeed},
		{fiber.MethodGet, calendarPath + "/:token.ics", anyone, s.calendar},
	}
}

// inbox shows what the viewer was told.
func (s *site) inbox(c *fiber.Ctx) error {
	data := notifyview.InboxData{From: int64(max(0, c.QueryInt("from"))), Now: s.Now()}
	var err error
	if data.Inbox, err = s.Notices.Inbox(c.UserContext(), viewerOf(c).PersonID, data.From, notifyview.PageRows); err != nil {
		return err
	}
	return page(c, notifyview.Inbox(data))
}

// openNotice marks a notice as read and leads to what it is about.
func (s *site) openNotice(c *fiber.Ctx) error {
	id, err := paramID(c, "notice")
	if err != nil {
		return err
	}
	link, err := s.Notices.Open(c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	return c.Redirect(localPath(link, inboxPath), fiber.StatusSeeOther)
}

// readNotices marks all as read that the viewer's page could show.
func (s *site) readNotices(c *fiber.Ctx) error {
	until, err := time.Parse(time.RFC3339Nano, c.FormValue("until"))
	if err != nil {
		until = s.Now()
	}
	if err := s.Notices.ReadAll(c.UserContext(), viewerOf(c).PersonID, until); err != nil {
		return err
	}
	return s.leadTo(c, inboxPath, "notify.have_read")
}
