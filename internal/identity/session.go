package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

const (
	// SessionLife is how long a browser stays signed in.
	SessionLife = 30 * 24 * time.Hour
	// seenEvery is how exactly a session tells when it was last used.
	seenEvery = 10 * time.Minute
)

// Session is one signed-in browser. Only the SHA-256 of its token is kept.
type Session struct {
	bun.BaseModel `bun:"table:sessions,alias:se"`

	TokenHash []byte    `bun:",pk"`
	ID        uuid.UUID `bun:",type:uuid"`
	PersonID  uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
	Browser   string
	Address   string
	SeenAt    time.Time // to seenEvery
	AssistID  *uuid.UUID
}

// Begin starts a session for a person who has proved who they are.
func (s *Service) Begin(ctx context.Context, from From, person uuid.UUID) (*Entry, error) {
	return s.begin(ctx, from, person, func(ctx context.Context, tx bun.Tx) error {
		found, err := NewStore(tx).Person(ctx, person)
		if err != nil {
			return err
		}
		by := audit.By{ActorID: &person, Address: from.Address}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.SignedIn, SubjectID: &person, UnitID: found.HomeUnitID})
	})
}

// begin starts a session; note writes it down in the same transaction.
func (s *Service) begin(ctx context.Context, from From, person uuid.UUID, note func(context.Context, bun.Tx) error) (*Entry, error) {
	entry := &Entry{PersonID: person, Session: ticket.New()}
	now := s.now()
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		store := NewStore(tx)
		if entry.Device, err = store.RememberOnDevice(ctx, from, person, now); err != nil {
			return err
		}
		err = store.addSession(ctx, &Session{
			TokenHash: ticket.Hash(entry.Session), ID: uuid.Must(uuid.NewV7()), PersonID: person,
			CreatedAt: now, ExpiresAt: now.Add(SessionLife), SeenAt: now, Browser: from.Browser, Address: from.Address,
		})
		if err != nil {
			return err
		}
		return note(ctx, tx)
	})
	return entry, err
}

// End ends the session of a token.
func (s *Service) End(ctx context.Context, token string) error {
	return NewStore(s.db).endSession(ctx, ticket.Hash(token))
}

// Viewer finds who is behind a token; nil when the session is over or never was.
func (s *Service) Viewer(ctx context.Context, token string) (*Viewer, error) {
	viewer, seen, err := viewerBySession(ctx, s.db, ticket.Hash(token), s.now())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err == nil && s.now().Sub(seen) > seenEvery {
		err = NewStore(s.db).seeSession(ctx, viewer.SessionID, s.now())
	}
	return viewer, err
}

func (s *Store) addSession(ctx context.Context, row *Session) error {
	_, err := s.db.NewInsert().Model(row).Exec(ctx)
	return postgres.Wrap(err, "add session")
}

func (s *Store) seeSession(ctx context.Context, id uuid.UUID, now time.Time) error {
	_, err := s.db.NewRaw("UPDATE sessions SET seen_at = ? WHERE id = ?", now, id).Exec(ctx)
	return postgres.Wrap(err, "see session")
}

func (s *Store) endSession(ctx context.Context, tokenHash []byte) error {
	_, err := s.db.NewDelete().Model((*Session)(nil)).Where("token_hash = ?", tokenHash).Exec(ctx)
	return postgres.Wrap(err, "end session")
}

// Sessions lists a person's sessions, the last used first.
func (s *Store) Sessions(ctx context.Context, person uuid.UUID, now time.Time) ([]*Session, error) {
	var sessions []*Session
	err := s.db.NewSelect().Model(&sessions).Where("se.person_id = ?", person).Where("se.expires_at > ?", now).
		Order("se.seen_at DESC").Scan(ctx)
	return sessions, postgres.Wrap(err, "sessions")
}

// EndSessionOf ends one of a person's own sessions.
func (s *Store) EndSessionOf(ctx context.Context, person, id uuid.UUID) error {
	_, err := s.db.NewDelete().Model((*Session)(nil)).Where("person_id = ?", person).Where("id = ?", id).Exec(ctx)
	return postgres.Wrap(err, "end session")
}

// EndSessions ends all of a person's sessions, except the one to keep (uuid.Nil for none).
func (s *Store) EndSessions(ctx context.Context, person, keep uuid.UUID) error {
	_, err := s.db.NewDelete().Model((*Session)(nil)).Where("person_id = ?", person).Where("id <> ?", keep).Exec(ctx)
	return postgres.Wrap(err, "end sessions")
}

// SignOutElsewhere ends all of the viewer's sessions but the present one.
func (s *Service) SignOutElsewhere(ctx context.Context, by audit.By, viewer *Viewer) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := NewStore(tx).EndSessions(ctx, viewer.PersonID, viewer.SessionID); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{Action: audit.SignedOutAll, SubjectID: &viewer.PersonID, UnitID: viewer.HomeUnitID})
	})
}
