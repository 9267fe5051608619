package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	certificateview "hocso/views/certificate"
)

// designers decide what the records of their provinces look like.
var designers = Who{Roles: certificate.Designers}

const templatePath = recordsPath + "/template"

func (s *site) certificateTemplateRoutes() []Route {
	return []Route{
		{fiber.MethodGet, templatePath, designers, s.ownTemplate},
		{fiber.MethodGet, templatePath + "/:unit", designers, s.template},
		{fiber.MethodPost, templatePath + "/:unit", designers, s.saveTemplate},
		{fiber.MethodPost, templatePath + "/:unit/preview", designers, s.previewTemplate},
	}
}

// ownTemplate leads to the viewer's province.
func (s *site) ownTemplate(c *fiber.Ctx) error {
	for _, grant := range viewerOf(c).Grants {
		if designers.Roles[0] == grant.Role {
			return c.Redirect(templatePath+"/"+grant.UnitCode, fiber.StatusSeeOther)
		}
	}
	return s.nowhere(c) // the guard lets nobody else through
}

// templateOf finds the province of the address, in the viewer's scope, and what
// its records look like now.
func (s *site) templateOf(c *fiber.Ctx) (*org.Unit, *certificate.Template, error) {
	scope := viewerOf(c).Scope(certificate.Designers...)
	province, err := org.NewStore(s.DB).Current(c.UserContext(), scope, c.Params("unit"))
	if err != nil {
		return nil, nil, err
	}
	t, err := s.Records.Template(c.UserContext(), scope, province)
	return province, t, err
}

func (s *site) template(c *fiber.Ctx) error {
	province, t, err := s.templateOf(c)
	if err != nil {
		return err
	}
	return s.showTemplate(c, certificateview.TemplateData{Province: province, Form: certificateview.FormOf(t)})
}

func (s *site) showTemplate(c *fiber.Ctx, data certificateview.TemplateData) (err error) {
	if data.History, err = s.Records.Templates(c.UserContext(), data.Province.ID); err != nil {
		return err
	}
	return page(c, certificateview.Template(data))
}

// saveTemplate makes what was typed hold. Whoever was slower than somebody else
// keeps what they typed, and is told.
func (s *site) saveTemplate(c *fiber.Ctx) error {
	province, current, err := s.templateOf(c)
	if err != nil {
		return err
	}
	form := readTemplate(c, current)
	logo, err := sentLogo(c)
	if err == nil {
		scope := viewerOf(c).Scope(certificate.Designers...)
		err = s.Records.SaveTemplate(c.UserContext(), scope, s.by(c), province, form.Revision, form.Design(), logo)
	}
	if fault.Is(err, fault.Conflict) {
		c.Status(fiber.StatusConflict)
		form.Revision = current.Revision
		return s.showTemplate(c, certificateview.TemplateData{Province: province, Form: form, Conflict: true})
	}
	return s.templateDone(c, province, form, err)
}

// templateDone leads on after a template was saved, or shows the form again
// with what is wrong.
func (s *site) templateDone(c *fiber.Ctx, province *org.Unit, form certificateview.TemplateForm, err error) error {
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showTemplate(c, certificateview.TemplateData{Province: province, Form: form, Errors: fault.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, templatePath+"/"+province.Code, "certificate.saved")
}

// previewTemplate shows a paper of made-up facts as it would look.
func (s *site) previewTemplate(c *fiber.Ctx) error {
	province, current, err := s.templateOf(c)
	if err != nil {
		return err
	}
	form := readTemplate(c, current)
	logo, err := sentLogo(c)
	var file []byte
	if err == nil {
		file, err = s.Records.Preview(c.UserContext(), province, form.Design(), logo, s.address(c))
	}
	if err != nil {
		return s.templateDone(c, province, form, err)
	}
	c.Set(fiber.HeaderContentDisposition, `inline; filename="xem-truoc.pdf"`)
	c.Set(fiber.HeaderContentType, "application/pdf")
	return c.Send(file)
}

// readTemplate reads the form. The picture that is there may be the one of the
// current template alone.
func readTemplate(c *fiber.Ctx, current *certificate.Template) certificateview.TemplateForm {
	form := certificateview.TemplateForm{
		Revision: revision(c), Heading: [2]string{c.FormValue("heading1"), c.FormValue("heading2")},
		Body: c.FormValue("body"), Place: c.FormValue("place"), Signatory: c.FormValue("signatory"), Position: c.FormValue("position"), Closing: c.FormValue("closing"),
		Accent: certificate.Accent(c.FormValue("accent")), Frame: certificate.Frame(c.FormValue("frame")), Bare: c.FormValue("bare") != "",
	}
	if id, err := uuid.Parse(c.FormValue("logo_id")); err == nil && current.Design.LogoID != nil && *current.Design.LogoID == id {
		form.LogoID = &id
	}
	return form
}

// sentLogo reads the picture of a form, nil when none was chosen.
func sentLogo(c *fiber.Ctx) (*certificate.Logo, error) {
	header, err := c.FormFile("logo")
	if err != nil || header.Filename == "" && header.Size == 0 {
		return nil, nil
	}
	raw, err := readSent(header)
	if err != nil {
		return nil, err
	}
	return certificate.NewLogo(raw)
}
