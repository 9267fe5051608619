package notify_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/platform/carrier"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/mail"
	"hocso/internal/platform/smtptest"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is a place from which people are told things, with a mail server and a
// clock of its own.
type office struct {
	*notify.Service
	t    *testing.T
	w    *worldtest.World
	mail *smtptest.Server
	now  time.Time
	slow time.Duration // how long the mail server may take
}

// noon is a moment outside of anybody's quiet hours.
var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, clock.Zone)

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, w: worldtest.New(t), now: noon, slow: 10 * time.Second}
	server, err := smtptest.Start("")
	must(t, err)
	o.mail = server
	t.Cleanup(server.Close)
	o.Service = o.service()
	return o
}

// service is another process's.
func (o *office) service() *notify.Service {
	return o.serviceOn(config.SMTP{Addr: o.mail.Addr(), From: "Học Số <hocso@example.vn>", TLS: "none", Timeout: o.slow})
}

// serviceOn sends through another mail server.
func (o *office) serviceOn(cfg config.SMTP) *notify.Service {
	ways := notify.Ways{Carriers: map[notify.Channel]carrier.Carrier{notify.Email: mail.New(cfg, "hocso.example.vn")}, URL: "https://hocso.example.vn"}
	return notify.NewService(o.w.DB, o.w.Bell, ways, func() time.Time { return o.now }, slog.New(slog.NewTextHandler(io.Discard, nil)))
}

// official adds somebody whose record holds an e-mail address.
func (o *office) official(email string) *identity.Person {
	o.t.Helper()
	person := o.w.Person(o.t, o.w.Communes[0], identity.Official)
	o.run("UPDATE people SET email = ? WHERE id = ?", email, person.ID)
	return person
}

func (o *office) run(query string, args ...any) {
	o.t.Helper()
	_, err := o.w.DB.NewRaw(query, args...).Exec(ctx)
	must(o.t, err)
}

// tell queues a notice of a deadline for somebody.
func (o *office) tell(person uuid.UUID, occasion string) *notify.Notice {
	o.t.Helper()
	n := &notify.Notice{
		PersonID: person, Kind: "program-due", Occasion: occasion, Link: "/me/programs", MadeAt: o.now,
		Data: map[string]string{"program": "An toàn thông tin", "due": "04/12/2026", "days": "7", "left": "0/1"},
	}
	_, err := notify.NewStore(o.w.DB).Queue(ctx, n)
	must(o.t, err)
	return n
}

// work does all that is due.
func (o *office) work() {
	o.t.Helper()
	o.workAs(o.Service)
}

func (o *office) workAs(s *notify.Service) {
	o.t.Helper()
	for {
		n, err := s.SendDue(ctx)
		must(o.t, err)
		if n == 0 {
			return
		}
	}
}

// states counts messages: "sent:1 unsure:2".
func (o *office) states() (all string) {
	o.t.Helper()
	must(o.t, o.w.DB.NewRaw(`SELECT coalesce(string_agg(state || ':' || n, ' ' ORDER BY state), '') FROM (SELECT state, count(*) n FROM notice_messages GROUP BY 1) x`).Scan(ctx, &all))
	return all
}

func (o *office) is(when, states string, taken int) {
	o.t.Helper()
	if got := o.states(); got != states {
		o.t.Errorf("%s: %s, want %s", when, got, states)
	}
	if got := len(o.mail.Taken()); got != taken {
		o.t.Errorf("%s: %d letters were taken, want %d", when, got, taken)
	}
}

// at answers so at one stage.
func at(stage smtptest.Stage, reply string) smtptest.Script {
	return func(s smtptest.Stage, _ smtptest.Letter) string {
		if s == stage {
			return reply
		}
		return smtptest.Usual
	}
}

