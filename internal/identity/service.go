package identity

import (
	"github.com/alexedwards/argon2id"
	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
)

// Service is what people and those who look after them do with accounts, roles
// and registrations.
type Service struct {
	db     *bun.DB
	now    clock.Clock
	hashes chan struct{}
	nobody string // a hash to compare with when there is no account: equal time either way
}

// NewService makes the service.
func NewService(db *bun.DB, now clock.Clock) *Service {
	nobody, err := argon2id.CreateHash("", hashCost)
	if err != nil {
		panic(err) // only if the system has no randomness
	}
	return &Service{db: db, now: now, hashes: make(chan struct{}, hashesAtOnce), nobody: nobody}
}
