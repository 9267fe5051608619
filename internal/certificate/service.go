package certificate

import (
	"github.com/uptrace/bun"

	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/queue"
)

// IssueBell rings when somebody may have completed something.
const IssueBell queue.Kind = "certificate:issue"

// Keepers are the roles that revoke records and issue them again, for the
// subtrees of their units.
var Keepers = identity.Managers

// Service is what holders, managers, administrators and workers do with records.
type Service struct {
	db   *bun.DB
	bell *queue.Bell
	now  clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, bell: bell, now: now}
}
