package learner

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
)

// EraseBell rings when somebody asked to be erased.
const EraseBell queue.Kind = "learner:erase"

// RequestKind is what somebody asks about their data. Seeing and downloading
// need no request: they are answered at once.
type RequestKind string

// The kinds of request.
const (
	Correction RequestKind = "correction" // the commune answers
	Erasure    RequestKind = "erasure"    // a worker carries it out after secondThoughts
)

// RequestState is where a request stands.
type RequestState string

// The states.
const (
	Open      RequestState = "open"
	Done      RequestState = "done"
	Refused   RequestState = "refused"
	Withdrawn RequestState = "withdrawn"
)

const (
	// answerDays is within how many working days a data subject is answered (Luật 91/2025/QH15).
	answerDays = 2
	// secondThoughts is how long an erasure can still be withdrawn.
	secondThoughts = 24 * time.Hour
	longestWish    = 1000 // characters
)

// Request is what somebody asked about their data.
type Request struct {
	bun.BaseModel `bun:"table:data_requests,alias:dr"`

	ID       uuid.UUID `bun:",pk,type:uuid"`
	PersonID uuid.UUID
	Kind     RequestKind
	Wish     string
	MadeAt   time.Time
	DueAt    time.Time
	State    RequestState
	EndedAt  *time.Time
	EndedBy  *uuid.UUID `bun:",type:uuid"`
	Answer   string

	FullName   string     `bun:",scanonly"`
	Unit       string     `bun:",scanonly"`
	HomeUnitID *uuid.UUID `bun:",scanonly,type:uuid"` // of the person
}

// Overdue tells whether an open request should have been answered by now.
func (r *Request) Overdue(now time.Time) bool { return r.State == Open && now.After(r.DueAt) }

// Due is the end of the working day by which something is answered: so many
// working days after it was asked. Saturdays and Sundays are none; public
// holidays are counted as if they were, which only makes us earlier.
func Due(asked time.Time, days int) time.Time {
	day := asked.In(clock.Zone)
	for days > 0 {
		day = day.AddDate(0, 0, 1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			days--
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, clock.Zone)
}

// Ask writes a request; one of the same kind that is open stays as it is.
func (s *Service) Ask(ctx context.Context, viewer *identity.Viewer, by audit.By, kind RequestKind, wish string) error {
	wish = strings.TrimSpace(wish)
	switch {
	case kind == Correction && wish == "":
		return fault.InvalidField("wish", "mydata.wish_missing")
	case len([]rune(wish)) > longestWish:
		return fault.InvalidField("wish", "person.too_long")
	}
	now := s.now()
	request := &Request{
		ID: uuid.Must(uuid.NewV7()), PersonID: viewer.PersonID, Kind: kind, Wish: wish, MadeAt: now, DueAt: Due(now, answerDays), State: Open,
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := identity.NewStore(tx).Awake(ctx, viewer.PersonID); err != nil { // and no merge passes it by
			return err
		}
		result, err := tx.NewInsert().Model(request).On("CONFLICT (person_id, kind) WHERE state = 'open' DO NOTHING").Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "write request")
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{
			Action: audit.DataRequest, SubjectID: &viewer.PersonID, UnitID: viewer.HomeUnitID, Changes: []audit.Change{{Field: "request", After: string(kind)}},
		})
	})
}

// Requests lists a person's own requests, the latest first.
func (s *Service) Requests(ctx context.Context, person uuid.UUID) ([]*Request, error) {
	var requests []*Request
	err := s.db.NewSelect().Model(&requests).Where("dr.person_id = ?", person).Order("dr.made_at DESC").Limit(50).Scan(ctx)
	return requests, postgres.Wrap(err, "requests")
}

// OpenRequests lists the open requests of people in a scope, the most urgent first.
func (s *Service) OpenRequests(ctx context.Context, scope org.Scope) ([]*Request, error) {
	var requests []*Request
	query := s.db.NewSelect().Model(&requests).ColumnExpr("dr.*").ColumnExpr("p.full_name, u.name AS unit").
		Join("JOIN people AS p ON p.id = dr.person_id").Join("JOIN units AS u ON u.id = p.home_unit_id").
		Where("dr.state = ?", Open).Order("dr.due_at").Limit(200)
	return requests, postgres.Wrap(scope.Holds(query, "p.home_unit_id").Scan(ctx), "open requests")
}

// Withdraw takes one of the viewer's own open requests back.
func (s *Service) Withdraw(ctx context.Context, viewer *identity.Viewer, id uuid.UUID) error {
	_, err := s.db.NewUpdate().Model((*Request)(nil)).Set("state = ?, ended_at = ?, ended_by = ?", Withdrawn, s.now(), viewer.PersonID).
		Where("id = ?", id).Where("person_id = ?", viewer.PersonID).Where("state = ?", Open).Exec(ctx)
	return postgres.Wrap(err, "withdraw request")
}

// Answer ends a correction that somebody of a scope asked for: done, or refused with a reason.
func (s *Service) Answer(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, state RequestState, answer string) error {
	answer = strings.TrimSpace(answer)
	switch {
	case state != Done && state != Refused:
		return fault.InvalidField("state", "mydata.state_missing")
	case state == Refused && answer == "":
		return fault.InvalidField("answer", "mydata.reason_missing")
	case len([]rune(answer)) > longestWish:
		return fault.InvalidField("answer", "person.too_long")
	}
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		request := new(Request)
		query := tx.NewSelect().Model(request).ColumnExpr("dr.*").ColumnExpr("p.home_unit_id").Join("JOIN people AS p ON p.id = dr.person_id").
			Where("dr.id = ?", id).Where("dr.kind = ?", Correction).For("UPDATE OF dr")
		if err := scope.Holds(query, "p.home_unit_id").Scan(ctx); err != nil {
			return postgres.Wrap(err, "request")
		}
		if request.State != Open {
			return nil // answered before
		}
		now := s.now()
		request.State, request.Answer, request.EndedAt, request.EndedBy = state, answer, &now, by.ActorID
		if _, err := tx.NewUpdate().Model(request).Column("state", "answer", "ended_at", "ended_by").WherePK().Exec(ctx); err != nil {
			return postgres.Wrap(err, "answer request")
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{
			Action: audit.DataAnswer, SubjectID: &request.PersonID, UnitID: request.HomeUnitID, Changes: []audit.Change{{Field: "request", Before: string(Open), After: string(state)}},
		})
	})
}
