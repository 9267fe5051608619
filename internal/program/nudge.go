package program

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/notify"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// Remind has everybody reminded who is late, or whose deadline is near, in the
// subtree of a unit, within the scope; it says how many. A person is reminded
// by their heads once a day and programme, however often they press.
func (s *Service) Remind(ctx context.Context, scope org.Scope, by audit.By, unit uuid.UUID, only *uuid.UUID, head string) (int, error) {
	told := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		today := clock.Day(now).Format(time.DateOnly)
		var rows []*Row
		chosen := tx.NewSelect().TableExpr("program_assignments AS pa").Column("pa.id").
			Join("JOIN programs AS pg ON pg.id = pa.program_id AND pg.state = 'published'").
			Where("EXISTS (SELECT FROM unit_reach ur WHERE ur.unit_id = pa.unit_id AND ur.ancestor_id = ?)", unit).
			Where("pa.state IN ('overdue', 'expired', 'due-soon', 'expiring')").Where("pa.reminded_on IS DISTINCT FROM ?::date", today)
		if only != nil {
			chosen = chosen.Where("pa.program_id = ?", *only)
		}
		chosen = scope.Holds(chosen, "pa.unit_id").OrderExpr("pa.id").For("UPDATE OF pa")
		err := tx.NewRaw(`WITH chosen AS (?) UPDATE program_assignments a SET reminded_on = ?::date FROM chosen c, programs p
			WHERE a.id = c.id AND p.id = a.program_id RETURNING a.*, p.definition->>'title' AS title`, chosen, today).Scan(ctx, &rows)
		if err != nil {
			return postgres.Wrap(err, "whom to remind")
		}
		notices := make([]*notify.Notice, len(rows))
		for i, row := range rows {
			notices[i] = &notify.Notice{
				PersonID: row.PersonID, Kind: NoticeReminder, Occasion: fmt.Sprintf("%s/%s/%s", NoticeReminder, row.ID, today), Link: "/me/programs", MadeAt: now,
				Data: map[string]string{"program": row.Title, "due": dayText(row.DueOn), "head": head},
			}
		}
		for some := range chunks(notices) {
			n, err := notify.NewStore(tx).Queue(ctx, some...)
			if err != nil {
				return err
			}
			told += n
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.ProgramRemind, UnitID: &unit, Changes: []audit.Change{{Field: "request", After: fmt.Sprint(told)}}})
	})
	if err == nil {
		s.bell.Ring(notify.SendBell)
	}
	return told, err
}

// EscalateDue tells heads of units, once a day, whose people have been late for
// as long as their programme allows. A unit without a head answers to the next
// one above it. It says how many were told.
func (s *Service) EscalateDue(ctx context.Context) (int, error) {
	told := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		today := clock.Day(now).Format(time.DateOnly)
		var first []bool
		err := tx.NewRaw(`UPDATE program_closed_days SET escalated_on = ?0::date
			WHERE escalated_on IS DISTINCT FROM ?0::date AND NOT EXISTS (SELECT FROM program_touched) RETURNING true`, today).Scan(ctx, &first)
		if err != nil || len(first) == 0 {
			return postgres.Wrap(err, "escalate")
		}
		var rows []struct {
			ProgramID, UnitID, HeadID uuid.UUID
			Title, UnitName, UnitCode string
			DueOn                     time.Time
			Behind                    int
		}
		err = tx.NewRaw(`
			WITH late AS (
				SELECT a.program_id, a.unit_id, a.due_on, count(*)::int AS behind
				FROM program_assignments a JOIN programs p ON p.id = a.program_id AND p.state = 'published'
				WHERE a.state IN ('overdue', 'expired') AND (p.definition->'remind'->>'escalate')::int > 0
				  AND a.due_on + (p.definition->'remind'->>'escalate')::int BETWEEN ?0::date - 7 AND ?0::date
				GROUP BY 1, 2, 3
			)
			SELECT l.*, p.definition->>'title' AS title, u.name AS unit_name, u.code AS unit_code, h.person_id AS head_id
			FROM late l JOIN programs p ON p.id = l.program_id JOIN units u ON u.id = l.unit_id
			CROSS JOIN LATERAL (
				SELECT ap.person_id FROM unit_reach ur JOIN appointments ap ON ap.unit_id = ur.ancestor_id AND ap.head
				JOIN people pe ON pe.id = ap.person_id AND pe.suspended_at IS NULL AND pe.merged_into IS NULL AND pe.erased_at IS NULL
				WHERE ur.unit_id = l.unit_id AND ap.starts_on <= ?0::date AND (ap.ends_on IS NULL OR ap.ends_on > ?0::date)
				ORDER BY ur.depth LIMIT 1) h`, today).Scan(ctx, &rows)
		if err != nil {
			return postgres.Wrap(err, "who is late for long")
		}
		notices := make([]*notify.Notice, len(rows))
		for i, row := range rows {
			notices[i] = &notify.Notice{
				PersonID: row.HeadID, Kind: NoticeEscalation, MadeAt: now, Link: "/programs/at/" + row.UnitCode,
				Occasion: fmt.Sprintf("%s/%s/%s/%s", NoticeEscalation, row.ProgramID, row.UnitID, row.DueOn.Format(time.DateOnly)),
				Data:     map[string]string{"program": row.Title, "unit": row.UnitName, "behind": fmt.Sprint(row.Behind), "due": dayText(day(asDay(row.DueOn)))},
			}
		}
		told, err = notify.NewStore(tx).Queue(ctx, notices...)
		return err
	})
	if err == nil && told > 0 {
		s.bell.Ring(notify.SendBell)
	}
	return told, err
}
