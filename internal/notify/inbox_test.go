package notify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/platform/carrier"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/smtptest"
)

func TestAnInbox(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, other := o.official("an@example.vn"), o.official("binh@example.vn")
	for i := range 5 {
		o.now = noon.Add(time.Duration(i) * time.Minute)
		o.tell(person.ID, fmt.Sprintf("due/%d", i))
		o.tell(person.ID, fmt.Sprintf("due/%d", i)) // the same occasion
	}
	o.tell(other.ID, "due/0")
	must(t, notify.NewStore(o.w.DB).Withdraw(ctx, person.ID, "due/2", o.now))

	first, err := o.Inbox(ctx, person.ID, 0, 3)
	must(t, err)
	if len(first.Notices) != 3 || !first.More || first.Unread != 4 {
		t.Fatalf("%d notices, more %v, %d unread", len(first.Notices), first.More, first.Unread)
	}
	if got := first.Notices[0].Subject; got != "Còn 7 ngày: An toàn thông tin" {
		t.Errorf("it says %q", got)
	}
	second, err := o.Inbox(ctx, person.ID, 3, 3)
	must(t, err)
	if len(second.Notices) != 1 || second.More || second.Notices[0].Occasion != "due/0" {
		t.Errorf("%d notices on the second page", len(second.Notices))
	}

	if _, err := o.Open(ctx, other.ID, first.Notices[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's notice: %v", err)
	}
	for range 2 {
		link, err := o.Open(ctx, person.ID, first.Notices[0].ID)
		must(t, err)
		if link != "/me/programs" {
			t.Errorf("it leads to %s", link)
		}
	}
	o.unread(person, 3)
	must(t, o.ReadAll(ctx, person.ID, noon.Add(time.Minute))) // of a page that was drawn then
	o.unread(person, 1)
	o.unread(other, 1)
}

func (o *office) unread(person *identity.Person, want int) {
	o.t.Helper()
	viewer, err := o.w.Identity.Viewer(ctx, o.w.SignIn(o.t, person))
	must(o.t, err)
	if viewer.Unread != want {
		o.t.Errorf("%d unread, want %d", viewer.Unread, want)
	}
}

// TestWhoIsToldNothing: suspended, merged and erased people, those who declined,
// chose nothing, have no address, or what was withdrawn or read meanwhile.
func TestWhoIsToldNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*office, *identity.Person, *notify.Notice){
		"suspended": func(o *office, p *identity.Person, _ *notify.Notice) {
			o.run("UPDATE people SET suspended_at = now() WHERE id = ?", p.ID)
		},
		"erased": func(o *office, p *identity.Person, _ *notify.Notice) {
			o.run("UPDATE people SET erased_at = now() WHERE id = ?", p.ID)
		},
		"merged": func(o *office, p *identity.Person, _ *notify.Notice) {
			o.run("UPDATE people SET merged_into = ? WHERE id = ?", o.official("x@example.vn").ID, p.ID)
		},
		"declined": func(o *office, p *identity.Person, _ *notify.Notice) {
			o.run("INSERT INTO consents (id, person_id, purpose, given_at, how, withdrawn_at) VALUES (?, ?, 'contact', now(), 'self', now())", p.ID, p.ID)
		},
		"switched off": func(o *office, p *identity.Person, _ *notify.Notice) {
			w := notify.DefaultWishes(p.ID)
			w.Channels, w.ChangedAt = nil, o.now
			must(o.t, notify.NewStore(o.w.DB).SaveWishes(ctx, w))
		},
		"without an address": func(o *office, p *identity.Person, _ *notify.Notice) {
			o.run("UPDATE people SET email = NULL WHERE id = ?", p.ID)
		},
		"withdrawn": func(o *office, p *identity.Person, n *notify.Notice) {
			must(o.t, notify.NewStore(o.w.DB).Withdraw(ctx, p.ID, n.Occasion, o.now))
		},
		"read": func(o *office, p *identity.Person, n *notify.Notice) {
			_, err := o.Open(ctx, p.ID, n.ID)
			must(o.t, err)
		},
	} {
		for _, when := range []string{"before it is planned", "after the first try"} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				o := newOffice(t)
				person := o.official("an@example.vn")
				n := o.tell(person.ID, "due/1")
				if when == "after the first try" {
					o.mail.Follow(at(smtptest.Rcpt, "451 4.7.1 later"))
					o.work()
					o.mail.Follow(nil)
				}
				change(o, person, n)
				for range 3 {
					o.now = o.now.Add(time.Hour)
					o.work()
				}
				if taken := o.mail.Taken(); len(taken) > 0 {
					t.Errorf("they were told:\n%s", taken[0].Raw)
				}
				if states := o.states(); states != "" && states != "dropped:1" {
					t.Errorf("%s", states)
				}
			})
		}
	}
}

