package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hocso/internal/identity"
)

// fill types into a form's fields.
func (p *page) fill(values map[string]string) {
	p.t.Helper()
	for name, value := range values {
		if !eval[bool](p, fmt.Sprintf(`(() => { const f = document.querySelector('main [name=%q]'); if (!f) return false; f.value = %q; return true })()`, name, value)) {
			p.t.Fatalf("no field %s on %s", name, p.path())
		}
	}
}

// tick ticks a box.
func (p *page) tick(css string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`document.querySelector(%q).checked = true`, css))
}

// TestLearnFirstRegisterLater: somebody learns without an account, joins with
// the code of their hamlet, and keeps what they learned; it counts once.
func TestLearnFirstRegisterLater(t *testing.T) {
	t.Parallel()
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			before := figures(t, s)
			p := browse(t, s, phone, script)
			p.learnFirstCourse(s)
			p.waits(10*time.Second, "the result", func() bool { return strings.Contains(p.text(), "100") && !strings.Contains(p.text(), "Đang chấm") })
			if now := figures(t, s); now.Passed != before.Passed {
				t.Errorf("a guest counts: %d, %d before", now.Passed, before.Passed)
			}
			p.open("/join")
			p.fill(map[string]string{"code": strings.ToLower(s.joinCode(t))})
			p.click(`main form[action="/join"] button`)
			p.sees("Xã Nam Trà My", "được giữ lại cho bạn")
			p.fill(map[string]string{"name": "Zơrâm Thị Sáu", "birth_year": "1955", "unit": "20944-03", "pin": "482915", "pin_again": "482916"})
			p.tick(`main [name=agreed]`)
			p.click(`main form[method=post] button[type=submit]`)
			p.sees("Hai lần gõ không giống nhau")
			p.isAccessible()
			p.fill(map[string]string{"pin": "482915", "pin_again": "482915"})
			p.click(`main form[method=post] button[type=submit]`)
			p.sees("Chào mừng Zơrâm Thị Sáu")
			p.isAccessible()
			p.open("/me")
			p.sees("100")
			p.waits(5*time.Second, "the figures", func() bool { return figures(t, s).Passed == before.Passed+1 })
			if differences, err := s.pilot.Check(context.Background()); err != nil || len(differences) > 0 {
				t.Errorf("figures differ from a recount: %v, %v", differences, err)
			}
		})
	}
}

// TestACardWithThreePictures without scripts: choosing, leaving, coming back.
func TestACardWithThreePictures(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, false)
	card := "/card/" + s.card(t)
	press := func(pictures ...int) {
		for _, picture := range pictures {
			p.click(fmt.Sprintf(`.pin-grid button[name=picture][value="%d"]`, picture))
		}
	}
	p.open(card)
	p.sees("Chọn ba hình")
	press(2, 9, 4)
	p.sees("đúng ba hình vừa chọn")
	press(2, 4, 9)
	p.sees("không giống lần trước")
	press(2, 9, 4)
	press(2, 9, 4)
	p.click(`form[action="/sign-out"] button`)
	p.open(card)
	p.sees("Bấm ba hình bí mật")
	press(4, 9, 2)
	p.sees("Chưa đúng")
	p.isAccessible()
	press(2, 9, 4)
	p.open("/me/account")
	p.sees("Hồ Thị Mai")
}

// TestAHouseholdSharesAPhone: two taps to change, and nothing of one shows to
// another, also not by going back.
func TestAHouseholdSharesAPhone(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	p.signIn(identity.Resident)
	p.open("/me/account")
	p.sees("Hồ Thị Nguyệt")
	p.open("/me/data/print")
	p.sees("Hồ Thị Nguyệt")
	p.click(`form[action="/switch"] button`)
	p.sees("Ai học bây giờ?", "Hồ Thị Mai")
	eval[bool](p, "history.back() || true")
	time.Sleep(time.Second)
	if p.path() == "/me/data/print" || strings.Contains(p.text(), "Mã người học") {
		t.Errorf("going back shows what the one before saw:\n%s", p.text())
	}
	p.open("/switch")
	p.click(fmt.Sprintf(`main a[href="/switch/%s"]`, s.resident(t)))
	p.fill(map[string]string{"secret": "111112"})
	p.click(`main form:not(.pin-grid) button[type=submit]`)
	p.sees("Chưa đúng")
	p.isAccessible()
	p.fill(map[string]string{"secret": "482915"})
	p.click(`main form:not(.pin-grid) button[type=submit]`)
	p.open("/me/account")
	p.sees("Hồ Thị Mai")
	if strings.Contains(p.text(), "Nguyệt") {
		t.Error("one person's account shows another's name")
	}
}

