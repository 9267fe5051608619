package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
	programview "hocso/views/program"
)

const programsPath = "/programs"

func (s *site) programEditRoutes() []Route {
	return []Route{
		{fiber.MethodGet, programsPath, makers, s.programs},
		{fiber.MethodGet, programsPath + "/new", makers, s.newProgram},
		{fiber.MethodPost, programsPath, makers, s.createProgram},
		{fiber.MethodGet, programsPath + "/:program<guid>", makers, s.program},
		{fiber.MethodPost, programsPath + "/:program<guid>", makers, s.saveProgram},
		{fiber.MethodGet, programsPath + "/:program<guid>/preview", makers, s.previewProgram},
		{fiber.MethodPost, programsPath + "/:program<guid>/publish", makers, s.publishProgram},
		{fiber.MethodPost, programsPath + "/:program<guid>/discard", makers, s.discardProgram},
		{fiber.MethodPost, programsPath + "/:program<guid>/close", makers, s.closeProgram},
		{fiber.MethodGet, programsPath + "/:program<guid>/history", makers, s.programHistory},
	}
}

// programs lists the programmes of the viewer's units.
func (s *site) programs(c *fiber.Ctx) error {
	all, err := s.Programs.List(c.UserContext(), viewerOf(c).Scope(program.Makers...))
	if err != nil {
		return err
	}
	return page(c, programview.List(programview.ListData{Programs: all}))
}

func (s *site) newProgram(c *fiber.Ctx) error {
	form := programview.FormOf(program.New())
	for _, grant := range viewerOf(c).Grants {
		if slices.Contains(program.Makers, grant.Role) {
			form.Owner = grant.UnitCode
			break
		}
	}
	return s.showProgramForm(c, form)
}

// createProgram makes a draft, or says beside each field what is wrong with it.
func (s *site) createProgram(c *fiber.Ctx) error {
	form, d, err := s.readProgram(c)
	var owner *org.Unit
	if err == nil {
		owner, err = org.NewStore(s.DB).Current(c.UserContext(), viewerOf(c).Scope(program.Makers...), form.Owner)
		if fault.Is(err, fault.NotFound) {
			err = fault.InvalidField("owner", "person.unit_missing")
		}
	}
	var made *program.Program
	if err == nil {
		made, err = s.Programs.Create(c.UserContext(), viewerOf(c).Scope(program.Makers...), s.by(c), owner.ID, d)
	}
	return s.programDone(c, form, made, err)
}

// program shows the form of a programme.
func (s *site) program(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	form := programview.FormOf(p.Latest())
	form.Program = p
	return s.showProgramForm(c, form)
}

// saveProgram keeps a draft. Whoever was slower than somebody else keeps what
// they typed, and is told.
func (s *site) saveProgram(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	form, d, err := s.readProgram(c)
	form.Program = p
	var saved *program.Program
	if err == nil {
		saved, err = s.Programs.Save(c.UserContext(), viewerOf(c).Scope(program.Makers...), s.by(c), p.ID, revision(c), d)
	}
	if fault.Is(err, fault.Conflict) {
		c.Status(fiber.StatusConflict)
		form.Conflict = true
		return s.showProgramForm(c, form)
	}
	return s.programDone(c, form, saved, err)
}

// programDone leads on after a form was saved, or shows it again with what is
// wrong.
func (s *site) programDone(c *fiber.Ctx, form programview.FormData, saved *program.Program, err error) error {
	if fault.Is(err, fault.Invalid) {
		c.Status(fiber.StatusUnprocessableEntity)
		form.Errors = fault.FieldsOf(err)
		return s.showProgramForm(c, form)
	}
	if err != nil {
		return err
	}
	path := programsPath + "/" + saved.ID.String()
	if c.FormValue("then") == "preview" {
		return c.Redirect(path+"/preview", fiber.StatusSeeOther)
	}
	return s.leadTo(c, path, "notice.saved")
}

// showProgramForm fills in what a form can choose from.
func (s *site) showProgramForm(c *fiber.Ctx, form programview.FormData) error {
	ctx, scope := c.UserContext(), viewerOf(c).Scope(program.Makers...)
	shelf, err := s.Library.Shelf(ctx)
	if err != nil {
		return err
	}
	seats, err := org.NewStore(s.DB).Seats(ctx, scope)
	if err != nil {
		return err
	}
	places := seats
	if len(seats) < 2 { // the head of one commune chooses among its hamlets
		if places, err = org.NewStore(s.DB).Choices(ctx, scope); err != nil {
			return err
		}
	}
	all, err := s.Programs.List(ctx, scope)
	if err != nil {
		return err
	}
	form.Owners, form.Today = seats, clock.Day(s.Now())
	form.Offer(shelf, places, all)
	return page(c, programview.Form(form))
}

// readProgram reads the form, and the definition that it describes.
func (s *site) readProgram(c *fiber.Ctx) (programview.FormData, *program.Definition, error) {
	form := programview.ReadForm(func(name string) []string { return formValues(c, name) })
	d, err := form.Definition()
	if err != nil {
		return form, nil, err
	}
	file, err := sentFile(c, "file")
	if err != nil {
		return form, nil, err
	}
	if file != nil {
		if err := s.Programs.AddFile(c.UserContext(), file, viewerOf(c).PersonID); err != nil {
			return form, nil, err
		}
		d.Decision.FileID, form.FileID = &file.ID, file.ID.String()
	}
	return form, d, nil
}

// formValues reads every value of a field, from a plain form or one with a file.
func formValues(c *fiber.Ctx, name string) []string {
	if form, err := c.MultipartForm(); err == nil {
		return form.Value[name]
	}
	var values []string
	for _, raw := range c.Context().PostArgs().PeekMulti(name) {
		values = append(values, string(raw))
	}
	return values
}

func revision(c *fiber.Ctx) int {
	n, err := strconv.Atoi(c.FormValue("revision"))
	if err != nil {
		return -1 // no revision: a conflict
	}
	return n
}

func (s *site) programIn(c *fiber.Ctx) (*program.Program, error) {
	id, err := paramID(c, "program")
	if err != nil {
		return nil, err
	}
	return s.Programs.Find(c.UserContext(), viewerOf(c).Scope(program.Makers...), id)
}

func (s *site) discardProgram(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	if err := s.Programs.Discard(c.UserContext(), viewerOf(c).Scope(program.Makers...), s.by(c), p.ID, revision(c)); err != nil {
		return err
	}
	return s.leadTo(c, programsPath, "program.discarded")
}

func (s *site) closeProgram(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	err = s.Programs.Close(c.UserContext(), viewerOf(c).Scope(program.Makers...), s.by(c), p.ID, revision(c))
	if fault.Is(err, fault.Invalid) {
		return s.refused(c, p, err)
	}
	if err != nil {
		return err
	}
	return s.leadTo(c, programsPath, "program.closed")
}

// makers make programmes for the subtrees of their roles; approvers decide on
// single people there.
var (
	makers    = Who{Roles: program.Makers}
	approvers = Who{Roles: program.Approvers}
)
