package e2e

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/uuid"

	"hocso/internal/identity"
	"hocso/internal/notify"
	"hocso/internal/platform/config"
	"hocso/internal/platform/smtptest"
)

// visitNotices looks at what an official is told, at the words of notices and at
// what could not be delivered.
func (p *page) visitNotices(s *site, visit func(label, path string)) {
	p.t.Helper()
	p.signIn(identity.Official)
	visit("notices", "/me/notices")
	visit("notices-settings", "/me/notices/settings")
	visit("notices-confirm", "/me/notices/email/abc")
	p.signIn(identity.ProvinceAdmin)
	visit("templates", "/notices/templates")
	visit("template", "/notices/templates/program-due")
	p.signIn(identity.Operator)
	visit("notices-none", "/me/notices")
	visit("failures", "/ops/notices")
}

// withMail is a site that sends e-mail to a server of the test.
func withMail(t *testing.T) (*site, *smtptest.Server) {
	t.Helper()
	server, err := smtptest.Start("")
	must(t, err)
	t.Cleanup(server.Close)
	return startSiteWith(t, &config.Config{SMTP: config.SMTP{Addr: server.Addr(), From: "Học Số <hocso@example.vn>", TLS: "none", Timeout: 5 * time.Second}}), server
}

// official is the demonstration's, whose notices of the past are read.
func (s *site) official(t *testing.T) uuid.UUID {
	t.Helper()
	return uuid.MustParse(s.one(t, "SELECT g.person_id FROM role_grants g JOIN sessions se ON se.person_id = g.person_id WHERE g.role = 'official' ORDER BY se.created_at DESC LIMIT 1"))
}

// tell queues a notice for somebody.
func (s *site) tell(t *testing.T, person uuid.UUID, occasion string) {
	t.Helper()
	_, err := notify.NewStore(s.db).Queue(context.Background(), &notify.Notice{
		PersonID: person, Kind: "program-due", Occasion: occasion, Link: "/me/programs", MadeAt: time.Now(),
		Data: map[string]string{"program": "Thư điện tử công vụ", "due": "04/12/2026", "days": "7", "left": "0/1"},
	})
	must(t, err)
}

// TestReadingNotices: the header says that something is new; opening it leads to
// what it is about and counts as reading. On a phone without scripts.
func TestReadingNotices(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, false)
	p.signIn(identity.Official)
	person := s.official(t)
	must(t, s.inbox(person))
	s.tell(t, person, "test/1")
	s.tell(t, person, "test/2")
	p.open("/")
	if bell := eval[string](p, `document.querySelector('header a[href="/me/notices"]').getAttribute('aria-label')`); !strings.Contains(bell, "2 chưa đọc") {
		t.Errorf("the bell says %q", bell)
	}
	p.click(`header a[href="/me/notices"]`)
	p.sees("2 thông báo chưa đọc", "Còn 7 ngày: Thư điện tử công vụ", "Bạn đã xong 0/1 khóa.")
	p.click(`main form[action$="/open"] button`)
	if p.path() != "/me/programs" {
		t.Errorf("it leads to %s", p.path())
	}
	p.open("/me/notices")
	p.sees("1 thông báo chưa đọc")
	must(t, notify.NewStore(s.db).Withdraw(context.Background(), person, "test/1", time.Now()))
	p.click(`form[action="/me/notices/read"] button`)
	p.sees("Bạn đã đọc hết.")
	if strings.Count(p.text(), "Thư điện tử công vụ")/2 != 1 {
		t.Errorf("what was withdrawn is still there:\n%s", p.text())
	}
}

// inbox empties somebody's inbox of what the demonstration made.
func (s *site) inbox(person uuid.UUID) error {
	_, err := s.db.NewRaw("UPDATE notices SET read_at = now() WHERE person_id = ? AND read_at IS NULL", person).Exec(context.Background())
	return err
}

