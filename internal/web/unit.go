package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/org"
	unitview "hocso/views/unit"
)

func (s *site) unitRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/units", helpers, s.units},
		{fiber.MethodGet, "/units/:unit", helpers, s.unit},
	}
}

// units finds units by today's or a former name or code; of those that the
// viewer looks after it leads to the page.
func (s *site) units(c *fiber.Ctx) error {
	data := unitview.SearchData{Typed: c.Query("q")}
	scope := viewerOf(c).Scope(identity.Helpers...)
	store := org.NewStore(s.DB)
	var err error
	if data.Own, err = store.Named(c.UserContext(), scope.Units); err != nil {
		return err
	}
	if data.Found, err = store.Search(c.UserContext(), data.Typed); err != nil {
		return err
	}
	if data.Inside, err = store.Inside(c.UserContext(), scope, data.Found); err != nil {
		return err
	}
	return page(c, unitview.Search(data))
}

// unit shows a unit: who heads it, what lies below it, how many people live there.
func (s *site) unit(c *fiber.Ctx) error {
	ctx, scope := c.UserContext(), viewerOf(c).Scope(identity.Helpers...)
	units, people := org.NewStore(s.DB), identity.NewStore(s.DB)
	unit, err := units.Current(ctx, scope, c.Params("unit"))
	if err != nil {
		return err
	}
	data := unitview.Data{Unit: unit, MayReadFigures: viewerOf(c).Has(pilotReaders.Roles...), CountMost: countMost}
	if data.Path, err = units.Path(ctx, scope, unit.ID); err != nil {
		return err
	}
	if data.Below, err = units.Below(ctx, unit.ID); err != nil {
		return err
	}
	if data.Before, err = units.Predecessors(ctx, unit.ID); err != nil {
		return err
	}
	if data.Officers, err = people.Officers(ctx, unit.ID); err != nil {
		return err
	}
	if data.People, err = people.Count(ctx, scope, identity.Filter{Unit: unit.ID}, countMost); err != nil {
		return err
	}
	return page(c, unitview.Page(data))
}
