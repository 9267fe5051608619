package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

// FlowLife is how long somebody may take at the provider.
const FlowLife = 10 * time.Minute

// Flow is a sign-in through a provider that is under way.
type Flow struct {
	bun.BaseModel `bun:"table:sign_in_flows,alias:fl"`

	TokenHash []byte     `bun:",pk"`
	PersonID  *uuid.UUID `bun:",type:uuid"` // who links an account; nil for who signs in
	Next      string     // where to go afterwards
	EndsAt    time.Time
}

// BeginFlow notes that a browser which keeps a token goes to the provider: to
// sign in, or as somebody who links an account. Many that are never finished,
// from one place, are held up with fault.TooMany.
func (s *Service) BeginFlow(ctx context.Context, from From, token, next string, links *uuid.UUID) error {
	if err := s.guess(ctx, flowLimits(from)); err != nil {
		return err
	}
	return NewStore(s.db).addFlow(ctx, &Flow{TokenHash: ticket.Hash(token), PersonID: links, Next: next, EndsAt: s.now().Add(FlowLife)})
}

// TakeFlow ends the flow of a token and gives what it was begun for; a
// fault.NotFound when it is over, was taken before or never was.
func (s *Service) TakeFlow(ctx context.Context, from From, token string) (*Flow, error) {
	flow, err := NewStore(s.db).takeFlow(ctx, ticket.Hash(token))
	if err != nil {
		return nil, err
	}
	if !s.now().Before(flow.EndsAt) {
		return nil, fault.New(fault.NotFound, "flow: run out")
	}
	return flow, s.forgive(ctx, flowLimits(from))
}

func flowLimits(from From) []limit { return []limit{limitOn(flowPace, "flow", network(from.Address))} }

func (s *Store) addFlow(ctx context.Context, flow *Flow) error {
	_, err := s.db.NewInsert().Model(flow).Exec(ctx)
	return postgres.Wrap(err, "begin flow")
}

func (s *Store) takeFlow(ctx context.Context, tokenHash []byte) (*Flow, error) {
	flow := new(Flow)
	err := s.db.NewRaw("DELETE FROM sign_in_flows WHERE token_hash = ? RETURNING *", tokenHash).Scan(ctx, flow)
	return flow, postgres.Wrap(err, "take flow")
}
