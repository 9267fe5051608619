package notify_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"hocso/internal/platform/config"
	"hocso/internal/platform/testkit"
)

// mailpitLetter is what a real mail server understood of a letter.
type mailpitLetter struct {
	MessageID string
	From      struct{ Name, Address string }
	To        []struct{ Name, Address string }
	Subject   string
	Text      string
	HTML      string
}

// ask reads an answer of the mail server's API.
func ask(t *testing.T, address string, into any) {
	t.Helper()
	response, err := http.Get(address)
	must(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, response.Status)
	}
	must(t, json.NewDecoder(response.Body).Decode(into))
}

// TestARealMailServerReadsOurLetters: the subject, both parts and their marks
// arrive as they were written.
func TestARealMailServerReadsOurLetters(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	smtp, api := testkit.Mailpit(t)
	service := o.serviceOn(config.SMTP{Addr: smtp, From: "Học Số <hocso@example.vn>", TLS: "none", Timeout: 10 * time.Second})
	one, several := o.official("an@example.vn"), o.official("binh@example.vn")
	o.tell(one.ID, "due/1")
	for _, occasion := range []string{"due/1", "due/2"} {
		o.tell(several.ID, occasion)
	}
	o.workAs(service)
	if o.states() != "sent:2" {
		t.Fatalf("%s", o.states())
	}
	var inbox struct{ Messages []struct{ ID string } }
	ask(t, api+"/messages", &inbox)
	letters := map[string]mailpitLetter{}
	for _, m := range inbox.Messages {
		var l mailpitLetter
		ask(t, api+"/message/"+m.ID, &l)
		letters[l.To[0].Address] = l
	}
	if len(letters) != 2 || len(inbox.Messages) != 2 {
		t.Fatalf("%d letters to %d people", len(inbox.Messages), len(letters))
	}
	l := letters["an@example.vn"]
	if l.Subject != "Còn 7 ngày: An toàn thông tin" || l.From.Name != "Học Số" || l.From.Address != "hocso@example.vn" || !strings.HasSuffix(l.MessageID, "@hocso.example.vn") {
		t.Errorf("%+v", l)
	}
	const words = "Chương trình “An toàn thông tin” đến hạn ngày 04/12/2026, còn 7 ngày."
	if text := strings.ReplaceAll(l.Text, "\r\n", "\n"); !strings.HasPrefix(text, "Xin chào Hồ Thị Nguyệt,\n\n"+words+"\nBạn đã xong 0/1 khóa.\n\n") {
		t.Errorf("text:\n%s", l.Text)
	}
	if !strings.Contains(l.HTML, words) {
		t.Errorf("HTML:\n%s", l.HTML)
	}
	if l := letters["binh@example.vn"]; l.Subject != "2 thông báo: Còn 7 ngày: An toàn thông tin" || strings.Count(l.Text, words) != 2 {
		t.Errorf("a digest: %+v", l)
	}
}
