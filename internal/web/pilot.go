package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/org"
	"hocso/internal/pilot"
	pilotview "hocso/views/pilot"
)

func (s *site) pilotRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/pilot", pilotReaders, s.ownPilot},
		{fiber.MethodGet, "/pilot/:unit", pilotReaders, s.dashboard},
	}
}

// ownPilot leads to the first unit whose figures the viewer may see.
func (s *site) ownPilot(c *fiber.Ctx) error {
	for _, grant := range viewerOf(c).Grants {
		if slices.Contains(pilotReaders.Roles, grant.Role) {
			return c.Redirect("/pilot/"+grant.UnitCode, fiber.StatusSeeOther)
		}
	}
	return s.nowhere(c) // the guard lets nobody else through
}

// periods are the lengths of the trend that a reader may choose, in days.
var periods = []int{90, 30}

// dashboard shows the figures of one unit in the viewer's scope.
func (s *site) dashboard(c *fiber.Ctx) error {
	scope := viewerOf(c).Scope(pilotReaders.Roles...)
	view := pilot.View{Code: c.Params("unit"), Course: c.Query("course"), Days: periods[0]}
	if days := c.QueryInt("days"); slices.Contains(periods, days) {
		view.Days = days
	}
	figures, err := s.Pilot.Dashboard(c.UserContext(), scope, view)
	if err != nil {
		return err
	}
	units := org.NewStore(s.DB)
	path, err := units.Path(c.UserContext(), scope, figures.Unit.UnitID)
	if err != nil {
		return err
	}
	before, err := units.Predecessors(c.UserContext(), figures.Unit.UnitID)
	if err != nil {
		return err
	}
	order := pilot.OrderOf(c.Query("sort"), c.Query("dir"))
	order.Sort(figures.Units)
	return page(c, pilotview.Page(pilotview.Data{Figures: figures, Path: path, Before: before, View: view, Order: order, Periods: periods}))
}