// TestWhateverTheMailServerDoes: after each fault a letter is either known not
// to be taken, and then tried again until it is taken once, or in doubt, and
// then left to the operators.
func TestWhateverTheMailServerDoes(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		name   string
		script smtptest.Script
		after  string // states, once it was tried
		cause  carrier.Cause
		code   string
		taken  int
	}{
		{"it refuses connections", at(smtptest.Greeting, "554 5.3.2 not today"), "ready:1", carrier.SignIn, "554 5.3.2", 0},
		{"it is too busy", at(smtptest.Greeting, "421 4.3.2 later"), "ready:1", carrier.Busy, "421 4.3.2", 0},
		{"it cuts the connection at once", at(smtptest.Greeting, smtptest.Cut), "ready:1", carrier.Unreachable, "", 0},
		{"it says nothing", at(smtptest.Greeting, smtptest.Hang), "ready:1", carrier.Slow, "", 0},
		{"it does not like us", at(smtptest.Mail, "550 5.7.1 no"), "ready:1", carrier.Refused, "550 5.7.1", 0},
		{"the mailbox is full", at(smtptest.Rcpt, "452 4.2.2 full"), "ready:1", carrier.Busy, "452 4.2.2", 0},
		{"there is no such mailbox", at(smtptest.Rcpt, "550 5.1.1 <an@example.vn> unknown"), "failed:1", carrier.Recipient, "550 5.1.1", 0},
		{"it does not relay for us", at(smtptest.Rcpt, "554 5.7.1 relaying denied"), "ready:1", carrier.Refused, "554 5.7.1", 0},
		{"it hangs at the recipient", at(smtptest.Rcpt, smtptest.Hang), "ready:1", carrier.Slow, "", 0},
		{"it cuts the connection before the letter", at(smtptest.Data, smtptest.Cut), "ready:1", carrier.Broken, "", 0},
		{"it refuses for now after the letter", at(smtptest.Dot, "451 4.3.0 later"), "ready:1", carrier.Busy, "451 4.3.0", 0},
		{"it refuses for good after the letter", at(smtptest.Dot, "554 5.6.0 spam"), "failed:1", carrier.Refused, "554 5.6.0", 0},
		{"it cuts the connection after the letter", at(smtptest.Dot, smtptest.Cut), "unsure:1", carrier.NoAnswer, "", 0},
		{"it takes the letter and cuts the connection", at(smtptest.Dot, smtptest.TakeCut), "unsure:1", carrier.NoAnswer, "", 1},
		{"it takes the letter and says nothing", at(smtptest.Dot, smtptest.TakeHang), "unsure:1", carrier.NoAnswer, "", 1},
	} {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.tell(o.official("an@example.vn").ID, "due/1")
			o.mail.Follow(fault.script)
			if strings.Contains(fault.name, "hangs") || strings.Contains(fault.name, "says nothing") {
				o.slow = 200 * time.Millisecond
			}
			o.workAs(o.service())
			o.slow = 10 * time.Second
			o.is("after the fault", fault.after, fault.taken)
			var cause carrier.Cause
			var code string
			must(t, o.w.DB.NewRaw("SELECT cause, code FROM notice_messages").Scan(ctx, &cause, &code))
			if cause != fault.cause || code != fault.code {
				t.Errorf("%s %q, want %s %q", cause, code, fault.cause, fault.code)
			}
			// The server is well again, and hours go by.
			o.mail.Follow(nil)
			for range 3 {
				o.now = o.now.Add(2 * time.Hour)
				o.work()
			}
			if strings.HasPrefix(fault.after, "ready") {
				o.is("when the server is well again", "sent:1", 1)
				return
			}
			o.is("when the server is well again", fault.after, fault.taken)
			failures, err := o.Failures(ctx, notify.Wanted{}, 0, 10)
			must(t, err)
			if len(failures) != 1 {
				t.Fatalf("%d failures", len(failures))
			}
			if f := failures[0]; f.Cause != fault.cause || f.Masked != "a…@example.vn" || len(f.Kinds) != 1 || f.Kinds[0] != "program-due" {
				t.Errorf("%+v", f)
			}
			for _, wanted := range []int{1, 0} { // pressed twice
				n, err := o.SendAgain(ctx, audit.By{}, failures[0].ID)
				must(t, err)
				if n != wanted {
					t.Errorf("%d sent again, want %d", n, wanted)
				}
			}
			o.work()
			o.is("sent again", "sent:1", fault.taken+1)
			if len(o.mail.Times()) != 1 {
				t.Errorf("a repeat has another Message-ID: %v", o.mail.Times())
			}
		})
	}
}

// TestAMailServerThatIsDown is not knocked at thousands of times, and in the
// end everybody is told once.
func TestAMailServerThatIsDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const people = 60
	for i := range people {
		o.tell(o.official(fmt.Sprintf("p%d@example.vn", i)).ID, "due/1")
	}
	addr := o.mail.Addr()
	o.mail.Close()
	o.work()
	var tried int
	must(t, o.w.DB.NewRaw("SELECT count(*) FROM notice_messages WHERE attempts > 0").Scan(ctx, &tried))
	if o.states() != fmt.Sprintf("ready:%d", people) || tried != 1 {
		t.Errorf("%s, %d tried", o.states(), tried)
	}
	o.now = o.now.Add(time.Hour)
	var err error
	o.mail, err = smtptest.Start(addr)
	must(t, err)
	t.Cleanup(o.mail.Close)
	o.work()
	o.is("back again", fmt.Sprintf("sent:%d", people), people)
}

// TestItIsGivenUpInTheEnd after a day and a half, not earlier.
func TestItIsGivenUpInTheEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.tell(o.official("an@example.vn").ID, "due/1")
	o.mail.Follow(at(smtptest.Rcpt, "451 4.7.1 later"))
	began := o.now
	for o.states() != "failed:1" && o.now.Sub(began) < 10*24*time.Hour {
		o.now = o.now.Add(30 * time.Minute)
		o.work()
	}
	if took := o.now.Sub(began); took < 24*time.Hour || took > 5*24*time.Hour {
		t.Errorf("given up after %v", took)
	}
	o.mail.Follow(nil)
	n, err := o.SendAllAgain(ctx, audit.By{}, notify.Wanted{Cause: carrier.Busy})
	must(t, err)
	o.now = noon.AddDate(0, 0, 10)
	o.work()
	o.is("sent again", "sent:1", 1)
	if n != 1 {
		t.Errorf("%d sent again", n)
	}
}

// TestManyWorkersTellOnce: processes side by side over the same notices.
func TestManyWorkersTellOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const people = 150
	for i := range people {
		person := o.official(fmt.Sprintf("p%d@example.vn", i))
		o.tell(person.ID, "due/1")
		o.tell(person.ID, "due/2")
	}
	done := make(chan error)
	const workers = 4
	for range workers {
		s := o.service()
		go func() {
			for idle := 0; idle < 20; { // prepared by one, handed over by all
				n, err := s.SendDue(ctx)
				if err != nil {
					done <- err
					return
				}
				if idle++; n > 0 {
					idle = 0
				}
			}
			done <- nil
		}()
	}
	for range workers {
		must(t, <-done)
	}
	o.work()
	o.is("in the end", fmt.Sprintf("sent:%d", people), people)
	to := map[string]int{}
	for _, l := range o.mail.Taken() {
		to[l.To]++
	}
	if len(to) != people {
		t.Errorf("%d people were told", len(to))
	}
}
