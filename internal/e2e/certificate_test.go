package e2e

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/shortcode"
	"hocso/internal/platform/testkit"
	"hocso/internal/platform/testkit/verifier"
)

// visitRecords looks at records of completion as whoever checks one, as their
// holder and as those who look after them.
func (p *page) visitRecords(s *site, visit func(label, path string)) {
	p.t.Helper()
	code := s.one(p.t, "SELECT code FROM certificates WHERE program_id IS NOT NULL ORDER BY issued_at, id LIMIT 1")
	visit("verify", "/v")
	visit("verify-found", "/v/"+code)
	visit("verify-mistyped", "/v?code="+swapped(code))
	visit("verify-missing", "/v/22222222")
	p.signIn(identity.Official)
	visit("records-mine", "/me/certificates")
	p.signIn(identity.UnitHead)
	record := s.one(p.t, `SELECT c.id FROM certificates c JOIN units u ON u.id = c.unit_id
		WHERE u.code = '`+commune+`-01' AND NOT EXISTS (SELECT FROM role_grants g WHERE g.person_id = c.person_id) ORDER BY c.issued_at, c.id LIMIT 1`)
	visit("record", "/certificates/"+record)
	visit("record-revoke", "/certificates/"+record+"/revoke")
	visit("records", "/certificates")
	visit("records-unit", "/certificates?unit="+commune+"-01")
	visit("records-paper", "/certificates/list?unit="+commune+"-01")
	p.signIn(identity.ProvinceAdmin)
	visit("records-template", "/certificates/template/48")
}

// swapped is a code as somebody types it who swaps two signs.
func swapped(code string) string {
	for i := range len(code) - 1 {
		if code[i] != code[i+1] {
			return code[:i] + code[i+1:i+2] + code[i:i+1] + code[i+2:]
		}
	}
	return code
}

// fetch reads a file as the tab's person would save it.
func (p *page) fetch(path string) []byte {
	p.t.Helper()
	encoded := eval[string](p, `(() => { const r = new XMLHttpRequest(); r.open('GET', '`+path+`', false); r.overrideMimeType('text/plain; charset=x-user-defined');
		r.send(); return btoa(Array.from(r.responseText, c => String.fromCharCode(c.charCodeAt(0) & 255)).join('')) })()`)
	file, err := base64.StdEncoding.DecodeString(encoded)
	must(p.t, err)
	return file
}

// scanned reads the QR of a file's first page as a phone would, from a picture.
func scanned(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "giay")
	must(t, os.WriteFile(path+".pdf", file, 0o600))
	testkit.Run(t, "pdftoppm", "-r", "100", "-png", "-singlefile", path+".pdf", path)
	return strings.TrimSpace(testkit.Run(t, "zbarimg", "-q", "--raw", path+".png"))
}

// TestARecordFromCheckToRevoked: a resident completes a course alone, finds the
// record, somebody scans its QR, the commune revokes it, and the paper is
// worth nothing.
func TestARecordFromCheckToRevoked(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	keepLog(t, s)
	resident := browse(t, s, phone, true)
	resident.signIn(identity.Resident)
	resident.open("/me/certificates")
	resident.sees("chưa có giấy ghi nhận nào")
	resident.isAccessible()
	resident.learnFirstCourse(s)
	resident.waits(15*time.Second, "the record", func() bool {
		resident.open("/me/certificates")
		return strings.Contains(resident.text(), "Tải giấy")
	})
	resident.sees("Có giá trị", "Gửi, chép")
	resident.isAccessible()
	resident.fits()
	resident.shoot("record-mine")

	link := scanned(t, resident.fetch(eval[string](resident, `document.querySelector('a[href$="/pdf"]').getAttribute('href')`)))
	if !strings.HasPrefix(link, s.url+"/v/") {
		t.Fatalf("the QR leads to %q", link)
	}
	anyone := browse(t, s, phone, false)
	anyone.open(strings.TrimPrefix(link, s.url))
	of := " FROM certificates WHERE code = '" + link[len(link)-shortcode.Length:] + "'"
	name := s.one(t, "SELECT facts->>'name'"+of)
	anyone.sees("Giấy này có giá trị", name, "Xã Nam Trà My")

	resident.press("main details summary")
	resident.sees("Open Badges 3.0", "họ tên của bạn")
	resident.isAccessible()
	resident.fits()
	resident.shoot("records-digital")
	signed := resident.fetch(eval[string](resident, `document.querySelector('a[href$="/credential"]').getAttribute('href')`))
	before := s.asks(t, signed)
	resident.prefer("size", "l")
	resident.fits()

	keeper := browse(t, s, laptop, true)
	keeper.signIn(identity.Coordinator)
	keeper.open("/people/" + s.one(t, "SELECT person_id"+of))
	keeper.click(`main a[href^="/certificates/"]`)
	keeper.sees(name)
	keeper.click(`main a[href$="/revoke"]`)
	keeper.click(`main form[action$="/revoke"] button`) // without saying why
	keeper.sees("Xin chọn lý do", "Xin giải thích ngắn")
	keeper.isAccessible()
	keeper.tick(`input[name=reason][value=mistaken]`)
	keeper.fill(map[string]string{"note": "Cấp nhầm người cùng tên"})
	keeper.click(`main form[action$="/revoke"] button`)
	keeper.sees("Đã thu hồi", "Cấp nhầm người cùng tên")
	keeper.isAccessible()

	anyone.open(strings.TrimPrefix(link, s.url))
	anyone.sees("Giấy này đã bị thu hồi", "cấp nhầm")
	if strings.Contains(anyone.text(), "cùng tên") {
		t.Error("everybody reads the note for the holder")
	}
	resident.open("/me/certificates")
	resident.sees("Đã thu hồi", "Cấp nhầm người cùng tên")

	said := verifier.Verify(t, before, s.asks(t, signed))
	if !said[0].Verified || said[0].Revoked || !said[1].Verified || !said[1].Revoked {
		t.Errorf("the digital form: before %+v, revoked %+v", said[0], said[1])
	}
}