// TestATeamMemberRegistersAndHelps in under half a minute of typing, and the
// record says that somebody helped.
func TestATeamMemberRegistersAndHelps(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	p.signIn(identity.TeamMember)
	p.open("/people/new")
	p.fill(map[string]string{"name": "hồ thị mai", "birth_year": "1994", "unit": "20944-02"})
	p.tick(`main [name=agreed]`)
	p.click(`main form[action="/people"] button[type=submit]`)
	p.sees("Có người giống thế này", "Hồ Thị Mai", "Trùng tên")
	p.isAccessible()
	p.tick(`main [name=another]`)
	p.click(`main form[action="/people"] button[type=submit]`)
	p.sees("Đã đăng ký", "hồ thị mai", "Nói miệng trước người làm chứng")
	p.click(`main form[action$="/assist"] button[value=helped]`)
	p.sees("Đang được giúp: hồ thị mai")
	p.isAccessible()
	p.open("/people")
	p.sees("Đang được giúp")
	if strings.Contains(p.text(), "Đăng ký cho bà con") {
		t.Error("beside a resident a helper still does their own work")
	}
	p.open("/courses/" + firstCourse)
	p.click(`form[action="/courses/` + firstCourse + `/enrol"] button`)
	p.click(`main form[action$="/finish"] button`)
	p.click(`form[action="/assist/end"] button`)
	p.sees("Bạn đã trở lại trang của mình", "hồ thị mai")
	var support string
	must(t, s.db.NewRaw("SELECT lp.support FROM lesson_progress lp JOIN enrolments e ON e.id = lp.enrolment_id JOIN people p ON p.id = e.person_id WHERE p.full_name = 'hồ thị mai'").
		Scan(context.Background(), &support))
	if support != "helped" {
		t.Errorf("the record says %q", support)
	}
}

// TestTheWayBackIsThroughTheCommune: a coordinator gives a temporary PIN, and
// whoever comes with it chooses their own before anything else.
func TestTheWayBackIsThroughTheCommune(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	coordinator := browse(t, s, laptop, true)
	coordinator.signIn(identity.Coordinator)
	coordinator.open("/people/" + s.resident(t).String())
	eval[bool](coordinator, `document.querySelectorAll('details').forEach(d => d.open = true) || true`)
	coordinator.click(`main form[action$="/reset"] button`)
	coordinator.sees("Mã PIN tạm thời")
	coordinator.isAccessible()
	pin := eval[string](coordinator, `document.querySelector('[role=status] .text-4xl').textContent.trim()`)
	code := eval[string](coordinator, `[...document.querySelectorAll('dd')].map(d => d.textContent.trim()).find(x => /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(x))`)

	resident := browse(t, s, phone, false)
	resident.open("/sign-in")
	resident.fillPlain(map[string]string{"login": code, "password": pin})
	resident.open("/me")
	resident.sees("mã tạm")
	resident.fillPlain(map[string]string{"secret": "739164", "again": "739164"})
	resident.open("/me")
	if !strings.Contains(resident.text(), "Việc học của tôi") {
		t.Errorf("after choosing their own PIN:\n%s", resident.text())
	}
}

// fillPlain types and sends a form; evaluating works for us also where the
// page's own scripts are off.
func (p *page) fillPlain(values map[string]string) {
	p.t.Helper()
	p.fill(values)
	for name := range values {
		p.click(fmt.Sprintf(`main form:has([name=%q]) button[type=submit]`, name))
		return
	}
}
