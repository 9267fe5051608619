package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/notify"
	"hocso/internal/platform/fault"
	notifyview "hocso/views/notify"
)

const (
	noticeSettingsPath = inboxPath + "/settings"
	calendarPath       = "/calendar"
)

func (s *site) noticeSettings(c *fiber.Ctx) error {
	return s.showNoticeSettings(c, notifyview.SettingsData{})
}

func (s *site) showNoticeSettings(c *fiber.Ctx, data notifyview.SettingsData) (err error) {
	ctx, person := c.UserContext(), viewerOf(c).PersonID
	data.Ways = s.Notices.Ways()
	if data.Wishes, err = notify.NewStore(s.DB).Wishes(ctx, person); err != nil {
		return err
	}
	if data.To, err = s.Notices.Addresses(ctx, person); err != nil {
		return err
	}
	if data.Feed, err = s.Notices.FeedMade(ctx, person); err != nil {
		return err
	}
	return page(c, notifyview.Settings(data))
}

// saveWishes writes how the viewer wants to be told.
func (s *site) saveWishes(c *fiber.Ctx) error {
	wishes := &notify.Wishes{
		PersonID: viewerOf(c).PersonID, Channels: map[notify.Group][]notify.Channel{}, Daily: c.FormValue("daily") == "yes", ChangedAt: s.Now(),
		QuietFrom: hourOf(c.FormValue("quiet_from")), QuietUntil: hourOf(c.FormValue("quiet_until")),
	}
	if wishes.QuietFrom < 0 || wishes.QuietUntil < 0 {
		return fault.New(fault.Invalid, "an hour of the day")
	}
	for _, wish := range formValues(c, "wish") {
		group, channel, _ := strings.Cut(wish, "/")
		if slices.Contains(notify.Groups, notify.Group(group)) && slices.Contains(notify.Channels, notify.Channel(channel)) {
			wishes.Channels[notify.Group(group)] = append(wishes.Channels[notify.Group(group)], notify.Channel(channel))
		}
	}
	if err := notify.NewStore(s.DB).SaveWishes(c.UserContext(), wishes); err != nil {
		return err
	}
	return s.leadTo(c, noticeSettingsPath, "notice.saved")
}

// hourOf reads an hour of the day; -1 for what is none.
func hourOf(typed string) int {
	hour, err := strconv.Atoi(typed)
	if err != nil || hour < 0 || hour > 23 {
		return -1
	}
	return hour
}

// askEmail has a letter sent to an address that asks to confirm it.
func (s *site) askEmail(c *fiber.Ctx) error {
	typed := c.FormValue("email")
	err := s.Notices.AskAddress(c.UserContext(), s.by(c), viewerOf(c).PersonID, typed)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) {
		data := notifyview.SettingsData{Email: typed, Errors: fault.FieldsOf(err)}
		if fault.Is(err, fault.TooMany) {
			data.Errors = map[string]string{"email": "notify.email_too_many"}
		}
		c.Status(statuses[fault.KindOf(err)])
		return s.showNoticeSettings(c, data)
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, noticeSettingsPath, "notify.email_asked")
}

func (s *site) dropEmail(c *fiber.Ctx) error {
	if err := s.Notices.DropAddress(c.UserContext(), s.by(c), viewerOf(c).PersonID); err != nil {
		return err
	}
	return s.leadTo(c, noticeSettingsPath, "notify.email_dropped")
}

func (s *site) confirmForm(c *fiber.Ctx) error {
	return page(c, notifyview.Confirm(url.PathEscape(c.Params("token"))))
}

// confirmEmail confirms the address whose link the viewer opened.
func (s *site) confirmEmail(c *fiber.Ctx) error {
	err := s.Notices.ConfirmAddress(c.UserContext(), s.by(c), viewerOf(c).PersonID, c.Params("token"))
	if fault.Is(err, fault.NotFound) {
		return s.leadTo(c, noticeSettingsPath, "notify.confirm_gone")
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, noticeSettingsPath, "notify.confirmed")
}
