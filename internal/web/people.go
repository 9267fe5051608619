package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/views/people"
)

// countMost is up to where a list says how many people there are.
const countMost = 10_000

func (s *site) peopleRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/people", helpers, s.people},
		// A name in an address would stay in histories and logs: searching posts.
		{fiber.MethodPost, "/people/find", helpers, s.people},
	}
}

// people lists those who live or work where the viewer looks after people.
func (s *site) people(c *fiber.Ctx) error {
	scope := viewerOf(c).Scope(identity.Helpers...)
	choices, err := org.NewStore(s.DB).Choices(c.UserContext(), scope)
	if err != nil {
		return err
	}
	data := people.ListData{
		Typed: c.FormValue("typed"), Unit: c.FormValue("unit"), Role: identity.Role(c.FormValue("role")),
		Suspended: c.FormValue("suspended") != "", Choices: choices, MayImport: viewerOf(c).Has(identity.Managers...),
	}
	filter := identity.Filter{Typed: data.Typed, Role: data.Role, Suspended: data.Suspended, After: c.FormValue("after")}
	if data.Unit != "" {
		unit, err := org.NewStore(s.DB).Current(c.UserContext(), scope, data.Unit)
		if err != nil {
			return err
		}
		filter.Unit = unit.ID
	}
	store := identity.NewStore(s.DB)
	if data.People, data.Next, err = store.People(c.UserContext(), scope, filter); err != nil {
		return err
	}
	if data.Count, err = store.Count(c.UserContext(), scope, filter, countMost); err != nil {
		return err
	}
	data.CountMost, data.First = countMost, filter.After == ""
	return page(c, people.List(data))
}

// personIn finds the person of a route in a scope; anybody else's id is not
// found, and a record that was merged is a conflict: what is done to a person
// is done to the record that counts.
func (s *site) personIn(c *fiber.Ctx, scope org.Scope) (*identity.Listed, error) {
	return notMerged(s.recordIn(c, scope))
}

// recordIn is personIn for a record that may have been merged.
func (s *site) recordIn(c *fiber.Ctx, scope org.Scope) (*identity.Listed, error) {
	id, err := uuid.Parse(c.Params("person"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "person id")
	}
	return identity.NewStore(s.DB).PersonIn(c.UserContext(), scope, id)
}

func notMerged(person *identity.Listed, err error) (*identity.Listed, error) {
	if err == nil && person.MergedInto != nil {
		return nil, fault.New(fault.Conflict, "the record was merged")
	}
	return person, err
}

// managed finds the person of a route whom the viewer may manage.
func (s *site) managed(c *fiber.Ctx) (*identity.Listed, error) {
	id, err := uuid.Parse(c.Params("person"))
	if err != nil {
		return nil, fault.New(fault.NotFound, "person id")
	}
	return s.managedPerson(c, id)
}

func (s *site) managedPerson(c *fiber.Ctx, id uuid.UUID) (*identity.Listed, error) {
	return notMerged(s.managedRecord(c, id))
}

// managedRecord is managedPerson for a record that may have been merged.
func (s *site) managedRecord(c *fiber.Ctx, id uuid.UUID) (*identity.Listed, error) {
	person, err := identity.NewStore(s.DB).PersonIn(c.UserContext(), viewerOf(c).Scope(identity.Managers...), id)
	if err != nil {
		return nil, err
	}
	may, err := s.Identity.MayManage(c.UserContext(), viewerOf(c), person.ID)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, fault.New(fault.Forbidden, "manage person")
	}
	return person, nil
}

func personPath(id uuid.UUID) string { return "/people/" + id.String() }
