package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
	programview "hocso/views/program"
)

// previewProgram shows whom a draft would bring and let go, and why.
func (s *site) previewProgram(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	preview, err := s.Programs.Preview(c.UserContext(), p)
	if err != nil {
		return err
	}
	return s.showPreview(c, programview.PreviewData{Program: p, Preview: preview, Group: program.Group(c.Query("group")), From: max(0, c.QueryInt("from"))})
}

func (s *site) showPreview(c *fiber.Ctx, data programview.PreviewData) (err error) {
	if data.Preview.Count(data.Group) == 0 { // the first that has anybody
		if i := slices.IndexFunc(program.Groups, func(g program.Group) bool { return data.Preview.Count(g) > 0 }); i >= 0 {
			data.Group, data.From = program.Groups[i], 0
		}
	}
	ctx := c.UserContext()
	if data.Candidates, err = s.Programs.Candidates(ctx, data.Program, data.Preview, data.Group, data.From, programview.PreviewRows); err != nil {
		return err
	}
	if data.Titles, err = s.Programs.Titles(ctx); err != nil {
		return err
	}
	units := unitsOf(data.Program.Latest())
	for _, candidate := range data.Candidates {
		for _, why := range candidate.Why {
			units = append(units, why.Unit)
		}
	}
	if data.Units, err = s.placeNames(c, units); err != nil {
		return err
	}
	return page(c, programview.Preview(data))
}

// unitsOf lists the units that a definition speaks of.
func unitsOf(d *program.Definition) []uuid.UUID {
	return slices.Concat(d.Audience.Units, d.Audience.Except)
}

// placeNames names units, also of the past.
func (s *site) placeNames(c *fiber.Ctx, ids []uuid.UUID) (programview.Titles, error) {
	units, err := org.NewStore(s.DB).Named(c.UserContext(), ids)
	names := programview.Titles{}
	for _, unit := range units {
		names[unit.ID] = unit.Name
	}
	return names, err
}

// publishProgram makes a draft hold. What is odd about it has to be confirmed
// with the number of people.
func (s *site) publishProgram(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	confirmed, err := strconv.Atoi(strings.TrimSpace(strings.ReplaceAll(c.FormValue("confirm"), ".", "")))
	if err != nil {
		confirmed = -1
	}
	preview, err := s.Programs.Publish(c.UserContext(), viewerOf(c).Scope(program.Makers...), s.by(c), p.ID, revision(c), confirmed)
	if err == nil {
		return s.leadTo(c, programsPath, "program.published")
	}
	if _, odd := fault.FieldsOf(err)["confirm"]; odd {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showPreview(c, programview.PreviewData{Program: p, Preview: preview, Wrong: c.FormValue("confirm") != ""})
	}
	return s.refused(c, p, err)
}

// refused shows the form of a programme again with what keeps it from being
// published or closed.
func (s *site) refused(c *fiber.Ctx, p *program.Program, err error) error {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	form := programview.FormOf(p.Latest())
	form.Program, form.Errors, form.Conflict = p, fault.FieldsOf(err), fault.Is(err, fault.Conflict)
	var names program.Names
	if errors.As(err, &names) {
		form.Names = string(names)
	}
	c.Status(statuses[fault.KindOf(err)])
	return s.showProgramForm(c, form)
}

// programHistory shows what a programme said, from the latest back.
func (s *site) programHistory(c *fiber.Ctx) error {
	p, err := s.programIn(c)
	if err != nil {
		return err
	}
	data := programview.HistoryData{Program: p}
	if data.Revisions, err = s.Programs.History(c.UserContext(), p.ID); err != nil {
		return err
	}
	if data.Titles, err = s.Programs.Titles(c.UserContext()); err != nil {
		return err
	}
	var units []uuid.UUID
	for _, revision := range data.Revisions {
		units = append(units, unitsOf(revision.Definition)...)
	}
	if data.Units, err = s.placeNames(c, units); err != nil {
		return err
	}
	return page(c, programview.History(data))
}