// TestChoosingHowToBeTold: an official gives an address, confirms it from the
// letter, has quiet switched off, and is told there; when the address turns out
// dead, an operator sees why and sends again.
func TestChoosingHowToBeTold(t *testing.T) {
	t.Parallel()
	s, server := withMail(t)
	p := browse(t, s, phone, true)
	p.signIn(identity.Official)
	person := s.official(t)
	p.open("/me/notices/settings")
	p.sees("Chưa có địa chỉ thư điện tử")
	p.isAccessible()
	p.fits()
	p.shoot("phone-settings")
	eval[bool](p, `document.querySelector('main form[action="/me/notices/email"]').noValidate = true`)
	p.fill(map[string]string{"email": "không phải"})
	p.click(`form[action="/me/notices/email"] button`)
	p.sees("Địa chỉ thư chưa đúng")
	p.isAccessible()
	p.fill(map[string]string{"email": "an@example.vn"})
	p.click(`form[action="/me/notices/email"] button`)
	p.sees("Đã gửi một thư đến an@example.vn")
	p.open(letterLink(p, server, 1, "/me/notices/email/"))
	p.isAccessible()
	p.click(`main form button`)
	p.sees("Đã xác nhận", "Thư gửi đến an@example.vn, do bạn ghi")
	p.fill(map[string]string{"quiet_from": "0", "quiet_until": "0"})
	p.click(`form[action="/me/notices/settings"] button[type=submit]`)
	p.sees("Đã lưu")

	server.Follow(func(stage smtptest.Stage, _ smtptest.Letter) string {
		if stage == smtptest.Rcpt {
			return "550 5.1.1 no such mailbox"
		}
		return smtptest.Usual
	})
	s.tell(t, person, "test/1")
	operator := browse(t, s, laptop, true)
	operator.signIn(identity.Operator)
	operator.waits(10*time.Second, "the failure", func() bool {
		operator.open("/ops/notices")
		return strings.Contains(operator.text(), "a…@example.vn")
	})
	operator.sees("Địa chỉ không tồn tại", "550 5.1.1", "Sắp đến hạn", "Không gửi được")
	operator.isAccessible()
	operator.fits()
	operator.shoot("laptop-failures")
	on := browse(t, s, phone, true)
	on.signIn(identity.Operator)
	on.open("/ops/notices")
	on.isAccessible()
	on.fits()
	on.shoot("phone-failures")
	server.Follow(nil)
	operator.click(`form[action="/ops/notices/again"] button`)
	operator.sees("Đã xếp vào hàng để gửi lại")
	letterLink(p, server, 2, "/me/programs")
	operator.waits(10*time.Second, "nothing left", func() bool {
		operator.open("/ops/notices")
		return strings.Contains(operator.text(), "Không có gì gửi lỗi.")
	})
}

// letterLink waits for so many letters and gives the path of a link in the last.
func letterLink(p *page, server *smtptest.Server, letters int, path string) string {
	p.t.Helper()
	p.waits(10*time.Second, "a letter", func() bool { return len(server.Taken()) == letters })
	raw := strings.ReplaceAll(server.Taken()[letters-1].Raw, "=\n", "")
	found := regexp.MustCompile(regexp.QuoteMeta(p.url) + `(` + regexp.QuoteMeta(path) + `[\w-]*)`).FindStringSubmatch(raw)
	if found == nil {
		p.t.Fatalf("no link to %s in the letter:\n%s", path, raw)
	}
	return found[1]
}

