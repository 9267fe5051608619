package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

// DemoLogin is the login name of the demonstration's person for a role.
func DemoLogin(role Role) string { return "demo." + string(role) }

// Household adds the people who share a phone with one of them to the list of
// a device, as if they had all signed in there.
func (s *Store) Household(ctx context.Context, device string, home uuid.UUID, now time.Time) error {
	_, err := s.db.NewRaw(`
		INSERT INTO device_people (device_id, person_id, listed, last_at)
		SELECT d.id, p.id, true, ? FROM devices d, people p JOIN accounts ac ON ac.person_id = p.id AND ac.pin_hash IS NOT NULL
		WHERE d.token_hash = ? AND p.home_unit_id = ? AND p.phone IS NOT NULL ON CONFLICT DO NOTHING`, now, ticket.Hash(device), home).Exec(ctx)
	return postgres.Wrap(err, "household on a device")
}

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
