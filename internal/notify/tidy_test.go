package notify_test

import (
	"fmt"
	"testing"
	"time"
)

// TestOldNoticesGo: half a year after a message has ended nothing tells of it
// any more, and it is not sent again; two years after, its notice goes. What is
// still under way stays however old it is.
func TestOldNoticesGo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := o.official("lan@danang.example.vn")
	const day = 24 * time.Hour
	begun := o.now
	for i := range 3 {
		o.tell(person.ID, fmt.Sprint("program-due/a/", i))
	}
	o.work()
	o.run("INSERT INTO notice_messages (id, person_id, channel, about, state, made_at, due_at, most) VALUES (gen_random_uuid(), ?, 'email', 'address', 'ready', ?, 'infinity', 1)",
		person.ID, o.now)
	for _, later := range []struct {
		at      time.Duration
		gone    int64
		states  string
		notices int
	}{
		{179 * day, 0, "ready:1 sent:1", 3},
		{181 * day, 1, "ready:1", 3},
		{729 * day, 0, "ready:1", 3},
		{731 * day, 3, "ready:1", 0},
	} {
		o.now = begun.Add(later.at)
		gone, err := o.Tidy(ctx)
		must(t, err)
		o.work()
		o.is(fmt.Sprint("after ", later.at), later.states, 1)
		var notices int
		must(t, o.w.DB.NewRaw("SELECT count(*) FROM notices").Scan(ctx, &notices))
		if gone != later.gone || notices != later.notices {
			t.Errorf("after %s %d rows went and %d notices stand, want %d and %d", later.at, gone, notices, later.gone, later.notices)
		}
	}
}
