package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/program"
	programview "hocso/views/program"
)

func (s *site) programRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/me/programs", signedIn, s.myPrograms},
		{fiber.MethodGet, "/me/external", owners, s.externalForm},
		{fiber.MethodPost, "/me/external", owners, s.sendExternal},
		{fiber.MethodPost, "/me/external/:external<guid>/withdraw", owners, s.withdrawExternal},
		{fiber.MethodGet, "/me/external/files/:file<guid>", owners, s.externalFile},
		{fiber.MethodGet, "/external", approvers, s.waitingExternals},
		{fiber.MethodPost, "/external/:external<guid>", approvers, s.decideExternal},
		{fiber.MethodGet, "/programs/files/:file<guid>", signedIn, s.decisionFile},
	}
}

// myPrograms shows what the viewer has to do, by when, and has done.
func (s *site) myPrograms(c *fiber.Ctx) error {
	ctx, viewer := c.UserContext(), viewerOf(c)
	record, err := s.Programs.Mine(ctx, viewer.PersonID)
	if err != nil {
		return err
	}
	externals, err := s.Programs.ExternalsOf(ctx, viewer.PersonID)
	if err != nil {
		return err
	}
	titles, slugs, err := s.courseNames(c)
	if err != nil {
		return err
	}
	return page(c, programview.Mine(programview.MineData{Record: record, Externals: externals, Titles: titles, Slugs: slugs, Today: clock.Day(s.Now())}))
}

// courseNames reads from memory what courses are called, and their slugs.
func (s *site) courseNames(c *fiber.Ctx) (programview.Titles, map[uuid.UUID]string, error) {
	shelf, err := s.Library.Shelf(c.UserContext())
	titles, slugs := programview.Titles{}, map[uuid.UUID]string{}
	for _, version := range shelf {
		titles[version.CourseID], slugs[version.CourseID] = version.Title, version.Slug
	}
	return titles, slugs, err
}

// decisionFile gives the decision that a programme rests on.
func (s *site) decisionFile(c *fiber.Ctx) error {
	id, err := paramID(c, "file")
	if err != nil {
		return err
	}
	file, err := s.Programs.DecisionFile(c.UserContext(), viewerOf(c).Scope(program.Makers...), id)
	if err != nil {
		return err
	}
	return s.hand(c, file)
}

// hand gives a file that somebody sent in: to save, never to run here.
func (s *site) hand(c *fiber.Ctx, file *program.File) error {
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Attachment(file.Name)
	c.Set(fiber.HeaderContentType, file.Mime)
	return c.Send(file.Bytes)
}

// paramID reads an id from the path; one that is none names nothing.
func paramID(c *fiber.Ctx, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Params(name))
	if err != nil {
		return id, fault.New(fault.NotFound, name+" id")
	}
	return id, nil
}