// TestTheWordsOfANotice: an administrator changes what a kind says, is told what
// is wrong and what another did meanwhile, and goes back to the original.
func TestTheWordsOfANotice(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	const path = "/notices/templates/program-due"
	first, second := browse(t, s, laptop, true), browse(t, s, phone, true)
	for _, p := range []*page{first, second} {
		p.signIn(identity.ProvinceAdmin)
		p.open("/notices/templates")
		p.click(`main a[href="` + path + `"]`)
	}
	first.sees("Còn 7 ngày: Kỹ năng số nền tảng cho cán bộ") // the example
	first.fill(map[string]string{"subject": "Nhắc {ten}", "short": ""})
	first.click(`button[value=save]`)
	first.sees("Không có chỗ điền {ten}", "Không được để trống", "Còn 2 chỗ cần sửa")
	first.isAccessible()
	first.fill(map[string]string{"subject": "Sắp hết hạn {program}", "short": "{program} còn {days} ngày"})
	first.click(`button[value=preview]`)
	first.sees("Sắp hết hạn Kỹ năng số nền tảng cho cán bộ", "Kỹ năng số nền tảng cho cán bộ còn 7 ngày")
	first.click(`button[value=save]`)
	first.sees("Đã lưu", "Quay về bản gốc")
	first.isAccessible()
	first.shoot("laptop-template-own")

	second.fill(map[string]string{"subject": "Lời của người thứ hai {program}"})
	second.click(`button[value=save]`)
	second.sees("Người khác vừa sửa mẫu này")
	if typed := eval[string](second, "document.querySelector('#subject').value"); typed != "Lời của người thứ hai {program}" {
		t.Errorf("what the second typed became %q", typed)
	}
	second.isAccessible()
	second.fits()

	official := browse(t, s, phone, true)
	official.signIn(identity.Official)
	s.tell(t, s.official(t), "test/1")
	official.open("/me/notices")
	official.sees("Sắp hết hạn Thư điện tử công vụ")
	first.open(path)
	eval[bool](first, `document.querySelector('main details').open = true`)
	first.click(`main details form button`)
	first.sees("Đã quay về bản gốc", "Còn 7 ngày: Kỹ năng số nền tảng cho cán bộ")
}

// TestACalendarOfDeadlines: the private address gives what an independent reader
// understands, until it is switched off.
func TestACalendarOfDeadlines(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	p.signIn(identity.Official)
	p.open("/me/notices/settings")
	p.click(`form[action="/me/notices/calendar"] button`)
	p.sees("chỉ hiện một lần")
	p.isAccessible()
	p.fits()
	p.shoot("phone-calendar")
	address := eval[string](p, "document.querySelector('#feed').value")
	answer, err := http.Get(address)
	must(t, err)
	defer answer.Body.Close()
	calendar, err := ical.NewDecoder(answer.Body).Decode()
	must(t, err)
	events := calendar.Events()
	open := s.one(t, "SELECT count(*) FROM program_assignments WHERE person_id = '"+s.official(t).String()+"' AND due_on IS NOT NULL AND state NOT IN ('released', 'completed', 'exempt')")
	if len(events) == 0 || strconv.Itoa(len(events)) != open {
		t.Errorf("%d events, %s open deadlines", len(events), open)
	}
	for _, event := range events {
		title, err := event.Props.Text(ical.PropSummary)
		must(t, err)
		from, err := event.DateTimeStart(time.UTC)
		must(t, err)
		if !strings.HasPrefix(title, "Hạn học: ") || from.IsZero() || len(event.Children) != 2 {
			t.Errorf("%q on %v with %d alarms", title, from, len(event.Children))
		}
	}
	again, err := http.NewRequest(http.MethodGet, address, nil)
	must(t, err)
	again.Header.Set("If-None-Match", answer.Header.Get("ETag"))
	unchanged, err := http.DefaultClient.Do(again)
	must(t, err)
	defer unchanged.Body.Close()
	if unchanged.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", unchanged.StatusCode)
	}
	p.open("/me/notices/settings")
	p.click(`form[action="/me/notices/calendar/end"] button`)
	p.sees("Đã tắt")
	gone, err := http.Get(address)
	must(t, err)
	defer gone.Body.Close()
	if body, _ := io.ReadAll(gone.Body); gone.StatusCode != http.StatusNotFound {
		t.Errorf("switched off: %d %s", gone.StatusCode, body)
	}
}
