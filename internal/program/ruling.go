package program

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/notify"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Extension is a later deadline for one person.
type Extension struct {
	bun.BaseModel `bun:"table:program_extensions,alias:px"`

	ID        uuid.UUID `bun:",pk,type:uuid"`
	ProgramID uuid.UUID `bun:",type:uuid"`
	PersonID  uuid.UUID `bun:",type:uuid"`
	Cycle     int
	DueOn     time.Time `bun:",type:date"`
	Reason    string
	MadeBy    *uuid.UUID `bun:",type:uuid"`
	MadeAt    time.Time
	EndedAt   *time.Time
}

// Exemption lets one person off.
type Exemption struct {
	bun.BaseModel `bun:"table:program_exemptions,alias:pe"`

	ID        uuid.UUID  `bun:",pk,type:uuid"`
	ProgramID uuid.UUID  `bun:",type:uuid"`
	PersonID  uuid.UUID  `bun:",type:uuid"`
	Until     *time.Time `bun:",type:date"` // the last day; nil for good
	Reason    string
	MadeBy    *uuid.UUID `bun:",type:uuid"`
	MadeAt    time.Time
	EndedAt   *time.Time
}

// maxReason is how long a reason may be, in characters.
const maxReason = 500

// Extend gives one person of a unit in the scope until a day.
func (s *Service) Extend(ctx context.Context, scope org.Scope, by audit.By, assignment uuid.UUID, dueOn time.Time, reason string) error {
	reason, wrong := checkReason(reason)
	if !dueOn.After(clock.Day(s.now())) {
		wrong["due_on"] = "program.day_in_past"
	}
	return s.rule(ctx, scope, by, assignment, wrong, func(ctx context.Context, tx bun.Tx, a *Assignment, title string) (*audit.Entry, *notify.Notice, error) {
		if !a.State.Open() || a.DueOn == nil {
			return nil, nil, fault.InvalidField("due_on", "program.nothing_to_extend")
		}
		if !dueOn.After(*a.DueOn) {
			return nil, nil, fault.InvalidField("due_on", "program.not_later")
		}
		store := NewStore(tx)
		if err := store.endExtension(ctx, a, s.now()); err != nil {
			return nil, nil, err
		}
		extension := &Extension{
			ID: uuid.Must(uuid.NewV7()), ProgramID: a.ProgramID, PersonID: a.PersonID, Cycle: a.Cycle, DueOn: dueOn, Reason: reason, MadeBy: by.ActorID, MadeAt: s.now(),
		}
		if _, err := tx.NewInsert().Model(extension).Exec(ctx); err != nil {
			return nil, nil, postgres.Wrap(err, "extend")
		}
		entry := &audit.Entry{Action: audit.ProgramExtend, Changes: []audit.Change{{Field: "program", After: title}, {Field: "due", Before: dayText(a.DueOn), After: dayText(&dueOn)}}}
		return entry, notice(a, NoticeExtended, extension.ID, s.now(), map[string]string{"program": title, "due": dayText(&dueOn)}), nil
	})
}

// Exempt lets one person of a unit in the scope off, until a day or for good.
func (s *Service) Exempt(ctx context.Context, scope org.Scope, by audit.By, assignment uuid.UUID, until *time.Time, reason string) error {
	reason, wrong := checkReason(reason)
	if until != nil && until.Before(clock.Day(s.now())) {
		wrong["until"] = "program.day_in_past"
	}
	return s.rule(ctx, scope, by, assignment, wrong, func(ctx context.Context, tx bun.Tx, a *Assignment, title string) (*audit.Entry, *notify.Notice, error) {
		store := NewStore(tx)
		if err := store.endExemption(ctx, a, s.now()); err != nil {
			return nil, nil, err
		}
		exemption := &Exemption{ID: uuid.Must(uuid.NewV7()), ProgramID: a.ProgramID, PersonID: a.PersonID, Until: until, Reason: reason, MadeBy: by.ActorID, MadeAt: s.now()}
		if _, err := tx.NewInsert().Model(exemption).Exec(ctx); err != nil {
			return nil, nil, postgres.Wrap(err, "exempt")
		}
		entry := &audit.Entry{Action: audit.ProgramExempt, Changes: []audit.Change{{Field: "program", After: title}, {Field: "until", After: dayText(until)}}}
		return entry, notice(a, NoticeExempted, exemption.ID, s.now(), map[string]string{"program": title, "reason": reason}), nil
	})
}

