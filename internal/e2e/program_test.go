package e2e

import (
	"strings"
	"testing"
	"time"

	"hocso/internal/identity"
)

// visitPrograms looks at required learning as an official, as the head of a
// unit and as who makes programmes.
func (p *page) visitPrograms(s *site, visit func(label, path string)) {
	p.t.Helper()
	p.signIn(identity.Official)
	visit("programs-mine", "/me/programs")
	visit("programs-external", "/me/external")
	p.signIn(identity.UnitHead)
	visit("programs-unit", "/programs/at/"+commune)
	visit("programs-case", "/programs/cases/"+s.one(p.t, "SELECT a.id FROM program_assignments a JOIN units u ON u.id = a.unit_id WHERE u.code = '"+commune+"' AND a.state <> 'released' ORDER BY a.state DESC LIMIT 1"))
	visit("programs-waiting", "/external")
	p.signIn(identity.ProvinceAdmin)
	visit("programs-province", "/programs/at/48")
	visit("programs-report", "/programs/at/48/report")
	visit("programs-list", "/programs")
	visit("programs-new", "/programs/new")
	made := s.one(p.t, "SELECT id FROM programs ORDER BY made_at LIMIT 1")
	visit("programs-form", "/programs/"+made)
	visit("programs-preview", "/programs/"+made+"/preview")
	visit("programs-history", "/programs/"+made+"/history")
}

// one asks the database for one text.
func (s *site) one(t *testing.T, query string) string {
	t.Helper()
	var found string
	must(t, s.db.NewRaw("SELECT x::text FROM ("+query+") q (x)").Scan(t.Context(), &found))
	return found
}

// TestAProgrammeFromDraftToRecord: an administrator publishes a programme after
// confirming what is odd about it, an official sees it within seconds, hands in
// a certificate from elsewhere, the head accepts it and the official is done.
func TestAProgrammeFromDraftToRecord(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	keepLog(t, s)
	admin := browse(t, s, laptop, true)
	admin.signIn(identity.ProvinceAdmin)
	admin.open("/programs/new")
	admin.fill(map[string]string{"title": "Thư điện tử công vụ", "decision_number": "99/KH-UBND", "due_on": time.Now().AddDate(0, 1, 0).Format(time.DateOnly)})
	course := s.one(t, "SELECT id FROM courses WHERE slug = 'thu-dien-tu'")
	admin.tick(`input[name=course][value="` + course + `"]`)
	admin.tick(`input[name=role][value="official"]`)
	admin.click(`button[value=preview]`)
	admin.sees("Xem trước và ban hành", "Là Cán bộ")
	admin.isAccessible()
	admin.click(`form[action$="/publish"] button`)
	admin.sees("Đã ban hành")

	official := browse(t, s, phone, true)
	official.signIn(identity.Official)
	official.waits(5*time.Second, "the new programme", func() bool {
		official.open("/me/programs")
		return strings.Contains(official.text(), "Thư điện tử công vụ")
	})
	official.open("/me/external")
	official.fill(map[string]string{"title": "Email công vụ", "issuer": "One Touch", "issued_on": time.Now().AddDate(0, 0, -3).Format(time.DateOnly), "tiet": "2", "course": course})
	official.click(`form[action="/me/external"] button[type=submit]`)
	official.sees("đường dẫn hoặc chọn tệp")
	official.isAccessible()
	official.fill(map[string]string{"link": "https://example.vn/chung-nhan/1"})
	official.click(`form[action="/me/external"] button[type=submit]`)
	official.sees("Đã nộp chứng nhận", "Đang chờ xét")

	admin.open("/external")
	admin.sees("Email công vụ", "One Touch")
	admin.click(`button[value=refuse]`) // without saying why
	admin.sees("Xin ghi lý do")
	admin.isAccessible()
	admin.click(`button[value=accept]`)
	admin.sees("Đã trả lời", "Không có chứng nhận nào")
	official.waits(5*time.Second, "the programme completed", func() bool {
		official.open("/me/programs")
		return strings.Contains(official.text(), "Được chấp nhận") && s.one(t, `SELECT a.state FROM program_assignments a JOIN programs p ON p.id = a.program_id
			JOIN external_certificates x ON x.person_id = a.person_id WHERE p.definition->>'title' = 'Thư điện tử công vụ'`) == "completed"
	})
}

