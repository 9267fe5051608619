package faults

import (
	"sync/atomic"
	"testing"
	"time"

	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/platform/smtptest"
)

// reminders queues a notice for so many people who have e-mail and no quiet hours.
func (w *town) reminders(t *testing.T, people int) {
	t.Helper()
	var notices []*notify.Notice
	for range people {
		person := w.world.Person(t, w.world.Communes[0], identity.Official)
		notices = append(notices, &notify.Notice{
			PersonID: person.ID, Kind: "program-due", Occasion: "due/1", Link: "/me/programs", MadeAt: time.Now(),
			Data: map[string]string{"program": "An toàn thông tin", "due": "04/12/2026", "days": "7", "left": "0/1"},
		})
	}
	for _, statement := range []string{
		"UPDATE people SET email = id || '@example.vn'",
		`INSERT INTO notice_wishes SELECT id, '{"reminders": ["email"]}', false, 0, 0, now() FROM people`,
	} {
		_, err := w.world.DB.NewRaw(statement).Exec(t.Context())
		must(t, err)
	}
	_, err := notify.NewStore(w.world.DB).Queue(t.Context(), notices...)
	must(t, err)
}

// told counts messages in a state.
func (w *town) told(t *testing.T, states ...notify.State) (count int) {
	t.Helper()
	for _, state := range states {
		n, err := w.world.DB.NewSelect().Table("notice_messages").Where("state = ?", state).Count(t.Context())
		must(t, err)
		count += int(n)
	}
	return count
}

// mailing is a worker that sends e-mail to a server of the test.
func (w *town) mailing(t *testing.T, server *smtptest.Server) *process {
	t.Helper()
	environment := append(w.environment(), "HOCSO_URL=https://hocso.example.vn", "HOCSO_SMTP_ADDR="+server.Addr(), "HOCSO_SMTP_FROM=hocso@example.vn", "HOCSO_SMTP_TLS=none")
	p := start(t, w.name("work"), environment, "work")
	p.says(t, working)
	return p
}

// TestAWorkerIsKilledInTheMiddleOfAMassReminder, again and again: nobody is told
// twice, nobody is forgotten, and at most the letters whose last line had just
// gone out are left to the operators as unsure.
func TestAWorkerIsKilledInTheMiddleOfAMassReminder(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, err := smtptest.Start("")
	must(t, err)
	t.Cleanup(server.Close)
	const people, lives = 400, 4
	w.reminders(t, people)
	var hanging atomic.Bool
	server.Follow(func(stage smtptest.Stage, _ smtptest.Letter) string {
		if stage == smtptest.Dot && hanging.Load() {
			return smtptest.TakeHang // it has the letter; the worker never hears of it
		}
		return smtptest.Usual
	})
	for life := range lives {
		doomed := w.mailing(t, server)
		until(t, 20*time.Second, "some letters are on their way", func() bool { return len(server.Taken()) > life*people/(lives+1) })
		if life%2 == 1 { // in the worst moment: taken, and not yet confirmed
			hanging.Store(true)
			until(t, 10*time.Second, "a letter hangs", func() bool { return w.told(t, notify.Handing) > 0 })
		}
		doomed.kill(t)
		hanging.Store(false)
		// Time passes: whoever is dead lets go of what it had.
		_, err := w.world.DB.NewRaw("UPDATE notice_messages SET lease_until = now() - interval '1 second' WHERE state IN ('claimed', 'handing')").Exec(t.Context())
		must(t, err)
	}
	w.mailing(t, server)
	until(t, 30*time.Second, "everybody was told", func() bool { return w.told(t, notify.Sent, notify.Unsure) == people })
	unsure := w.told(t, notify.Unsure)
	if unsure == 0 || unsure > 4*lives { // four letters at a time, in each life
		t.Errorf("%d are unsure", unsure)
	}
	times := server.Times()
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was taken %d times", id, n)
		}
	}
	if sent := w.told(t, notify.Sent); len(times) < sent || len(times) > sent+unsure {
		t.Errorf("%d letters were taken, %d are written down as sent and %d as unsure", len(times), sent, unsure)
	}
	to := map[string]bool{}
	for _, l := range server.Taken() {
		to[l.To] = true
	}
	if len(to) != len(times) {
		t.Errorf("%d people got %d letters", len(to), len(times))
	}
}
