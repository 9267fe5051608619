// Package notify tells people things: in their inbox on the site, by e-mail,
// and through whatever gateway a province has for SMS or Zalo.
//
// A room that has something to say queues a notice in the transaction that
// makes it true; all else happens later, from what stands in PostgreSQL. It must
// never tell a person twice of one occasion, never write to somebody who is
// suspended, merged or erased, and never log what it says or to whom.
package notify

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
)

// SendBell rings when there are new notices.
const SendBell queue.Kind = "notify:send"

// Kind names what a notice is about, and with it its template: "program-due".
type Kind string

// Notice is one thing that a person is told.
type Notice struct {
	bun.BaseModel `bun:"table:notices,alias:n"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	PersonID    uuid.UUID
	Kind        Kind
	Occasion    string            // tells a person once: "program-due/<assignment>/7"
	Data        map[string]string `bun:"type:jsonb"` // variables of the template
	Link        string            // where it leads on the site: "/me/programs"
	MadeAt      time.Time
	ReadAt      *time.Time
	WithdrawnAt *time.Time // what it said is no longer so
	PlannedAt   *time.Time // when its deliveries were made; nil while that is still to be done
}

// Store reads and writes notices.
type Store struct{ db bun.IDB }

// NewStore makes a store on a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db} }

// Queue writes notices, filling in their ids, and says how many were new: an
// occasion that a person was told of already is passed over. The caller rings
// SendBell after its transaction.
func (s *Store) Queue(ctx context.Context, notices ...*Notice) (int, error) {
	if len(notices) == 0 {
		return 0, nil
	}
	for _, notice := range notices {
		notice.ID = uuid.Must(uuid.NewV7())
		if notice.Data == nil {
			notice.Data = map[string]string{}
		}
	}
	result, err := s.db.NewInsert().Model(&notices).On("CONFLICT (person_id, occasion) DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return 0, postgres.Wrap(err, "queue notices")
	}
	queued, err := result.RowsAffected()
	return int(queued), err
}

// Withdraw takes back what was said of occasions that begin with a prefix, for
// one person: it leaves the inbox and is sent no more.
func (s *Store) Withdraw(ctx context.Context, person uuid.UUID, prefix string, now time.Time) error {
	_, err := s.db.NewRaw("UPDATE notices SET withdrawn_at = ? WHERE person_id = ? AND starts_with(occasion, ?) AND withdrawn_at IS NULL",
		now, person, prefix).Exec(ctx)
	return postgres.Wrap(err, "withdraw notices")
}
