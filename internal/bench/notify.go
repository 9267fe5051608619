package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hocso/internal/notify"
)

// toldPeople is how many people one mass reminder tells.
const toldPeople = 10_000

// telling measures how fast the worker tells everybody of a mass reminder by
// e-mail, over loopback to a server that takes at once, and that nobody is told
// twice or not at all.
func telling(ctx context.Context, r *rig, _ Options) (Results, error) {
	if err := execAll(ctx, r.db,
		`UPDATE people SET email = id || '@example.vn' WHERE id IN (SELECT id FROM people WHERE registered_at IS NOT NULL LIMIT ?0)`,
		`INSERT INTO notice_wishes SELECT id, '{"reminders": ["email"]}', false, 0, 0, now() FROM people WHERE email IS NOT NULL ON CONFLICT DO NOTHING`,
		`DELETE FROM notices`,
		`INSERT INTO notices (id, person_id, kind, occasion, data, link, made_at)
			SELECT gen_random_uuid(), id, 'program-due', 'bench', '{"program": "An toàn thông tin", "due": "04/12/2026", "days": "7", "left": "0/1"}', '/me/programs', now()
			FROM people WHERE email IS NOT NULL`,
	)(toldPeople); err != nil {
		return nil, err
	}
	before, began := len(r.mail.Taken()), time.Now()
	// Nothing says that the last letter went: the table is asked now and then.
	for sent := 0; sent < toldPeople; time.Sleep(50 * time.Millisecond) {
		n, err := r.db.NewSelect().Table("notice_messages").Where("state = ?", notify.Sent).Count(ctx)
		if err != nil {
			return nil, err
		}
		if sent = int(n); time.Since(began) > 10*time.Minute {
			return nil, errors.New("not everybody was told within ten minutes")
		}
	}
	took := time.Since(began)
	for id, times := range r.mail.Times() {
		if times != 1 {
			return nil, fmt.Errorf("%s was sent %d times", id, times)
		}
	}
	if got := len(r.mail.Taken()) - before; got != toldPeople {
		return nil, fmt.Errorf("%d letters for %d people", got, toldPeople)
	}
	memory, err := peakMemory(r.work.Process.Pid)
	return Results{
		figure(fmt.Sprintf("a reminder to %d people, every letter taken once", toldPeople), took.Seconds(), "s"),
		figure("letters handed over", toldPeople/took.Seconds(), "per s"),
		figure("peak memory of the worker after them", memory, "MB"),
	}, err
}
