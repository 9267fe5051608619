package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/queue"
	"hocso/internal/program"
)

// What is evaluated: so many people in so many programmes.
const (
	evaluatedPeople = 100_000
	programmes      = 20
)

// requiring measures how long it takes to publish programmes for everybody, to
// work everybody out in them, what memory that takes the worker, and how soon
// one person who moves is in the programmes of their new unit.
func requiring(ctx context.Context, r *rig, o Options) (Results, error) {
	redis, err := queue.Open(r.redis)
	if err != nil {
		return nil, err
	}
	defer redis.Close()
	bell := queue.NewBell(redis, slog.New(slog.DiscardHandler))
	defer bell.Close()
	service := program.NewService(r.db, bell, clock.System)
	if err := r.gather(ctx, o.Attempts); err != nil {
		return nil, err
	}
	if err := r.idle(ctx); err != nil {
		return nil, err
	}
	if err := r.work.Process.Signal(syscall.SIGSTOP); err != nil { // until all are published
		return nil, err
	}
	slowest, err := publishAll(ctx, r, service)
	if err := errors.Join(err, r.work.Process.Signal(syscall.SIGCONT)); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := r.waitEvaluated(ctx); err != nil {
		return nil, err
	}
	first := time.Since(began)
	began = time.Now()
	if err := execAll(ctx, r.db, `INSERT INTO program_touched (person_id) SELECT id FROM people WHERE registered_at IS NOT NULL`)(); err != nil {
		return nil, err
	}
	if err := r.waitEvaluated(ctx); err != nil {
		return nil, err
	}
	again := time.Since(began)
	assigned, err := r.db.NewSelect().Table("program_assignments").Count(ctx)
	if err != nil {
		return nil, err
	}
	differ, err := service.Check(ctx)
	if err != nil || len(differ) > 0 {
		return nil, errors.Join(err, fmt.Errorf("figures differ from a recount: %q", differ))
	}
	memory, err := peakMemory(r.work.Process.Pid)
	if err != nil {
		return nil, err
	}
	moved, err := r.move(ctx)
	return Results{
		figure("publishing one of them, the slowest", float64(slowest.Milliseconds()), "ms"),
		atMost(fmt.Sprintf("%d people in %d programmes worked out, %d of them assigned", evaluatedPeople, programmes, assigned), first.Seconds(), "s", 60),
		atMost("the same again, nothing changed", again.Seconds(), "s", 60),
		figure("peak memory of the worker after it", memory, "MB"),
		atMost("a person who moves is in their new programmes", moved.Seconds(), "s", 5),
	}, err
}

// gather makes so many people of those who took the quiz and of officials, of
// whom every other one has an office. Whomever other parts added becomes a guest.
func (r *rig) gather(ctx context.Context, attempts int) error {
	return execAll(ctx, r.db,
		`UPDATE people SET registered_at = NULL WHERE id NOT BETWEEN `+id(kindPerson, "1")+` AND `+id(kindPerson, "?2"),
		`WITH made AS (
			INSERT INTO people (id, full_name, search, birth_year, home_unit_id, created_at, registered_at)
			SELECT gen_random_uuid(), 'Người ' || n, 'nguoi ' || n, 1980, `+id(kindUnit, "1 + n % ?0")+`, now(), now()
			FROM generate_series(1, ?1 - (SELECT count(*) FROM people WHERE registered_at IS NOT NULL)) n RETURNING id, home_unit_id
		), g AS (
			INSERT INTO role_grants (id, person_id, role, unit_id, starts_at) SELECT gen_random_uuid(), id, 'official', home_unit_id, now() FROM made
		) INSERT INTO appointments (id, person_id, unit_id, position, head, starts_on)
			SELECT gen_random_uuid(), id, home_unit_id, 'Chuyên viên', false, '2025-09-01' FROM made WHERE id::text < '8'`,
		`ANALYZE`,
	)(communes, evaluatedPeople, attempts)
}

// publishAll publishes programmes with rules of every kind, and tells how long
// the slowest took.
func publishAll(ctx context.Context, r *rig, service *program.Service) (slowest time.Duration, err error) {
	var all []uuid.UUID
	if err := r.db.NewRaw("SELECT id FROM courses ORDER BY position LIMIT 3").Scan(ctx, &all); err != nil {
		return 0, err
	}
	var units []*org.Unit
	if err := r.db.NewSelect().Model(&units).Order("code").Scan(ctx); err != nil {
		return 0, err
	}
	byCode := map[string]uuid.UUID{}
	for _, unit := range units {
		byCode[unit.Code] = unit.ID
	}
	scope := org.Scope{Units: []uuid.UUID{byCode["48"]}}
	for i := range programmes {
		d := program.New()
		d.Title, d.Decision.Number, d.Courses = fmt.Sprintf("Chương trình %d", i), "1/QĐ-UBND", all
		d.Rhythm = program.Rhythms[i%3]
		due := clock.Day(time.Now()).AddDate(0, 0, 30+i)
		d.DueOn = &due
		switch i % 4 {
		case 0:
			d.Audience.Roles = []identity.Role{identity.Official}
		case 1:
			d.Audience.Positions = []string{"chuyên viên"}
		case 2:
			d.Audience.Units = []uuid.UUID{byCode["20001"], byCode[fmt.Sprint(20002+i)]}
		default:
			d.Audience.Roles, d.Audience.NotDone = []identity.Role{identity.Official}, []program.Ref{{Course: &all[0]}}
			d.Courses = all[1:]
		}
		began := time.Now()
		p, err := service.Create(ctx, scope, audit.By{}, byCode["48"], d)
		if err != nil {
			return 0, err
		}
		preview, err := service.Preview(ctx, p)
		if err != nil {
			return 0, err
		}
		if _, err := service.Publish(ctx, scope, audit.By{}, p.ID, p.Revision, preview.People); err != nil {
			return 0, err
		}
		slowest = max(slowest, time.Since(began))
	}
	return slowest, nil
}

func (r *rig) waitEvaluated(ctx context.Context) error { return r.drained(ctx, "program_touched") }

// move moves one person and waits until they are in a programme of the new unit.
func (r *rig) move(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	var person uuid.UUID
	err := r.db.NewRaw(`UPDATE people SET home_unit_id = (SELECT id FROM units WHERE code = '20001')
		WHERE id = (SELECT p.id FROM people p JOIN units u ON u.id = p.home_unit_id WHERE u.code = '20050' AND p.registered_at IS NOT NULL LIMIT 1) RETURNING id`).Scan(ctx, &person)
	if err != nil {
		return 0, err
	}
	for time.Since(began) < time.Minute {
		n, err := r.db.NewSelect().Table("program_assignments").Where("person_id = ?", person).
			Where("unit_id = (SELECT id FROM units WHERE code = '20001')").Where("state <> 'released'").Count(ctx)
		if err != nil || n > 0 {
			return time.Since(began), err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return 0, errors.New("the person who moved was not assigned within a minute")
}
