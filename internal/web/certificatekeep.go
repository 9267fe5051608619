package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/certificate"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	certificateview "hocso/views/certificate"
)

// keepers look after records of people in the subtrees of their roles.
var keepers = Who{Roles: certificate.Keepers}

const recordsPath = "/certificates"

func (s *site) certificateKeepRoutes() []Route {
	return []Route{
		{fiber.MethodGet, recordsPath + "/:record<guid>", keepers, s.record},
		{fiber.MethodGet, recordsPath + "/:record<guid>/pdf", keepers, s.recordPDF},
		{fiber.MethodGet, recordsPath + "/:record<guid>/revoke", keepers, s.revokeForm},
		{fiber.MethodPost, recordsPath + "/:record<guid>/revoke", keepers, s.revokeRecord},
		{fiber.MethodPost, recordsPath + "/:record<guid>/reissue", keepers, s.reissueRecord},
	}
}

// recordSeen finds the record of the address, if it lies in the viewer's scope,
// and whether they may decide on it: who may manage its holder.
func (s *site) recordSeen(c *fiber.Ctx) (data certificateview.RecordData, err error) {
	id, err := paramID(c, "record")
	if err != nil {
		return data, err
	}
	viewer := viewerOf(c)
	if data.Record, err = s.Records.In(c.UserContext(), viewer.Scope(certificate.Keepers...), id); err != nil {
		return data, err
	}
	data.Link, data.Today = certificate.Link(s.address(c), data.Record.Code), clock.Day(s.Now())
	data.MayKeep, err = s.Identity.MayManage(c.UserContext(), viewer, data.Record.PersonID)
	return data, err
}

// recordKept is recordSeen for those who decide on the record.
func (s *site) recordKept(c *fiber.Ctx) (certificateview.RecordData, error) {
	data, err := s.recordSeen(c)
	if err == nil && !data.MayKeep {
		err = fault.New(fault.Forbidden, "decide on a record")
	}
	return data, err
}

func (s *site) record(c *fiber.Ctx) error {
	data, err := s.recordSeen(c)
	if err != nil {
		return err
	}
	return page(c, certificateview.Record(data))
}

func (s *site) recordPDF(c *fiber.Ctx) error {
	data, err := s.recordSeen(c)
	if err != nil {
		return err
	}
	return s.handPDF(c, data.Record)
}

// revokeForm asks why, and whether the viewer really wants to.
func (s *site) revokeForm(c *fiber.Ctx) error {
	data, err := s.recordKept(c)
	if err != nil {
		return err
	}
	return page(c, certificateview.Revoke(data))
}

func (s *site) revokeRecord(c *fiber.Ctx) error {
	data, err := s.recordKept(c)
	if err != nil {
		return err
	}
	data.Reason, data.Note = certificate.Reason(c.FormValue("reason")), c.FormValue("note")
	err = s.Records.Revoke(c.UserContext(), viewerOf(c).Scope(certificate.Keepers...), s.by(c), data.Record.ID, data.Reason, data.Note)
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		data.Errors = fault.FieldsOf(err)
		return page(c, certificateview.Revoke(data))
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, recordsPath+"/"+data.Record.ID.String(), "certificate.revoked")
}

func (s *site) reissueRecord(c *fiber.Ctx) error {
	data, err := s.recordKept(c)
	if err != nil {
		return err
	}
	issued, err := s.Records.Reissue(c.UserContext(), viewerOf(c).Scope(certificate.Keepers...), s.by(c), data.Record.ID)
	if err != nil {
		return err
	}
	return s.leadTo(c, recordsPath+"/"+issued.ID.String(), "certificate.reissued")
}
