// Package learner is a placeholder until the learner branch is merged.
package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
)

type Service struct{}

func NewService(*bun.DB, clock.Clock) *Service { return &Service{} }

func (s *Service) Adopt(context.Context, bun.Tx, *identity.Person) error { return nil }

func (s *Service) Claim(context.Context, uuid.UUID, uuid.UUID, audit.By) error { return nil }
