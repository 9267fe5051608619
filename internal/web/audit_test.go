package web

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/worldtest"
)

// note writes an entry about a unit; nil for none.
func note(t *testing.T, w *worldtest.World, by audit.By, unit *org.Unit, entry audit.Entry) {
	t.Helper()
	if unit != nil {
		entry.UnitID = &unit.ID
	}
	must(t, audit.NewStore(w.DB).Add(t.Context(), by, clock.System(), &entry))
}

// rename gives somebody another name.
func rename(t *testing.T, w *worldtest.World, person uuid.UUID, name string) {
	t.Helper()
	_, err := w.DB.NewRaw("UPDATE people SET full_name = ?, search = ? WHERE id = ?", name, org.Fold(name), person).Exec(t.Context())
	must(t, err)
}

func TestTheLogReadsLikeSentences(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	admin, subject := newActor(t, w, identity.ProvinceAdmin, w.Province), w.Person(t, w.Hamlets[0])
	rename(t, w, subject.ID, "Alăng Thị Bé")
	by := audit.By{ActorID: &admin.person, Address: "203.0.113.9"}
	note(t, w, by, w.Communes[0], audit.Entry{Action: audit.PersonChange, SubjectID: &subject.ID, Changes: []audit.Change{
		{Field: "phone", Before: "…123", After: "…456"},
		{Field: "unit", Before: w.Hamlets[0].ID.String(), After: w.Hamlets[2].ID.String()},
		{Field: "role", Before: "coordinator"}, {Field: "learning", After: "spoken"}, {Field: "pin_hash"},
		{Field: "of_later", After: "<b>1</b>"},
	}})
	note(t, w, audit.By{}, nil, audit.Entry{Action: "of.later"})
	note(t, w, audit.By{Address: "203.0.113.10"}, w.Communes[1], audit.Entry{Action: audit.PersonRegister})
	_, body, _ := ask(t, app, admin, "GET", "/audit", nil)
	for _, want := range []string{
		"Sửa thông tin", "Alăng Thị Bé", "Số điện thoại: …123 → …456", "Nơi ở hoặc cơ quan: Thôn 1 → Thôn 1", "203.0.113.9",
		"Vai trò: Cán bộ điều phối xã → (không còn)", "Lưu việc học: nói miệng", "<li>Mã PIN</li>", "of_later: &lt;b&gt;1&lt;/b&gt;", "người chưa đăng nhập",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "of.later") {
		t.Error("an administrator sees what belongs to no unit")
	}
	operator := newActor(t, w, identity.Operator, w.Province)
	if _, body, _ := ask(t, app, operator, "GET", "/audit", nil); !strings.Contains(body, "of.later") || !strings.Contains(body, "dòng lệnh / hệ thống") {
		t.Error("the operator does not see what belongs to no unit")
	}
	_, err := w.DB.NewRaw("UPDATE people SET erased_at = now(), full_name = '', search = '' WHERE id = ?", subject.ID).Exec(t.Context())
	must(t, err)
	if _, body, _ := ask(t, app, admin, "GET", "/audit", nil); !strings.Contains(body, "đã xóa") || strings.Contains(body, "Alăng") {
		t.Error("an erased person is not shown as erased")
	}
}

func TestTheLogIsSearched(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who := newActor(t, w, identity.Coordinator, w.Communes[1])
	for _, hamlet := range []*org.Unit{w.Hamlets[2], w.Hamlets[3], w.Hamlets[0]} {
		person := w.Person(t, hamlet)
		rename(t, w, person.ID, "Bà "+hamlet.Code)
		note(t, w, audit.By{}, hamlet, audit.Entry{Action: audit.CardMake, SubjectID: &person.ID})
	}
	for _, test := range []struct {
		name    string
		form    url.Values
		status  int
		has, no string
	}{
		{"a hamlet by its name", url.Values{"unit": {"thon 2"}}, 200, "Bà 20944-02", "Bà 20944-01"},
		{"a unit by its code", url.Values{"unit": {" 20944-01 "}}, 200, "Bà 20944-01", "Bà 20944-02"},
		{"the commune", url.Values{"unit": {"Nam Trà My"}}, 200, "Bà 20944-01", "Bà 20242"},
		{"a sibling", url.Values{"unit": {"Hải Châu"}}, 422, "Không có đơn vị này", "Bà 2"},
		{"the parent", url.Values{"unit": {"48"}}, 422, "Không có đơn vị này", "Bà 2"},
		{"a person", url.Values{"person": {"ba 20944 02"}}, 200, "Bà 20944-02", "Bà 20944-01"},
		{"a person elsewhere", url.Values{"person": {"ba 20242 01"}}, 200, "Không có việc nào", "Bà 2"},
		{"an action", url.Values{"action": {"card.revoke"}}, 200, "Không có việc nào", "Bà 2"},
		{"no action", url.Values{"action": {"x"}}, 200, "Bà 20944-01", ""},
		{"a bad day", url.Values{"from": {"hôm qua"}}, 422, "Ngày chưa đúng", "Bà 2"},
		{"days the wrong way round", url.Values{"from": {"2026-01-02"}, "to": {"2026-01-01"}}, 422, "Ngày cuối phải sau ngày đầu", "Bà 2"},
		{"a cursor of nobody's", url.Values{"after": {"x"}}, 200, "Bà 20944-01", ""},
	} {
		status, body, _ := ask(t, app, who, "POST", "/audit/find", test.form)
		if status != test.status || !strings.Contains(body, test.has) || test.no != "" && strings.Contains(body, test.no) {
			t.Errorf("%s: %d; want %d with %q and without %q:\n%s", test.name, status, test.status, test.has, test.no, body)
		}
	}
}

func TestTheLogAsAFile(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who, subject := newActor(t, w, identity.UnitHead, w.Communes[0]), w.Person(t, w.Hamlets[0])
	rename(t, w, subject.ID, `=HYPERLINK("//evil","x")`)
	note(t, w, audit.By{}, w.Hamlets[0], audit.Entry{Action: audit.AppointmentMake, SubjectID: &subject.ID, Changes: []audit.Change{{Field: "position", After: "Trưởng thôn"}}})
	note(t, w, audit.By{}, w.Communes[1], audit.Entry{Action: audit.CardMake})
	_, body, header := ask(t, app, who, "POST", "/audit/export", url.Values{"person": {"Hyperlink Evil"}, "from": {"2026-01-01"}})
	if !strings.HasPrefix(header.Get("Content-Type"), "text/csv") || !strings.Contains(header.Get("Content-Disposition"), ".csv") || !strings.HasPrefix(body, "\ufeff") {
		t.Errorf("%v %q", header, body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) != 2 || rows[0][0] != "Lúc" || rows[1][4] != `'=HYPERLINK("//evil","x")` || rows[1][7] != "Chức vụ: Trưởng thôn" || rows[1][6] != "20242-01" {
		t.Fatalf("%q", rows)
	}
	_, body, _ = ask(t, app, who, "GET", "/audit", nil)
	for _, want := range []string{"Tải nhật ký", "Người: H. E.", "Từ ngày: 01/01/2026"} {
		if !strings.Contains(body, want) {
			t.Errorf("the export is not in the log: no %q", want)
		}
	}
	if strings.Contains(body, "Hyperlink") {
		t.Error("the log holds the name that was searched for")
	}
	if _, body, _ := ask(t, app, who, "POST", "/audit/export", nil); strings.Count(body, "\r\n") != 5 { // heads, two exports, the entry, the reader signing in
		t.Errorf("the whole log:\n%s", body)
	}
}
