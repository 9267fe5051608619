package notify

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/postgres"
)

// State is what became of a message.
type State string

// The states.
const (
	Ready   State = "ready"   // to be sent when it is due
	Claimed State = "claimed" // by a worker that has handed nothing over yet
	Handing State = "handing" // the other side may have taken it
	Sent    State = "sent"    // the other side says that it has taken it
	Failed  State = "failed"  // it was not taken, and we have stopped trying
	Unsure  State = "unsure"  // nobody can tell whether it was taken: not tried again by itself
	Dropped State = "dropped" // there was nothing left to say, or nobody to say it to
)

// What a message is about.
const (
	aboutNotices = "notices"
	aboutAddress = "address"
)

// message is what one person is told at once over one channel.
type message struct {
	bun.BaseModel `bun:"table:notice_messages,alias:nm"`

	ID         uuid.UUID `bun:",pk,type:uuid"`
	PersonID   uuid.UUID
	Channel    Channel
	About      string
	State      State
	MadeAt     time.Time
	DueAt      time.Time
	Attempts   int // also the fence: whoever claimed it later holds a higher number
	Most       int
	LeaseUntil *time.Time
	EndedAt    *time.Time
	Cause      carrier.Cause
	Code       string
	Masked     string
}

const (
	// claimLease is how long a worker that claimed messages has until others may.
	claimLease = 2 * time.Minute
	// handLease is how long a worker that hands one over has until it counts as
	// dead: more than any answer is waited for.
	handLease = 10 * time.Minute
)

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func (s *Store) addMessages(ctx context.Context, messages ...*message) error {
	_, err := s.db.NewInsert().Model(&messages).Returning("NULL").Exec(ctx)
	return postgres.Wrap(err, "add messages")
}

// claim takes so many messages that are due, for claimLease.
func (s *Store) claim(ctx context.Context, channel Channel, n int, now time.Time) ([]*message, error) {
	var taken []*message
	err := s.db.NewRaw(`
		UPDATE notice_messages SET state = 'claimed', attempts = attempts + 1, lease_until = ?2
		WHERE id IN (SELECT id FROM notice_messages WHERE state = 'ready' AND channel = ?0 AND due_at <= ?1 ORDER BY due_at LIMIT ?3 FOR UPDATE SKIP LOCKED)
		RETURNING *`, channel, now, now.Add(claimLease), n).Scan(ctx, &taken)
	return taken, postgres.Wrap(err, "claim messages")
}

// release gives back what was claimed and not tried.
func (s *Store) release(ctx context.Context, m *message, due time.Time) error {
	_, err := s.db.NewRaw("UPDATE notice_messages SET state = 'ready', attempts = attempts - 1, lease_until = NULL, due_at = ? WHERE id = ? AND state = 'claimed' AND attempts = ?",
		due, m.ID, m.Attempts).Exec(ctx)
	return postgres.Wrap(err, "release message")
}

// hand marks a claimed message as being handed over: committed before the other
// side can have taken it. It is false when the claim has run out meanwhile, or
// the person is not to be told things any more.
func (s *Store) hand(ctx context.Context, m *message, masked string, now time.Time) (bool, error) {
	result, err := s.db.NewRaw(`UPDATE notice_messages m SET state = 'handing', lease_until = ?0, masked = ?1 FROM people p
		WHERE m.id = ?2 AND m.state = 'claimed' AND m.attempts = ?3 AND m.lease_until > ?4 AND p.id = m.person_id AND `+reachable,
		now.Add(handLease), masked, m.ID, m.Attempts, now).Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "hand message over")
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// end writes what became of a try. Who learns that a message was taken after
// everybody gave up on them may still say so.
func (s *Store) end(ctx context.Context, m *message) error {
	from := []State{Claimed, Handing}
	if m.State == Sent {
		from = append(from, Unsure)
	}
	query := s.db.NewUpdate().Model(m).Column("state", "due_at", "lease_until", "ended_at", "cause", "code")
	if m.Masked != "" { // else what was written when it was handed over stays
		query = query.Column("masked")
	}
	_, err := query.
		Where("id = ?", m.ID).Where("attempts = ?", m.Attempts).Where("state IN (?)", bun.List(from)).Exec(ctx)
	return postgres.Wrap(err, "end of a try")
}

// endLeases takes messages from workers that are gone: what was only claimed is
// ready again, of what was being handed over nobody can tell.
func (s *Store) endLeases(ctx context.Context, now time.Time) error {
	_, err := s.db.NewRaw(`
		WITH gone AS (SELECT id, state FROM notice_messages WHERE state IN ('claimed', 'handing') AND lease_until <= ?0 FOR UPDATE SKIP LOCKED)
		UPDATE notice_messages m SET lease_until = NULL,
			state = CASE WHEN gone.state = 'claimed' THEN 'ready' ELSE 'unsure' END,
			ended_at = CASE WHEN gone.state = 'handing' THEN ?0::timestamptz END,
			cause = CASE WHEN gone.state = 'handing' THEN ?1 ELSE m.cause END
		FROM gone WHERE gone.id = m.id`, now, carrier.Killed).Exec(ctx)
	return postgres.Wrap(err, "end leases")
}
