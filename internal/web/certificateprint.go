package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	certificateview "hocso/views/certificate"
)

func (s *site) certificatePrintRoutes() []Route {
	return []Route{
		{fiber.MethodGet, recordsPath, keepers, s.recordList},
		{fiber.MethodGet, recordsPath + "/list", keepers, s.recordPaper},
		{fiber.MethodPost, recordsPath + "/prints", keepers, s.printRecords},
		{fiber.MethodGet, recordsPath + "/prints/:print<guid>", keepers, s.recordPrint},
		{fiber.MethodGet, recordsPath + "/prints/:print<guid>/file", keepers, s.recordPrintFile},
	}
}

// recordList shows the records of a unit, to choose from and print.
func (s *site) recordList(c *fiber.Ctx) error { return s.showRecordList(c, "") }

func (s *site) showRecordList(c *fiber.Ctx, problem string) error {
	data, _, err := s.readRecordList(c)
	if err != nil {
		return err
	}
	data.Error, data.ID = problem, newID()
	data.Template = viewerOf(c).Has(certificate.Designers...)
	if data.Choices, err = org.NewStore(s.DB).Choices(c.UserContext(), viewerOf(c).Scope(certificate.Keepers...)); err != nil {
		return err
	}
	return page(c, certificateview.List(data))
}

// recordPaper is the same as a list on paper.
func (s *site) recordPaper(c *fiber.Ctx) error {
	data, _, err := s.readRecordList(c)
	if err != nil {
		return err
	}
	if data.Unit == nil {
		return c.Redirect(recordsPath, fiber.StatusSeeOther)
	}
	return page(c, certificateview.Paper(data))
}

// readRecordList reads which records the address asks for, and those.
func (s *site) readRecordList(c *fiber.Ctx) (data certificateview.ListData, q certificate.Query, err error) {
	ctx, scope := c.UserContext(), viewerOf(c).Scope(certificate.Keepers...)
	data = certificateview.ListData{From: c.Query("from"), To: c.Query("to"), Printed: s.Now(), Today: clock.Day(s.Now()), Query: string(c.Request().URI().QueryString())}
	q = certificate.Query{From: askedDay(data.From), To: askedDay(data.To), Limit: certificate.PrintMost + 1}
	if data.Fors, err = s.recordSources(c, &q); err != nil {
		return data, q, err
	}
	if c.Query("unit") == "" {
		return data, q, nil
	}
	if data.Unit, err = org.NewStore(s.DB).Current(ctx, scope, c.Query("unit")); err != nil {
		return data, q, err
	}
	q.Unit = data.Unit.ID
	data.Records, err = s.Records.List(ctx, scope, q)
	if len(data.Records) > certificate.PrintMost {
		data.Records, data.More = data.Records[:certificate.PrintMost], true
	}
	return data, q, err
}

// recordSources lists what records can be for, and notes in the query which of
// it the address asks for.
func (s *site) recordSources(c *fiber.Ctx, q *certificate.Query) ([]certificateview.Choice, error) {
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return nil, err
	}
	titles, err := s.Programs.Titles(c.UserContext())
	if err != nil {
		return nil, err
	}
	var programs, courses []certificateview.Choice
	asked := c.Query("for")
	for _, version := range shelf {
		delete(titles, version.CourseID)
		choice := certificateview.Choice{Value: "c" + version.CourseID.String(), Title: version.Title}
		if choice.Chosen = choice.Value == asked; choice.Chosen {
			q.Course = &version.CourseID
		}
		courses = append(courses, choice)
	}
	for id, title := range titles {
		choice := certificateview.Choice{Value: "p" + id.String(), Title: title}
		if choice.Chosen = choice.Value == asked; choice.Chosen {
			q.Program = &id
		}
		programs = append(programs, choice)
	}
	slices.SortFunc(programs, func(a, b certificateview.Choice) int {
		return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.Value, b.Value))
	})
	return append(programs, courses...), nil
}

// askedDay reads a day of a form, nil for none.
func askedDay(typed string) *time.Time {
	day, err := time.Parse(time.DateOnly, typed)
	if err != nil {
		return nil
	}
	return &day
}

// printRecords orders a file of those that were chosen.
func (s *site) printRecords(c *fiber.Ctx) error {
	data, q, err := s.readRecordList(c)
	if err != nil {
		return err
	}
	if data.Unit == nil {
		return fault.New(fault.NotFound, "unit of records")
	}
	q.IDs = []uuid.UUID{}
	for _, value := range c.Request().PostArgs().PeekMulti("record") {
		if id, err := uuid.ParseBytes(value); err == nil {
			q.IDs = append(q.IDs, id)
		}
	}
	id, err := uuid.Parse(c.FormValue("id"))
	if err != nil {
		id = newID()
	}
	err = s.Records.BeginPrint(c.UserContext(), viewerOf(c).Scope(certificate.Keepers...), s.by(c), id, q, s.address(c))
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showRecordList(c, fault.FieldsOf(err)["record"])
	}
	if err != nil {
		return err
	}
	return c.Redirect(recordsPath+"/prints/"+id.String(), fiber.StatusSeeOther)
}

// recordPrint shows how far a file of the viewer's is.
func (s *site) recordPrint(c *fiber.Ctx) error {
	id, err := paramID(c, "print")
	if err != nil {
		return err
	}
	print, err := s.Records.Print(c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	return page(c, certificateview.Print(certificateview.PrintData{Print: print}))
}

func (s *site) recordPrintFile(c *fiber.Ctx) error {
	id, err := paramID(c, "print")
	if err != nil {
		return err
	}
	file, err := s.Records.PrintFile(c.UserContext(), viewerOf(c).PersonID, id)
	if err != nil {
		return err
	}
	return s.attach(c, "giay-ghi-nhan-"+clock.Day(s.Now()).Format(time.DateOnly)+".pdf", file)
}
