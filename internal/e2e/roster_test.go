package e2e

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hocso/internal/identity"
)

// TestAListIsSentMendedAndTakenOver from the demonstration's example file.
func TestAListIsSentMendedAndTakenOver(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, laptop, true)
	p.signIn(identity.Coordinator)
	p.open("/imports")
	p.isAccessible()
	p.fits()
	file, err := os.CreateTemp(t.TempDir(), "*.csv")
	must(t, err)
	example, err := os.ReadFile("../../views/assets/examples/danh-sach-thu.csv")
	must(t, err)
	_, err = file.Write(example)
	must(t, err)
	must(t, file.Close())
	must(t, chromedp.Do(p.ctx, chromedp.SetUploadFiles(chromedp.CSS(`input[type=file]`), []string{file.Name()})))
	p.click(`main form[action="/imports"] button[type=submit]`)
	p.waits(20*time.Second, "the preview", func() bool { return strings.Contains(p.text(), "dòng có lỗi") })
	p.sees("Ngày hoặc năm sinh chưa đúng", "Số điện thoại gồm mười chữ số")
	p.isAccessible()
	p.fits()
	p.shoot("import-errors")
	for field, cell := range map[string]string{"born": "31/1/1957", "phone": "0905 123 999", "hamlet": "Thôn 4"} {
		form := `main form:has(input[name=field][value="` + field + `"])`
		// While a row is checked again the page has no forms, and loads itself.
		p.waits(20*time.Second, "the preview again", func() bool { return eval[bool](p, `document.querySelector('`+form+`') !== null`) })
		eval[bool](p, `(() => { document.querySelector('`+form+` [name=cell]').value = '`+cell+`'; return true })()`)
		p.click(form + ` button`)
	}
	p.waits(20*time.Second, "no errors", func() bool {
		return !strings.Contains(p.text(), "dòng có lỗi") && eval[bool](p, `document.querySelector('main form[action$="/commit"] button[type=submit]') !== null`)
	})
	p.click(`main form[action$="/commit"] button[type=submit]`)
	p.waits(20*time.Second, "the end", func() bool { return strings.Contains(p.text(), "Đã nhập xong") })
	p.isAccessible()
	p.shoot("import-done")
	p.open("/people")
	p.sees("Hồ Văn Nghĩa")
}
