package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/certificate"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/shortcode"
	certificateview "hocso/views/certificate"
)

const ownRecordsPath = "/me/certificates"

func (s *site) certificateRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/v", anyone, s.verifyForm},
		{fiber.MethodGet, "/v/:code", anyone, s.verify},
		{fiber.MethodGet, ownRecordsPath, signedIn, s.ownRecords},
		{fiber.MethodGet, ownRecordsPath + "/:record<guid>/pdf", signedIn, s.ownPDF},
	}
}

// verifyForm asks for a code; one that was typed leads to its page, or is told
// what is probably wrong with it, which takes no look at any record.
func (s *site) verifyForm(c *fiber.Ctx) error {
	data := certificateview.VerifyData{Typed: c.Query("code")}
	if data.Typed != "" {
		if data.Reading = shortcode.Read(data.Typed); data.Reading.Code != "" {
			return c.Redirect("/v/"+data.Reading.Code, fiber.StatusSeeOther)
		}
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return s.showVerify(c, data)
}

// verify shows what a paper has to say. Codes that nobody has slow down
// whoever tries them.
func (s *site) verify(c *fiber.Ctx) error {
	data := certificateview.VerifyData{Typed: c.Params("code"), Reading: shortcode.Read(c.Params("code"))}
	if data.Reading.Code == "" {
		c.Status(fiber.StatusNotFound)
		return s.showVerify(c, data)
	}
	err := s.Identity.Lookup(c.UserContext(), s.from(c), func() (err error) {
		data.Record, err = s.Records.ByCode(c.UserContext(), data.Reading.Code)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		c.Status(fiber.StatusNotFound)
		data.Record, data.Missing = nil, true
		return s.showVerify(c, data)
	}
	if err != nil {
		return err
	}
	data.Typed = ""
	return s.showVerify(c, data)
}

// showVerify keeps search engines from a page that holds a name.
func (s *site) showVerify(c *fiber.Ctx, data certificateview.VerifyData) error {
	c.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	data.Today = clock.Day(s.Now())
	return page(c, certificateview.Verify(data))
}

// ownRecords shows the viewer's records.
func (s *site) ownRecords(c *fiber.Ctx) error {
	viewer := viewerOf(c)
	records, err := certificate.NewStore(s.DB).Of(c.UserContext(), viewer.PersonID)
	if err != nil {
		return err
	}
	return page(c, certificateview.Mine(certificateview.MineData{
		Records: records, Site: s.address(c), Digital: s.Signer != nil && viewer.Assist == nil, Paper: s.Signer == nil, Today: clock.Day(s.Now()),
	}))
}

func (s *site) ownPDF(c *fiber.Ctx) error {
	id, err := paramID(c, "record")
	if err != nil {
		return err
	}
	record, err := s.Records.Own(c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	return s.handPDF(c, record)
}

// handPDF gives the paper of a record to save.
func (s *site) handPDF(c *fiber.Ctx, record *certificate.Record) error {
	file, err := s.Records.PDF(c.UserContext(), record, s.address(c))
	if err != nil {
		return err
	}
	return s.attach(c, "giay-ghi-nhan-"+shortcode.Show(record.Code)+".pdf", file)
}
