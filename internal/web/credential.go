package web

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/fault"
)

func (s *site) credentialRoutes() []Route {
	return []Route{
		{fiber.MethodGet, ownRecordsPath + "/:record<guid>/credential", owners, s.credential},
		{fiber.MethodGet, ownRecordsPath + "/:record<guid>/badge", owners, s.badge},
		{fiber.MethodGet, credential.DocumentPath, anyone, s.issuerDocument},
		{fiber.MethodGet, certificate.StatusPath + "/:list<min(0)>", anyone, s.statusList},
	}
}

// credential hands the holder a record in digital form, to pass on.
func (s *site) credential(c *fiber.Ctx) error {
	return s.handOut(c, "giay-ghi-nhan.json", (*certificate.Signer).Credential)
}

// badge hands out the same inside of a picture, to show around.
func (s *site) badge(c *fiber.Ctx) error {
	return s.handOut(c, "huy-hieu.svg", (*certificate.Signer).Picture)
}

func (s *site) handOut(c *fiber.Ctx, name string, sign func(*certificate.Signer, context.Context, uuid.UUID, uuid.UUID) ([]byte, error)) error {
	signer, err := s.signs()
	if err != nil {
		return err
	}
	id, err := paramID(c, "record")
	if err != nil {
		return err
	}
	signed, err := sign(signer, c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	return s.attach(c, name, signed)
}

// issuerDocument tells everybody with which keys the site signs.
func (s *site) issuerDocument(c *fiber.Ctx) error {
	signer, err := s.signs()
	if err != nil {
		return err
	}
	document, err := signer.Document(c.UserContext())
	if err != nil {
		return err
	}
	forVerifiers(c)
	return c.JSON(document)
}

// statusList tells everybody which records don't count any more.
func (s *site) statusList(c *fiber.Ctx) error {
	signer, err := s.signs()
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Params("list"))
	if err != nil {
		return fault.New(fault.NotFound, "status list")
	}
	list, err := signer.StatusList(c.UserContext(), number)
	if err != nil {
		return err
	}
	forVerifiers(c)
	// Weak: two processes sign the same list at different times.
	c.Set(fiber.HeaderETag, `W/"`+list.Tag+`"`)
	if c.Fresh() {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "application/ld+json")
	return c.Send(list.Signed)
}

// signs gives what signs records; a site that signs none has none of these pages.
func (s *site) signs() (*certificate.Signer, error) {
	if s.Signer == nil {
		return nil, fault.New(fault.NotFound, "records are not signed here")
	}
	return s.Signer, nil
}

// forVerifiers lets an answer be kept for a moment, and read by verifiers that
// are pages of other sites.
func forVerifiers(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, fmt.Sprintf("public, max-age=%.0f", credential.StatusLife.Seconds()))
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
}
