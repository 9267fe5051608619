package web

import (
	"io"
	"math"
	"mime/multipart"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/platform/fault"
	"hocso/internal/program"
	programview "hocso/views/program"
)

const externalPath = "/me/external"

func (s *site) externalForm(c *fiber.Ctx) error {
	return s.showExternal(c, programview.ExternalData{ID: newID().String()})
}

func (s *site) showExternal(c *fiber.Ctx, data programview.ExternalData) error {
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	for _, version := range shelf {
		id := version.CourseID.String()
		data.Courses = append(data.Courses, programview.Choice{ID: id, Title: version.Title, Chosen: id == data.Course})
	}
	return page(c, programview.External(data))
}

// sendExternal hands in a certificate of another platform, or says beside each
// field what is wrong with it. A file has to be chosen again then: browsers
// don't keep it.
func (s *site) sendExternal(c *fiber.Ctx) error {
	data := programview.ExternalData{
		ID: c.FormValue("id"), Title: c.FormValue("title"), Issuer: c.FormValue("issuer"), Number: c.FormValue("number"),
		Day: c.FormValue("issued_on"), Periods: c.FormValue("tiet"), Link: c.FormValue("link"), Course: c.FormValue("course"),
	}
	err := s.submitExternal(c, data)
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		data.Errors = fault.FieldsOf(err)
		return s.showExternal(c, data)
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/me/programs", "program.external_sent")
}

func (s *site) submitExternal(c *fiber.Ctx, data programview.ExternalData) error {
	id, err := uuid.Parse(data.ID)
	if err != nil {
		id = newID()
	}
	external := &program.External{
		ID: id, PersonID: viewerOf(c).PersonID, Title: data.Title, Issuer: data.Issuer, Number: data.Number, Link: data.Link,
	}
	if external.CourseID, err = s.courseID(c, data.Course); err != nil {
		return err
	}
	if external.IssuedOn, err = time.Parse(time.DateOnly, data.Day); err != nil {
		return fault.InvalidField("issued_on", "program.day_missing")
	}
	if external.Minutes, err = readPeriods(data.Periods); err != nil {
		return err
	}
	file, err := sentFile(c, "file")
	if err != nil {
		return err
	}
	return s.Programs.Submit(c.UserContext(), external, file)
}

// courseID reads the course of a form, nil for none.
func (s *site) courseID(c *fiber.Ctx, typed string) (*uuid.UUID, error) {
	if typed == "" {
		return nil, nil
	}
	titles, _, err := s.courseNames(c)
	if err != nil {
		return nil, err
	}
	id, err := uuid.Parse(typed)
	if _, known := titles[id]; err != nil || !known {
		return nil, fault.InvalidField("course", "program.course_unknown")
	}
	return &id, nil
}

// readPeriods reads lesson periods, "1,5" or "1.5", as minutes.
func readPeriods(typed string) (int, error) {
	typed = strings.ReplaceAll(strings.TrimSpace(typed), ",", ".")
	if typed == "" {
		return 0, nil
	}
	periods, err := strconv.ParseFloat(typed, 64)
	if err != nil || math.IsNaN(periods) || periods < 0 || periods > 400 {
		return 0, fault.InvalidField("tiet", "program.tiet_wrong")
	}
	return int(math.Round(periods * program.MinutesPerTiet)), nil
}

// sentFile reads the file of a form, nil when none was chosen.
func sentFile(c *fiber.Ctx, field string) (*program.File, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Filename == "" && header.Size == 0 {
		return nil, nil
	}
	raw, err := readSent(header)
	if err != nil {
		return nil, err
	}
	return program.NewFile(field, header.Filename, raw)
}

func readSent(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, program.MaxFile+1))
}

func (s *site) withdrawExternal(c *fiber.Ctx) error {
	id, err := paramID(c, "external")
	if err != nil {
		return err
	}
	if err := s.Programs.WithdrawExternal(c.UserContext(), viewerOf(c).PersonID, id); err != nil {
		return err
	}
	return s.leadTo(c, "/me/programs", "program.external_taken_back")
}

// externalFile gives the proof of a certificate to its owner and to those who
// decide on it.
func (s *site) externalFile(c *fiber.Ctx) error {
	id, err := paramID(c, "file")
	if err != nil {
		return err
	}
	viewer := viewerOf(c)
	file, err := s.Programs.ProofFile(c.UserContext(), viewer.PersonID, viewer.Scope(program.Approvers...), id)
	if err != nil {
		return err
	}
	return s.hand(c, file)
}

// waitingExternals lists what waits to be decided by the viewer.
func (s *site) waitingExternals(c *fiber.Ctx) error {
	return s.showWaiting(c, programview.WaitingData{})
}

func (s *site) showWaiting(c *fiber.Ctx, data programview.WaitingData) (err error) {
	viewer := viewerOf(c)
	data.Viewer = viewer.PersonID
	if data.Externals, err = s.Programs.ExternalsWaiting(c.UserContext(), viewer.Scope(program.Approvers...)); err != nil {
		return err
	}
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	for _, version := range shelf {
		data.Courses = append(data.Courses, programview.Choice{ID: version.CourseID.String(), Title: version.Title})
	}
	return page(c, programview.Waiting(data))
}

// decideExternal accepts or refuses a certificate.
func (s *site) decideExternal(c *fiber.Ctx) error {
	id, err := paramID(c, "external")
	if err != nil {
		return err
	}
	answer := c.FormValue("answer")
	accept := c.FormValue("decision") == "accept"
	minutes, err := readPeriods(c.FormValue("tiet"))
	var course *uuid.UUID
	if err == nil {
		course, err = s.courseID(c, c.FormValue("course"))
	}
	if err == nil {
		err = s.Programs.Decide(c.UserContext(), viewerOf(c).Scope(program.Approvers...), s.by(c), id, accept, course, minutes, answer)
	}
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showWaiting(c, programview.WaitingData{Failed: id, Answer: answer, Errors: fault.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, "/external", "program.external_decided")
}