// Enforce ends the exemption and the extension of one person of a unit in the scope.
func (s *Service) Enforce(ctx context.Context, scope org.Scope, by audit.By, assignment uuid.UUID) error {
	return s.rule(ctx, scope, by, assignment, nil, func(ctx context.Context, tx bun.Tx, a *Assignment, title string) (*audit.Entry, *notify.Notice, error) {
		store := NewStore(tx)
		if err := firstOf(store.endExemption(ctx, a, s.now()), store.endExtension(ctx, a, s.now())); err != nil {
			return nil, nil, err
		}
		return &audit.Entry{Action: audit.ProgramEnforce, Changes: []audit.Change{{Field: "program", After: title}}}, nil, nil
	})
}

// rule decides something about one assignment whose unit lies in the scope, in
// one transaction with its log entry and its notice. Nobody decides for
// themselves.
func (s *Service) rule(
	ctx context.Context, scope org.Scope, by audit.By, assignment uuid.UUID, wrong map[string]string,
	decide func(context.Context, bun.Tx, *Assignment, string) (*audit.Entry, *notify.Notice, error),
) error {
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong)
	}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		a, title, err := NewStore(tx).assignment(ctx, scope, assignment)
		if err != nil {
			return err
		}
		if by.ActorID != nil && *by.ActorID == a.PersonID {
			return fault.New(fault.Forbidden, "one's own deadline or exemption")
		}
		entry, told, err := decide(ctx, tx, a, title)
		if err != nil {
			return err
		}
		entry.SubjectID, entry.UnitID = &a.PersonID, &a.UnitID
		if told != nil {
			if _, err := notify.NewStore(tx).Queue(ctx, told); err != nil {
				return err
			}
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), entry)
	})
	if err == nil {
		s.bell.Ring(EvaluateBell)
		s.bell.Ring(notify.SendBell)
	}
	return err
}

// assignment reads one whose unit lies in the scope, with its programme's
// title. Two who decide on the same person at once do so one after the other.
func (s *Store) assignment(ctx context.Context, scope org.Scope, id uuid.UUID) (*Assignment, string, error) {
	row := struct {
		*Assignment `bun:",extend"`
		Title       string
	}{Assignment: new(Assignment)}
	query := s.db.NewSelect().Model(&row).ColumnExpr("pa.*").ColumnExpr("p.definition->>'title' AS title").
		Join("JOIN programs AS p ON p.id = pa.program_id AND p.state = 'published'").
		Where("pa.id = ?", id).Where("pa.state <> 'released'").For("UPDATE OF pa")
	if err := scope.Holds(query, "pa.unit_id").Scan(ctx); err != nil {
		return nil, "", postgres.Wrap(err, "assignment")
	}
	row.tidy()
	return row.Assignment, row.Title, nil
}

func (s *Store) endExtension(ctx context.Context, a *Assignment, now time.Time) error {
	_, err := s.db.NewRaw("UPDATE program_extensions SET ended_at = ? WHERE program_id = ? AND person_id = ? AND cycle = ? AND ended_at IS NULL",
		now, a.ProgramID, a.PersonID, a.Cycle).Exec(ctx)
	return postgres.Wrap(err, "end extension")
}

func (s *Store) endExemption(ctx context.Context, a *Assignment, now time.Time) error {
	_, err := s.db.NewRaw("UPDATE program_exemptions SET ended_at = ? WHERE program_id = ? AND person_id = ? AND ended_at IS NULL",
		now, a.ProgramID, a.PersonID).Exec(ctx)
	return postgres.Wrap(err, "end exemption")
}

func checkReason(reason string) (string, map[string]string) {
	reason, wrong := strings.TrimSpace(reason), map[string]string{}
	switch {
	case reason == "":
		wrong["reason"] = "program.reason_missing"
	case len([]rune(reason)) > maxReason:
		wrong["reason"] = "program.too_long"
	}
	return reason, wrong
}

func notice(a *Assignment, kind notify.Kind, occasion uuid.UUID, now time.Time, data map[string]string) *notify.Notice {
	return &notify.Notice{PersonID: a.PersonID, Kind: kind, Occasion: fmt.Sprintf("%s/%s", kind, occasion), Data: data, Link: "/me/programs", MadeAt: now}
}
