package web

import (
	"bytes"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/roster"
	rosterview "hocso/views/roster"
	"hocso/views/text"
)

func (s *site) rosterRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/imports", managers, s.imports},
		{fiber.MethodPost, importsPath, managers, s.beginImport},
		{fiber.MethodGet, "/imports/:import<guid>", managers, s.rosterImport},
		{fiber.MethodPost, "/imports/:import<guid>/rows/:row<int>", managers, s.mendRow},
		{fiber.MethodPost, "/imports/:import<guid>/commit", managers, s.commitImport},
		{fiber.MethodPost, "/imports/:import<guid>/cancel", managers, s.cancelImport},
		{fiber.MethodGet, "/imports/:import<guid>/file", managers, s.markedFile},
		{fiber.MethodGet, "/people/export", managers, s.exportPeople},
	}
}

const (
	importsPath = "/imports"
)

// imports shows the form for a new list, and the lists of before.
func (s *site) imports(c *fiber.Ctx) error {
	return s.showImports(c, rosterview.ListData{Kind: roster.Residents, Mode: roster.Add})
}

func (s *site) showImports(c *fiber.Ctx, data rosterview.ListData) error {
	scope := viewerOf(c).Scope(identity.Managers...)
	var err error
	if data.Imports, err = roster.NewStore(s.DB).Imports(c.UserContext(), scope); err != nil {
		return err
	}
	if data.Choices, err = org.NewStore(s.DB).Choices(c.UserContext(), scope); err != nil {
		return err
	}
	data.Demo = s.Config.Demo
	return page(c, rosterview.List(data))
}

// beginImport takes a file in and leads to where it can be looked at.
func (s *site) beginImport(c *fiber.Ctx) error {
	data := rosterview.ListData{Unit: c.FormValue("unit"), Kind: roster.Kind(c.FormValue("kind")), Mode: roster.Mode(c.FormValue("mode"))}
	i, err := s.upload(c, data)
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		data.Errors = fault.FieldsOf(err)
		return s.showImports(c, data)
	}
	if err != nil {
		return err
	}
	return c.Redirect(importPath(i), fiber.StatusSeeOther)
}

func (s *site) upload(c *fiber.Ctx, data rosterview.ListData) (*roster.Import, error) {
	viewer := viewerOf(c)
	unit, err := org.NewStore(s.DB).Current(c.UserContext(), viewer.Scope(identity.Managers...), data.Unit)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.InvalidField("unit", "person.unit_missing")
	}
	if err != nil {
		return nil, err
	}
	header, err := c.FormFile("file")
	if err != nil {
		return nil, fault.InvalidField("file", string(roster.ErrEmpty))
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, roster.MaxFile+1))
	if err != nil {
		return nil, err
	}
	upload := roster.Upload{Unit: unit, Kind: data.Kind, Mode: data.Mode, Name: header.Filename, Raw: raw, Manages: viewer.Grantable()}
	return s.Roster.Begin(c.UserContext(), s.by(c), upload)
}

// rosterImport shows how far an import is, and then what would become of each row.
func (s *site) rosterImport(c *fiber.Ctx) error { return s.showImport(c, rosterview.Data{}) }

func (s *site) showImport(c *fiber.Ctx, data rosterview.Data) error {
	i, err := s.importIn(c)
	if err != nil {
		return err
	}
	data.Import, data.Outcome = i, roster.Outcome(c.Query("outcome"))
	if i.Working() {
		c.Set("Refresh", "2")
		return page(c, rosterview.Page(data))
	}
	if i.State == roster.Ready {
		if !c.Context().QueryArgs().Has("outcome") && i.Counts.Problem > 0 {
			data.Outcome = roster.Wrong
		}
		if data.Rows, data.More, err = roster.NewStore(s.DB).Rows(c.UserContext(), i, data.Outcome, c.QueryInt("after", -1<<31+1)); err != nil {
			return err
		}
	}
	return page(c, rosterview.Page(data))
}

// importIn finds the import of a route in the viewer's units.
func (s *site) importIn(c *fiber.Ctx) (*roster.Import, error) {
	id, err := uuid.Parse(c.Params("import"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "import id")
	}
	return roster.NewStore(s.DB).Import(c.UserContext(), viewerOf(c).Scope(identity.Managers...), id)
}

// mendRow changes one cell; the row is checked again.
func (s *site) mendRow(c *fiber.Ctx) error {
	i, err := s.importIn(c)
	if err != nil {
		return err
	}
	row, err := strconv.Atoi(c.Params("row"))
	if err != nil {
		return fault.New(fault.NotFound, "row")
	}
	err = s.Roster.Mend(c.UserContext(), i, row, roster.Field(c.FormValue("field")), c.FormValue("cell"))
	return s.importDone(c, i, err)
}

// commitImport has the list taken over as a whole.
func (s *site) commitImport(c *fiber.Ctx) error {
	i, err := s.importIn(c)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.FormValue("number"))
	if err != nil {
		number = -1
	}
	return s.importDone(c, i, s.Roster.Commit(c.UserContext(), s.by(c), i, number))
}

func (s *site) cancelImport(c *fiber.Ctx) error {
	i, err := s.importIn(c)
	if err != nil {
		return err
	}
	return s.importDone(c, i, s.Roster.Cancel(c.UserContext(), i))
}

// importDone leads back to an import, or shows it with what is wrong. What
// another tab was faster with is simply shown.
func (s *site) importDone(c *fiber.Ctx, i *roster.Import, err error) error {
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showImport(c, rosterview.Data{Errors: fault.FieldsOf(err)})
	}
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return c.Redirect(importPath(i), fiber.StatusSeeOther)
}

// markedFile gives the list as a workbook with its errors marked.
func (s *site) markedFile(c *fiber.Ctx) error {
	i, err := s.importIn(c)
	if err != nil {
		return err
	}
	if i.State != roster.Ready {
		return fault.New(fault.NotFound, "rows of an import that is "+string(i.State))
	}
	ctx := c.UserContext()
	var book bytes.Buffer
	err = roster.NewStore(s.DB).WriteMarked(ctx, i, text.T(ctx, "roster.error_column"), func(p roster.Problem) string { return rosterview.Words(ctx, p) }, &book)
	if err != nil {
		return err
	}
	return s.attach(c, "danh-sach-co-loi.xlsx", book.Bytes())
}

// exportPeople gives the people of the viewer's units in the columns that an
// import reads again.
func (s *site) exportPeople(c *fiber.Ctx) error {
	scope := viewerOf(c).Scope(identity.Managers...)
	store, file := roster.NewStore(s.DB), new(bytes.Buffer)
	write, name := store.WriteXLSX, "hoc-so.xlsx"
	if c.Query("format") == "csv" {
		write, name = store.WriteCSV, "hoc-so.csv"
	}
	count, err := write(c.UserContext(), scope, file)
	if err != nil {
		return err
	}
	entry := &audit.Entry{Action: audit.PeopleExport, UnitID: &scope.Units[0], Changes: []audit.Change{{Field: "people", After: strconv.Itoa(count)}}}
	if err := audit.NewStore(s.DB).Add(c.UserContext(), s.by(c), s.Now(), entry); err != nil {
		return err
	}
	return s.attach(c, name, file.Bytes())
}

// attach answers with a file to save.
func (s *site) attach(c *fiber.Ctx, name string, raw []byte) error {
	c.Attachment(name)
	return c.Send(raw)
}

func importPath(i *roster.Import) string { return "/imports/" + i.ID.String() }