// TestOneMessageInsteadOfMany: what is due together comes together, in the
// morning what waited over night, and never more than a few messages a day.
func TestOneMessageInsteadOfMany(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := o.official("an@example.vn")
	o.now = time.Date(2026, 11, 27, 22, 30, 0, 0, noon.Location())
	for i := range 4 {
		o.tell(person.ID, fmt.Sprintf("night/%d", i))
		o.work()
	}
	o.is("at night", "", 0)
	o.now = o.now.Add(9 * time.Hour) // half past seven
	o.work()
	o.is("in the morning", "sent:1", 1)
	if raw := o.mail.Taken()[0].Raw; !strings.Contains(decoded(t, raw).subject, "4 thông báo: Còn 7 ngày: An toàn thông tin") {
		t.Errorf("a digest of four:\n%s", raw)
	}
	for i := range 10 {
		o.now = o.now.Add(10 * time.Minute)
		o.tell(person.ID, fmt.Sprintf("day/%d", i))
		o.work()
	}
	o.is("many in a day", "sent:5", 5)
	o.now = time.Date(2026, 11, 29, 8, 0, 0, 0, noon.Location())
	o.work()
	o.is("the next day", "sent:6", 6)
	if subject := decoded(t, o.mail.Taken()[5].Raw).subject; !strings.HasPrefix(subject, "6 thông báo") {
		t.Errorf("the rest came as %q", subject)
	}

	daily := o.official("binh@example.vn")
	w := notify.DefaultWishes(daily.ID)
	w.Daily, w.ChangedAt = true, o.now
	must(t, notify.NewStore(o.w.DB).SaveWishes(ctx, w))
	for i := range 3 {
		o.now = o.now.Add(time.Hour)
		o.tell(daily.ID, fmt.Sprintf("daily/%d", i))
		o.work()
	}
	o.is("once a day, before it", "sent:6", 6)
	o.now = time.Date(2026, 11, 30, 8, 0, 0, 0, noon.Location())
	o.work()
	o.is("once a day", "sent:7", 7)
}

// TestAnAddressOfOnesOwn is written to only once its link was opened.
func TestAnAddressOfOnesOwn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, other := o.official("co-quan@example.vn"), o.official("binh@example.vn")
	for _, wrong := range []string{"", "an", "an@example", "a n@example.vn", "An <an@example.vn>", "ần@example.vn", "an@example.vn,binh@example.vn", strings.Repeat("a", 250) + "@example.vn"} {
		if err := o.AskAddress(ctx, audit.By{}, person.ID, wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	must(t, o.AskAddress(ctx, audit.By{}, person.ID, " rieng@example.vn "))
	o.tell(person.ID, "due/1")
	o.work()
	var to []string
	var link string
	for _, l := range o.mail.Taken() {
		to = append(to, l.To)
		if l.To == "rieng@example.vn" {
			link = decoded(t, l.Raw).link("https://hocso.example.vn/me/notices/email/")
		}
	}
	if len(to) != 2 || link == "" {
		t.Fatalf("letters to %v, link %q", to, link)
	}
	if err := o.ConfirmAddress(ctx, audit.By{}, other.ID, link); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else opened it: %v", err)
	}
	must(t, o.ConfirmAddress(ctx, audit.By{}, person.ID, link))
	if err := o.ConfirmAddress(ctx, audit.By{}, person.ID, link); !fault.Is(err, fault.NotFound) {
		t.Errorf("a second time: %v", err)
	}
	o.tell(person.ID, "due/2")
	o.work()
	if taken := o.mail.Taken(); len(taken) != 3 || taken[2].To != "rieng@example.vn" {
		t.Errorf("once confirmed: %+v", taken)
	}
	must(t, o.DropAddress(ctx, audit.By{}, person.ID))
	o.tell(person.ID, "due/3")
	o.work()
	if taken := o.mail.Taken(); len(taken) != 4 || taken[3].To != "co-quan@example.vn" {
		t.Errorf("once dropped: %+v", taken)
	}

	for i := range 4 {
		err := o.AskAddress(ctx, audit.By{}, other.ID, fmt.Sprintf("x%d@example.vn", i))
		if (err == nil) != (i < 3) || err != nil && !fault.Is(err, fault.TooMany) {
			t.Errorf("letter %d of a day: %v", i+1, err)
		}
	}
	o.now = o.now.AddDate(0, 0, 1)
	must(t, o.AskAddress(ctx, audit.By{}, other.ID, "x@example.vn"))
}

// TestTheOperatorsFigures count what is on its way and what failed.
func TestTheOperatorsFigures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 3 {
		o.tell(o.official(fmt.Sprintf("gone%d@example.vn", i)).ID, "due/1")
	}
	o.mail.Follow(at(smtptest.Rcpt, "550 5.1.1 unknown"))
	o.work()
	o.mail.Follow(at(smtptest.Rcpt, "451 4.7.1 later"))
	o.tell(o.official("later@example.vn").ID, "due/1")
	o.work()
	o.mail.Follow(nil)
	o.tell(o.official("well@example.vn").ID, "due/1")
	o.work()
	queues, err := o.Queues(ctx)
	must(t, err)
	if q := queues[0]; q.Channel != notify.Email || q.Later != 1 || q.Ready != 0 || q.Sent != 1 {
		t.Errorf("%+v", q)
	}
	tallies, err := o.Tallies(ctx)
	must(t, err)
	if len(tallies) != 1 || tallies[0].Messages != 3 || tallies[0].Wanted != (notify.Wanted{State: notify.Failed, Channel: notify.Email, Cause: carrier.Recipient}) {
		t.Fatalf("%+v", tallies)
	}
	page, err := o.Failures(ctx, tallies[0].Wanted, 2, 2)
	must(t, err)
	if len(page) != 1 {
		t.Errorf("%d on the second page", len(page))
	}
	if n, err := o.SendAllAgain(ctx, audit.By{}, notify.Wanted{Cause: carrier.Busy}); n != 0 || err != nil {
		t.Errorf("%d of another cause, %v", n, err)
	}
	for _, want := range []int{3, 0} { // pressed twice
		if n, err := o.SendAllAgain(ctx, audit.By{}, tallies[0].Wanted); n != want || err != nil {
			t.Errorf("%d sent again, want %d, %v", n, want, err)
		}
	}
}
