package identity

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// DemoLogin is the login name of the demonstration's person for a role.
func DemoLogin(role Role) string { return "demo." + string(role) }

// DemoPerson is one of the demonstration's people, for the sign-in page.
type DemoPerson struct {
	Role Role
	Name string
	Unit string // name of where the role is held
}

// DemoPeople lists the demonstration's people in the order of Roles; none
// where the demonstration was not loaded.
func (s *Store) DemoPeople(ctx context.Context) ([]DemoPerson, error) {
	logins := make([]string, len(Roles))
	for i, role := range Roles {
		logins[i] = DemoLogin(role)
	}
	var people []DemoPerson
	err := s.db.NewRaw(`
		SELECT g.role, p.full_name AS name, u.name AS unit
		FROM logins lo JOIN people p ON p.id = lo.person_id
		JOIN role_grants g ON g.person_id = p.id AND lo.login = 'demo.' || g.role
		JOIN units u ON u.id = g.unit_id
		WHERE lo.login IN (?) ORDER BY array_position(ARRAY[?], lo.login)`, bun.List(logins), bun.List(logins)).Scan(ctx, &people)
	return people, postgres.Wrap(err, "people of the demonstration")
}
