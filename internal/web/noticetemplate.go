package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/platform/fault"
	notifyview "hocso/views/notify"
)

const templatesPath = "/notices/templates"

// provinceAdmins say for the whole installation how things are done.
var provinceAdmins = Who{Roles: []identity.Role{identity.ProvinceAdmin}}

func (s *site) noticeTemplateRoutes() []Route {
	return []Route{
		{fiber.MethodGet, templatesPath, provinceAdmins, s.noticeTemplates},
		{fiber.MethodGet, templatesPath + "/:kind", provinceAdmins, s.noticeTemplate},
		{fiber.MethodPost, templatesPath + "/:kind", provinceAdmins, s.saveNoticeTemplate},
		{fiber.MethodPost, templatesPath + "/:kind/reset", provinceAdmins, s.resetNoticeTemplate},
	}
}

// noticeTemplates lists every kind of notice.
func (s *site) noticeTemplates(c *fiber.Ctx) error {
	editions, err := notify.NewStore(s.DB).Editions(c.UserContext())
	if err != nil {
		return err
	}
	var data notifyview.TemplatesData
	for _, kind := range notify.Kinds() {
		data.Editions = append(data.Editions, editions[kind])
	}
	return page(c, notifyview.Templates(data))
}

// noticeTemplate shows what one kind says.
func (s *site) noticeTemplate(c *fiber.Ctx) error {
	edition, err := s.Notices.Edition(c.UserContext(), notify.Kind(c.Params("kind")))
	if err != nil {
		return err
	}
	return showNoticeTemplate(c, notifyview.TemplateData{Edition: edition, Words: edition.Words})
}

func showNoticeTemplate(c *fiber.Ctx, data notifyview.TemplateData) error {
	data.Original = notify.Originals[data.Edition.Kind].Words
	return page(c, notifyview.Template(data))
}

// saveNoticeTemplate has a kind say something else, or only shows what that would be.
// Whoever was slower than somebody else keeps what they typed, and is told.
func (s *site) saveNoticeTemplate(c *fiber.Ctx) error {
	kind := notify.Kind(c.Params("kind"))
	data, err := s.typedNoticeTemplate(c, kind)
	if err != nil {
		return err
	}
	if c.FormValue("then") == "preview" {
		_, data.Wrong = data.Edition.Check(data.Words)
	} else if data.Wrong, err = s.Notices.SaveWords(c.UserContext(), s.by(c), kind, revision(c), data.Words); err == nil && len(data.Wrong) == 0 {
		return s.leadTo(c, templatesPath+"/"+string(kind), "notice.saved")
	}
	switch {
	case fault.Is(err, fault.Conflict):
		data.Conflict = true
		c.Status(fiber.StatusConflict)
	case err != nil:
		return err
	case len(data.Wrong) > 0:
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return showNoticeTemplate(c, data)
}

// typedNoticeTemplate reads the form beside the edition that holds now.
func (s *site) typedNoticeTemplate(c *fiber.Ctx, kind notify.Kind) (notifyview.TemplateData, error) {
	edition, err := s.Notices.Edition(c.UserContext(), kind)
	words := notify.Words{Subject: c.FormValue("subject"), Text: c.FormValue("text"), Short: c.FormValue("short")}
	return notifyview.TemplateData{Edition: edition, Words: words}, err
}

// resetNoticeTemplate has a kind say what it said originally.
func (s *site) resetNoticeTemplate(c *fiber.Ctx) error {
	kind := notify.Kind(c.Params("kind"))
	err := s.Notices.ResetWords(c.UserContext(), s.by(c), kind, revision(c))
	if fault.Is(err, fault.Conflict) {
		return s.leadTo(c, templatesPath+"/"+string(kind), "notify.template_conflict")
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, templatesPath+"/"+string(kind), "notify.template_reset")
}