// TestTwoEditors: who saves second is told, and keeps what they typed.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	made := s.one(t, "SELECT id FROM programs ORDER BY made_at LIMIT 1")
	first, second := browse(t, s, laptop, true), browse(t, s, laptop, true)
	for _, p := range []*page{first, second} {
		p.signIn(identity.ProvinceAdmin)
		p.open("/programs/" + made)
	}
	first.fill(map[string]string{"title": "Bản của người thứ nhất"})
	first.click(`button[value=stay]`)
	first.sees("Bản của người thứ nhất")
	second.fill(map[string]string{"title": "Bản của người thứ hai"})
	second.click(`button[value=stay]`)
	second.sees("Người khác vừa sửa")
	if title := eval[string](second, "document.querySelector('#title').value"); title != "Bản của người thứ hai" {
		t.Errorf("what the second typed became %q", title)
	}
	second.isAccessible()
	second.click(`button[value=stay]`)
	second.sees("Bản của người thứ hai")
}

// TestRemindingInOneClick: the head reminds everybody who is late, once a day.
func TestRemindingInOneClick(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, false) // without scripts
	p.signIn(identity.ProvinceAdmin)
	p.open("/programs/at/48")
	p.click(`form[action$="/remind"] button`)
	p.sees("Đã gửi lời nhắc")
	told := s.one(t, "SELECT count(*) FROM notices WHERE kind = 'program-reminder'")
	if told == "0" {
		t.Error("nobody was reminded")
	}
	p.click(`form[action$="/remind"] button`)
	p.sees("đã được nhắc hôm nay")
	if again := s.one(t, "SELECT count(*) FROM notices WHERE kind = 'program-reminder'"); again != told {
		t.Errorf("%s notices, then %s", told, again)
	}
}

// TestWhoMovesIsReassigned: moving somebody on their page takes them into the
// programmes of their new unit, and out of those of the old, within five seconds.
func TestWhoMovesIsReassigned(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	admin := browse(t, s, laptop, true)
	admin.signIn(identity.ProvinceAdmin)
	admin.open("/programs/new")
	admin.fill(map[string]string{"title": "Riêng của một xã", "decision_number": "7/KH-UBND"})
	admin.tick(`input[name=course]`)
	unit := s.one(t, "SELECT id FROM units WHERE code = '"+commune+"'")
	eval[bool](admin, `document.querySelector('select[name=units] option[value="`+unit+`"]').selected = true`)
	admin.click(`button[value=preview]`)
	admin.sees("Thuộc: ", "Được giao mới")
	admin.click(`form[action$="/publish"] button`)
	admin.sees("Đã ban hành")

	const where = `SELECT coalesce(max(a.state), 'nowhere') FROM program_assignments a JOIN programs p ON p.id = a.program_id
		WHERE p.definition->>'title' = 'Riêng của một xã' AND a.person_id = `
	person := s.one(t, `SELECT p.id FROM people p JOIN units u ON u.id = p.home_unit_id JOIN units c ON c.id = u.parent_id
		WHERE p.registered_at IS NOT NULL AND c.kind = 'commune' AND c.code <> '`+commune+`' ORDER BY p.id LIMIT 1`)
	moveTo := func(code string) {
		admin.open("/people/" + person)
		eval[bool](admin, "document.querySelectorAll('details').forEach(d => d.open = true) || true")
		eval[string](admin, `document.querySelector('form[action="/people/`+person+`"] [name=unit]').value = "`+code+`"`)
		admin.click(`form[action="/people/` + person + `"] button[type=submit]`)
		admin.sees("Đã lưu")
	}
	before := s.one(t, "SELECT u.code FROM people p JOIN units u ON u.id = p.home_unit_id WHERE p.id = '"+person+"'")
	if state := s.one(t, where+"'"+person+"'"); state != "nowhere" {
		t.Fatalf("they are in it already: %s", state)
	}
	moveTo(s.one(t, "SELECT u.code FROM units u JOIN units c ON c.id = u.parent_id WHERE c.code = '"+commune+"' ORDER BY u.code LIMIT 1"))
	admin.waits(5*time.Second, "the programme of the new commune", func() bool {
		state := s.one(t, where+"'"+person+"'")
		return state != "nowhere" && state != "released"
	})
	moveTo(before)
	admin.waits(5*time.Second, "their release", func() bool { return s.one(t, where+"'"+person+"'") == "released" })
}