// asks is what somebody elsewhere asks about a credential now, with what they
// find at the site.
func (s *site) asks(t *testing.T, signed []byte) verifier.Request {
	t.Helper()
	r := verifier.Request{Credential: signed, Documents: map[string]json.RawMessage{}, Now: time.Now()}
	named := strings.Replace(s.url, "127.0.0.1", "localhost", 1)
	for _, path := range []string{credential.DocumentPath, certificate.StatusPath + "/0"} {
		response, err := http.Get(s.url + path)
		must(t, err)
		document, err := io.ReadAll(response.Body)
		must(t, errors.Join(err, response.Body.Close()))
		r.Documents[named+path] = document
	}
	return r
}

// TestAClassIsPrinted: the commune chooses whose records it prints, the worker
// makes one file of them, and only who ordered it gets it.
func TestAClassIsPrinted(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, laptop, true)
	p.signIn(identity.Coordinator)
	p.open("/certificates?unit=" + commune)
	p.sees("In những giấy đã chọn")
	p.isAccessible()
	chosen := eval[int](p, `(() => { const all = [...document.querySelectorAll('input[name=record]')]; all.slice(12).forEach(b => { b.checked = false }); return Math.min(12, all.length) })()`)
	p.click(`main form[action^="/certificates/prints"] button`)
	p.sees("Tệp để in", fmt.Sprintf("%d giấy", chosen))
	p.waits(10*time.Second, "the file", func() bool { return strings.Contains(p.text(), "Tải tệp") })
	p.isAccessible()
	path := eval[string](p, `document.querySelector('a[href$="/file"]').getAttribute('href')`)
	if file := p.fetch(path); !strings.HasPrefix(string(file), "%PDF-") {
		t.Errorf("the file begins with %.20q", file)
	}
	other := browse(t, s, laptop, true)
	other.signIn(identity.ProvinceAdmin)
	other.open(strings.TrimSuffix(path, "/file"))
	other.sees("Không tìm thấy")
}

// TestAProvinceDecidesHowRecordsLook: what would make a diploma of it is
// refused, the preview saves nothing, and who saves second is told.
func TestAProvinceDecidesHowRecordsLook(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	first, second := browse(t, s, laptop, true), browse(t, s, laptop, true)
	for _, p := range []*page{first, second} {
		p.signIn(identity.ProvinceAdmin)
		p.open("/certificates/template/48")
	}
	const save = `main form button.button-primary`
	first.fill(map[string]string{"closing": "Chứng nhận kỹ năng số"})
	first.click(save)
	first.sees("Giấy nội bộ không dùng")
	first.isAccessible()
	first.fill(map[string]string{"closing": "Chúc bạn học tiếp.", "signatory": "Trần Văn Sáu"})
	preview := eval[string](first, `(() => { const f = document.querySelector('main form'); const r = new XMLHttpRequest(); r.open('POST', f.querySelector('[formaction]').formAction, false);
		r.send(new FormData(f)); return r.getResponseHeader('content-type') + ' ' + r.responseText.slice(0, 5) })()`)
	if preview != "application/pdf %PDF-" {
		t.Errorf("the preview is %q", preview)
	}
	if n := s.one(t, "SELECT count(*) FROM certificate_templates"); n != "1" {
		t.Errorf("the preview left %s revisions", n)
	}
	first.click(save)
	first.sees("Đã lưu mẫu", "Bản 2")
	second.fill(map[string]string{"closing": "Câu của người thứ hai."})
	second.click(save)
	second.sees("Người khác vừa sửa mẫu này")
	second.isAccessible()
	if closing := eval[string](second, "document.querySelector('#closing').value"); closing != "Câu của người thứ hai." {
		t.Errorf("what the second typed became %q", closing)
	}
	second.click(save)
	second.sees("Đã lưu mẫu", "Bản 3")
}
