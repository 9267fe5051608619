package identity

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// IsStaff tells whether a person holds, or will hold, a role besides CardRoles.
func (s *Store) IsStaff(ctx context.Context, person uuid.UUID, now time.Time) (staff bool, err error) {
	err = s.db.NewRaw("SELECT EXISTS (SELECT FROM role_grants WHERE person_id = ?0 AND role NOT IN (?1) AND (ends_at IS NULL OR ends_at > ?2))",
		person, bun.List(CardRoles), now).Scan(ctx, &staff)
	return staff, postgres.Wrap(err, "roles of a person")
}

// staffNow is the condition on people p that they hold one of those roles now.
// A card was made before they were given it, or came with another record of
// theirs: it sleeps until the role ends.
func staffNow() string {
	known := make([]string, len(CardRoles))
	for i, role := range CardRoles {
		known[i] = "'" + string(role) + "'"
	}
	return "EXISTS (SELECT FROM role_grants rg WHERE rg.person_id = p.id AND rg.role NOT IN (" + strings.Join(known, ", ") + ") AND " + holdsNow("rg") + ")"
}
