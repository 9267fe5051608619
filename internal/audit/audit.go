// Package audit keeps the log of who did what to whom, from where, before and
// after. Entries are only added: the program's database role can neither change
// nor delete them.
//
// It must never hold what erasing a person would have to remove: people stand
// in it by id, and their data masked.
package audit

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// By is who does something and from where.
type By struct {
	ActorID  *uuid.UUID // nil for the command line and the workers
	HelperID *uuid.UUID // who acts beside the actor
	Address  string     // of the client, "" for the command line and the workers
}

// Entry is one line of the log.
type Entry struct {
	bun.BaseModel `bun:"table:audit_log,alias:au"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	At        time.Time
	ActorID   *uuid.UUID `bun:",type:uuid"`
	HelperID  *uuid.UUID `bun:",type:uuid"`
	Action    Action
	SubjectID *uuid.UUID `bun:",type:uuid"` // the person it was done to
	UnitID    *uuid.UUID `bun:",type:uuid"` // where: readers need a role that reaches it
	Address   string
	Changes   []Change `bun:",type:jsonb"`
}

// Change is one field before and after, masked where it tells of a person.
type Change struct {
	Field  string `json:"field"` // a column's or a thing's name: "phone", "role"
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Store adds to the log and reads it.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or, so that the log and the deed stand
// or fall together, a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Add writes entries done by somebody at a time; their ids are made here.
func (s *Store) Add(ctx context.Context, by By, at time.Time, entries ...*Entry) error {
	if len(entries) == 0 {
		return nil
	}
	for _, entry := range entries {
		entry.ID, entry.At = uuid.Must(uuid.NewV7()), at
		entry.ActorID, entry.HelperID, entry.Address = by.ActorID, by.HelperID, by.Address
		if entry.Changes == nil {
			entry.Changes = []Change{}
		}
	}
	_, err := s.db.NewInsert().Model(&entries).Exec(ctx)
	return postgres.Wrap(err, "write audit log")
}
