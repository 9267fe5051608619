package web

import (
	"github.com/gofiber/fiber/v2"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	shelfview "hocso/views/shelf"
)

func (s *site) shelfRoutes() []Route {
	return []Route{
		{fiber.MethodGet, "/glossary", anyone, s.glossary},
		{fiber.MethodGet, "/skills", anyone, s.coverage},
		{fiber.MethodGet, "/courses/:course/handout", anyone, s.paper("handout", func(v *course.Version) string { return v.Handout })},
		{fiber.MethodGet, "/courses/:course/loudspeaker", anyone, s.paper("loudspeaker", func(v *course.Version) string { return v.Loudspeaker })},
		{fiber.MethodGet, "/courses/:course/guide", anyone, s.paper("guide", func(v *course.Version) string { return v.Guide })},
	}
}

// drillReaders see how scam drills go, on the page of what is covered.
var drillReaders = append([]identity.Role{identity.Editor, identity.TeamMember}, pilotReaders.Roles...)

// glossary explains the words that lessons mark.
func (s *site) glossary(c *fiber.Ctx) error {
	terms, err := s.Library.Terms(c.UserContext())
	if err != nil {
		return err
	}
	return page(c, shelfview.Glossary(terms))
}

// coverage shows which skill is covered by what, and the gaps.
func (s *site) coverage(c *fiber.Ctx) error {
	shelf, err := s.Library.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	scenarios, err := s.Scenarios.Shelf(c.UserContext())
	if err != nil {
		return err
	}
	coverage := shelfview.NewCoverage()
	for _, version := range shelf {
		bank, err := s.Quiz.Bank(c.UserContext(), version.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		coverage.AddCourse(version, bank)
	}
	for _, version := range scenarios {
		coverage.AddPractice(version)
	}
	if viewerOf(c).Has(drillReaders...) {
		drills, err := s.Practice.Wariness(c.UserContext())
		if err != nil {
			return err
		}
		for _, drill := range drills {
			version, err := s.Scenarios.Find(c.UserContext(), drill.Scenario)
			if err != nil {
				return err
			}
			coverage.Drills = append(coverage.Drills, shelfview.Drill{Title: version.Title, Wariness: drill})
		}
	}
	return page(c, shelfview.Skills(coverage))
}

// paper is a page of a course to print or to read out.
func (s *site) paper(name string, of func(*course.Version) string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		version, err := s.Library.Current(c.UserContext(), c.Params("course"))
		if err != nil {
			return err
		}
		if of(version) == "" {
			return fault.New(fault.NotFound, name+" of a course")
		}
		return page(c, shelfview.Paper(shelfview.PaperData{Name: name, Version: version, HTML: of(version)}))
	}
}
