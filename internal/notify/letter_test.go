package notify_test

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
)

// read is a letter as somebody reads it.
type read struct {
	header              mail.Header
	subject, text, html string
}

// decoded reads a letter by the standard library, which did not write it.
func decoded(t *testing.T, raw string) *read {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	must(t, err)
	l := &read{header: m.Header}
	l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(t, err)
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(t, err)
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return l
		}
		must(t, err)
		var body io.Reader = part
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(part)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		words, err := io.ReadAll(body)
		must(t, err)
		if text := strings.ReplaceAll(string(words), "\r\n", "\n"); strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			l.text = text
		} else {
			l.html = text
		}
	}
}

// link finds what follows an address in the text.
func (l *read) link(address string) string {
	found := regexp.MustCompile(regexp.QuoteMeta(address) + `(\S+)`).FindStringSubmatch(l.text)
	if found == nil {
		return ""
	}
	return found[1]
}

// TestALetterSaysWhatTheTemplateSays, word for word, in both parts.
func TestALetterSaysWhatTheTemplateSays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := o.official("an@example.vn")
	n := o.tell(person.ID, "due/1")
	o.run(`UPDATE notices SET data = data || '{"program": "Kỹ năng <số> & an toàn"}' WHERE id = ?`, n.ID)
	o.work()
	taken := o.mail.Taken()
	if len(taken) != 1 {
		t.Fatalf("%d letters", len(taken))
	}
	l := decoded(t, taken[0].Raw)
	if want := "Còn 7 ngày: Kỹ năng <số> & an toàn"; l.subject != want {
		t.Errorf("subject %q, want %q", l.subject, want)
	}
	want := `Xin chào Hồ Thị Nguyệt,

Chương trình “Kỹ năng <số> & an toàn” đến hạn ngày 04/12/2026, còn 7 ngày.
Bạn đã xong 0/1 khóa.

Mở trang học bắt buộc để học tiếp phần còn lại.

Xem tại: https://hocso.example.vn/me/programs

--
Học Số gửi thư này vì bạn có tên trong chương trình học của đơn vị.
Chọn cách nhận thông báo: https://hocso.example.vn/me/notices/settings
`
	if l.text != want {
		t.Errorf("text:\n%s\nwant:\n%s", l.text, want)
	}
	for _, part := range []string{
		"Xin chào Hồ Thị Nguyệt", "Chương trình “Kỹ năng &lt;số&gt; &amp; an toàn” đến hạn ngày 04/12/2026, còn 7 ngày.", `href="https://hocso.example.vn/me/programs"`, "/me/notices/settings",
	} {
		if !strings.Contains(l.html, part) {
			t.Errorf("the HTML lacks %q:\n%s", part, l.html)
		}
	}
	if strings.Contains(l.html, "<img") || strings.Contains(l.html, "http://") {
		t.Errorf("the HTML loads something:\n%s", l.html)
	}
	for name, want := range map[string]string{
		"List-Unsubscribe": "<https://hocso.example.vn/me/notices/settings>", "Auto-Submitted": "auto-generated", "To": "<an@example.vn>",
	} {
		if got := l.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if from, err := mail.ParseAddress(l.header.Get("From")); err != nil || from.Name != "Học Số" {
		t.Errorf("from %v, %v", from, err)
	}
	if !regexp.MustCompile(`^<[0-9a-f-]{36}@hocso\.example\.vn>$`).MatchString(taken[0].ID) {
		t.Errorf("Message-ID %q", taken[0].ID)
	}
}
