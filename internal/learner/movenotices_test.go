package learner_test

import (
	"testing"
	"time"

	"hocso/internal/audit"
	"hocso/internal/notify"
	"hocso/internal/worldtest"
)

// TestNoticesGoAlong: what the merged record was told stands in kept's inbox,
// but for occasions that kept was told of too; so do the wishes, where kept has
// none; and all goes back.
func TestNoticesGoAlong(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, twin := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	store := notify.NewStore(w.DB)
	for _, n := range []*notify.Notice{
		{PersonID: kept.ID, Occasion: "both"}, {PersonID: twin.ID, Occasion: "both"}, {PersonID: twin.ID, Occasion: "one"}, {PersonID: twin.ID, Occasion: "sent"},
	} {
		n.Kind, n.Link, n.MadeAt = "program-due", "/me/programs", time.Now()
		_, err := store.Queue(ctx, n)
		must(t, err)
	}
	must(t, store.SaveWishes(ctx, &notify.Wishes{PersonID: twin.ID, QuietFrom: 20, QuietUntil: 6, Daily: true}))
	token, err := w.Notices.NewFeed(ctx, audit.By{}, twin.ID)
	must(t, err)
	for occasion, state := range map[string]string{"one": "ready", "sent": "sent"} {
		id := worldtest.ID()
		run(t, w, `INSERT INTO notice_messages (id, person_id, channel, about, state, made_at, due_at, most, ended_at)
			VALUES (?0, ?1, 'email', 'notices', ?2, now(), now(), 16, CASE WHEN ?2 = 'sent' THEN now() END)`, id, twin.ID, state)
		run(t, w, `INSERT INTO notice_deliveries (notice_id, channel, person_id, due_at, message_id)
			SELECT id, 'email', person_id, now(), ? FROM notices WHERE person_id = ? AND occasion = ?`, id, twin.ID, occasion)
	}
	deliveries := func() (all string) {
		t.Helper()
		must(t, w.DB.NewRaw(`SELECT string_agg(occasion || CASE WHEN d.person_id = ? THEN ' kept' ELSE ' twin' END || CASE WHEN message_id IS NULL THEN ' waits' ELSE '' END, ', ' ORDER BY occasion)
			FROM notice_deliveries d JOIN notices n ON n.id = d.notice_id`, kept.ID).Scan(ctx, &all))
		return all
	}
	holds := func(when string, keptHas, twinHas int, feed any, waiting string) {
		t.Helper()
		for person, want := range map[any]int{kept.ID: keptHas, twin.ID: twinHas} {
			n, err := w.DB.NewSelect().Table("notices").Where("person_id = ?", person).Count(ctx)
			must(t, err)
			if int(n) != want {
				t.Errorf("%s: %d notices, want %d", when, n, want)
			}
		}
		if of, err := w.Notices.Feed(ctx, token); err != nil || of != feed {
			t.Errorf("%s: the calendar is of %v, %v", when, of, err)
		}
		if got := deliveries(); got != waiting {
			t.Errorf("%s: %s, want %s", when, got, waiting)
		}
	}
	merge, err := w.Records.Merge(ctx, kept.ID, twin.ID, audit.By{})
	must(t, err)
	holds("merged", 3, 1, kept.ID, "one kept waits, sent twin")
	wishes, err := store.Wishes(ctx, kept.ID)
	must(t, err)
	if !wishes.Daily || wishes.QuietFrom != 20 {
		t.Errorf("kept's wishes: %+v", wishes)
	}
	must(t, w.Records.Unmerge(ctx, kept.ID, merge.ID, audit.By{}))
	holds("apart again", 1, 3, twin.ID, "one twin waits, sent twin")
	if wishes, err := store.Wishes(ctx, kept.ID); err != nil || wishes.Daily {
		t.Errorf("kept's wishes afterwards: %+v, %v", wishes, err)
	}
}

func run(t *testing.T, w *worldtest.World, query string, args ...any) {
	t.Helper()
	_, err := w.DB.NewRaw(query, args...).Exec(ctx)
	must(t, err)
}
