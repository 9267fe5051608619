package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/identity"
	"hocso/internal/platform/fault"
)

// Route is one address of the site with who may use it. Which units they may
// see there is the scope that the handler passes to its query.
type Route struct {
	Method string
	Path   string // Fiber's pattern
	Who    Who
	handle fiber.Handler
}

// Who says who may use a route.
type Who struct {
	Anyone bool            // also people who are not signed in
	Guests bool            // also guests, who learn before they register
	Alone  bool            // not while somebody acts beside them
	Roles  []identity.Role // one of these, held at any unit; empty means everyone signed in
}

var (
	anyone   = Who{Anyone: true}
	learners = Who{Guests: true}
	signedIn = Who{}
	// owners look after their own account: nobody does that for them.
	owners = Who{Alone: true}
	// managers look after other people's accounts in the subtrees of their roles.
	managers = Who{Roles: identity.Managers}
	// helpers register residents and act beside them.
	helpers = Who{Roles: identity.Helpers}
	// pilotReaders see figures of the subtrees in which they hold one of these roles.
	pilotReaders = Who{Roles: []identity.Role{identity.Coordinator, identity.UnitHead, identity.ProvinceAdmin}}
	// auditReaders see what happened in the subtrees in which they hold one of these roles.
	auditReaders = Who{Roles: []identity.Role{identity.Coordinator, identity.UnitHead, identity.ProvinceAdmin, identity.Operator}}
	operators    = Who{Roles: []identity.Role{identity.Operator}}
)

// routes lists every address of the site, feature by feature.
func (s *site) routes() []Route {
	features := [][]Route{
		s.homeRoutes(), s.courseRoutes(), s.quizRoutes(), s.practiceRoutes(), s.masteryRoutes(), s.shelfRoutes(), s.programRoutes(), s.boardRoutes(), s.programEditRoutes(),
		s.certificateRoutes(), s.certificateKeepRoutes(), s.certificatePrintRoutes(), s.certificateTemplateRoutes(), s.credentialRoutes(), s.pilotRoutes(), s.opsRoutes(), s.auditRoutes(),
		s.inboxRoutes(), s.noticeTemplateRoutes(), s.noticeFailureRoutes(),
		s.peopleRoutes(), s.personRoutes(), s.registerRoutes(), s.cardSheetRoutes(), s.assistRoutes(), s.unitRoutes(),
		s.signInRoutes(), s.scanRoutes(), s.cardRoutes(), s.joinRoutes(), s.joinCodeRoutes(), s.householdRoutes(), s.accountRoutes(), s.claimRoutes(),
		s.myDataRoutes(), s.mergeRoutes(), s.rosterRoutes(), s.preferenceRoutes(), s.staticRoutes(), s.healthRoutes(),
	}
	if s.Provider != nil {
		features = append(features, s.oidcRoutes())
	}
	if s.Config.Demo {
		features = append(features, s.demoRoutes())
	}
	var all []Route
	for _, routes := range features {
		all = append(all, routes...)
	}
	return all
}

// guard lets only those pass who may use the route.
func (s *site) guard(route Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		viewer := viewerOf(c)
		switch {
		case route.Who.Anyone:
			return c.Next()
		case viewer == nil, viewer.Guest && !route.Who.Guests:
			return fault.New(fault.SignIn, "guard")
		case viewer.Assist != nil && route.Who.Alone:
			return fault.New(fault.Forbidden, "guard: somebody acts beside them")
		case viewer.Temporary && route.Path != secretPath && route.Path != signOutPath:
			return c.Redirect(secretPath, fiber.StatusSeeOther)
		case len(route.Who.Roles) > 0 && !viewer.Has(route.Who.Roles...):
			return fault.New(fault.Forbidden, "guard")
		}
		return c.Next()
	}
}

// nowhere answers for every address that is not a route.
func (s *site) nowhere(*fiber.Ctx) error { return fault.New(fault.NotFound, "route") }
