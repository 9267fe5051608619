package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
)

// resident is somebody of the demonstration's household, who lives in commune.
func (s *site) resident(t *testing.T) (id uuid.UUID) {
	t.Helper()
	must(t, s.db.NewRaw("SELECT id FROM people WHERE full_name = 'Hồ Thị Mai' AND phone IS NOT NULL").Scan(context.Background(), &id))
	return id
}

// card makes a new card for the resident and gives its token.
func (s *site) card(t *testing.T) string {
	t.Helper()
	unit := s.unit(t)
	person, err := identity.NewStore(s.db).PersonIn(context.Background(), org.Scope{Units: []uuid.UUID{unit.ID}}, s.resident(t))
	must(t, err)
	cards, err := s.people.MakeCards(context.Background(), audit.By{}, []*identity.Listed{person})
	must(t, err)
	return cards[0].Token
}

// joinCode makes a code for the commune.
func (s *site) joinCode(t *testing.T) string {
	t.Helper()
	resident := s.resident(t)
	code, err := s.people.MakeJoinCode(context.Background(), audit.By{ActorID: &resident}, s.unit(t).ID, "Lớp tối thứ Ba", time.Hour)
	must(t, err)
	return code.Code
}

func (s *site) unit(t *testing.T) *org.Unit {
	t.Helper()
	unit, err := org.NewStore(s.db).ByCode(context.Background(), commune)
	must(t, err)
	return unit
}
