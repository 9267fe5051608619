package certificate_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/shortcode"
	"hocso/internal/program"
	"hocso/internal/worldtest"
)

// holder adds somebody of a hamlet who has a record of a course.
func (w *town) holder(t *testing.T, hamlet int) (uuid.UUID, *certificate.Record) {
	t.Helper()
	person := w.Learner(t, w.Hamlets[hamlet]).ID
	w.complete(t, person, w.courses[0])
	w.drain(t)
	return person, w.of(t, person)[0]
}

func scopeOf(units ...*org.Unit) (scope org.Scope) {
	for _, unit := range units {
		scope.Units = append(scope.Units, unit.ID)
	}
	return scope
}

func TestRevoking(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person, r := w.holder(t, 0)
	keeper := w.Person(t, w.Communes[0], identity.Coordinator).ID
	by, here, beside := audit.By{ActorID: &keeper}, scopeOf(w.Communes[0]), scopeOf(w.Communes[1])
	if err := w.records.Revoke(ctx, beside, by, r.ID, certificate.Mistaken, "Nhầm"); !fault.Is(err, fault.NotFound) {
		t.Errorf("from another commune: %v", err)
	}
	for field, err := range map[string]error{
		"reason": w.records.Revoke(ctx, here, by, r.ID, certificate.Corrected, "Nhầm"), // the worker's own
		"note":   w.records.Revoke(ctx, here, by, r.ID, certificate.Mistaken, "  "),
	} {
		if fault.FieldsOf(err)[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	must(t, w.records.Revoke(ctx, here, by, r.ID, certificate.Mistaken, "Nhầm người"))
	if err := w.records.Revoke(ctx, here, by, r.ID, certificate.Mistaken, "Nhầm người"); !fault.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
	w.Exec(t, "INSERT INTO certificate_touched (person_id) VALUES (?)", person)
	w.expect(t, "the worker looks again", person, revoked)
	found, err := w.records.ByCode(ctx, r.Code)
	must(t, err)
	if found.Reason != certificate.Mistaken || *found.RevokedBy != keeper {
		t.Errorf("revoked: %+v", found)
	}
	var reason string
	must(t, w.DB.NewRaw("SELECT data->>'reason' FROM notices WHERE person_id = ? AND kind = 'certificate-revoked'", person).Scan(ctx, &reason))
	if reason != "cấp nhầm: Nhầm người" {
		t.Errorf("the holder is told %q", reason)
	}
	logged, err := w.DB.NewSelect().Table("audit_log").Where("action = ?", audit.CertificateRevoke).Where("subject_id = ?", person).Count(ctx)
	must(t, err)
	if logged != 1 {
		t.Errorf("%d lines in the log", logged)
	}
}

func TestIssuingAgainUnderAnotherName(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	person, r := w.holder(t, 0)
	by, here := audit.By{}, scopeOf(w.Communes[0])
	w.Exec(t, "UPDATE people SET full_name = 'Hồ Thị Trăng', home_unit_id = ? WHERE id = ?", w.Hamlets[2].ID, person)
	issued, err := w.records.Reissue(ctx, here, by, r.ID) // it was issued here
	must(t, err)
	w.expect(t, "issued again", person, superseded, valid)
	again := w.find(t, issued.ID)
	if again.Facts.Name != "Hồ Thị Trăng" || again.Facts.Unit != "Thôn 1, Xã Nam Trà My" || again.Facts.Title != r.Facts.Title || again.Code == r.Code || again.StatusIndex == r.StatusIndex {
		t.Errorf("the new record: %+v", again)
	}
	if old := w.find(t, r.ID); old.Facts.Name == "Hồ Thị Trăng" || *old.SuccessorID != issued.ID {
		t.Errorf("the old record: %+v", old)
	}
	if _, err := w.records.Reissue(ctx, here, by, r.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("of what was superseded: %v", err)
	}
	must(t, w.records.Revoke(ctx, scopeOf(w.Communes[1]), by, issued.ID, certificate.Other, "Thử"))
	_, err = w.records.Reissue(ctx, scopeOf(w.Communes[1]), by, issued.ID)
	must(t, err)
	w.expect(t, "after it was revoked", person, superseded, revoked, valid)
	w.correct(t, person, w.courses[0])
	w.expect(t, "corrected", person, superseded, revoked, revoked)
	last := w.of(t, person)[2]
	if _, err := w.records.Reissue(ctx, w.province, by, last.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("of what was corrected: %v", err)
	}
}

func TestTemplatesHoldForWhatComes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, before := w.holder(t, 0)
	current, err := w.records.Template(ctx, w.province, w.Province)
	must(t, err)
	if current.Revision != 1 || current.Design.Body != "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG" {
		t.Errorf("the first template: %+v", current)
	}
	d := current.Design
	d.Body, d.Closing = "SỞ KHOA HỌC VÀ CÔNG NGHỆ", ""
	for name, err := range map[string]error{
		"another province": w.records.SaveTemplate(ctx, org.Scope{Units: []uuid.UUID{w.Communes[0].ID}}, audit.By{}, w.Province, 1, d, nil),
		"a commune":        w.records.SaveTemplate(ctx, w.province, audit.By{}, w.Communes[0], 1, d, nil),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, w.records.SaveTemplate(ctx, w.province, audit.By{}, w.Province, 1, d, nil))
	if err := w.records.SaveTemplate(ctx, w.province, audit.By{}, w.Province, 1, d, nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("by who was slower: %v", err)
	}
	_, after := w.holder(t, 1)
	if before.Template != 1 || after.Template != 2 {
		t.Errorf("records have templates %d and %d", before.Template, after.Template)
	}
	file, err := w.records.PDF(ctx, before, "https://hocso.example.vn")
	must(t, err)
	again, err := w.records.PDF(ctx, w.find(t, before.ID), "https://hocso.example.vn/")
	must(t, err)
	if !bytes.Equal(file, again) {
		t.Error("a record prints otherwise than it was issued")
	}
	if _, err := w.records.Preview(ctx, w.Province, d, nil, "https://hocso.example.vn"); err != nil {
		t.Error(err)
	}
}

func TestAFileOfAClass(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	keeper := w.Person(t, w.Communes[0], identity.Coordinator).ID
	by, here := audit.By{ActorID: &keeper}, scopeOf(w.Communes[0])
	var ids []uuid.UUID
	for i := range 8 {
		person, r := w.holder(t, i%4) // four of them in the other commune
		w.Exec(t, "UPDATE people SET full_name = ? WHERE id = ?", fmt.Sprint("Người ", i), person)
		ids = append(ids, r.ID)
	}
	q := certificate.Query{Unit: w.Communes[0].ID, Course: &w.courses[0], IDs: ids}
	print := worldtest.ID()
	for range 2 { // a double click
		must(t, w.records.BeginPrint(ctx, here, by, print, q, "https://hocso.example.vn"))
	}
	p, err := w.records.Print(ctx, keeper, print)
	must(t, err)
	if len(p.Records) != 4 || p.ReadyAt != nil || p.Percent() != 0 {
		t.Errorf("ordered: %+v", p)
	}
	if _, err := w.records.PrintFile(ctx, keeper, print); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file that is not ready: %v", err)
	}
	n, err := w.records.PrintDue(ctx)
	must(t, err)
	file, err := w.records.PrintFile(ctx, keeper, print)
	must(t, err)
	if n != 1 || !bytes.HasPrefix(file, []byte("%PDF-")) || bytes.Count(file, []byte("/Type /Page\n")) != 4 {
		t.Errorf("%d files, of %d pages", n, bytes.Count(file, []byte("/Type /Page\n")))
	}
	if n, err := w.records.PrintDue(ctx); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
	if _, err := w.records.Print(ctx, worldtest.ID(), print); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	q.IDs = []uuid.UUID{}
	if err := w.records.BeginPrint(ctx, here, by, worldtest.ID(), q, "x"); fault.FieldsOf(err)["record"] != "certificate.print_none" {
		t.Errorf("of nobody: %v", err)
	}
	q.IDs = nil
	for i := range 5 {
		err = w.records.BeginPrint(ctx, here, by, worldtest.ID(), q, "x")
		if want := i == 4; want != (fault.FieldsOf(err)["record"] == "certificate.print_open") {
			t.Errorf("file %d: %v", i+2, err)
		}
	}
	w.now = w.now.Add(25 * time.Hour)
	gone, err := w.records.TidyPrints(ctx)
	must(t, err)
	if gone != 5 {
		t.Errorf("%d files deleted", gone)
	}
}

// TestAPrinterThatDied: when a worker falls silent another makes the file.
func TestAPrinterThatDied(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	keeper := w.Person(t, w.Communes[0], identity.Coordinator).ID
	w.holder(t, 0)
	print := worldtest.ID()
	must(t, w.records.BeginPrint(ctx, scopeOf(w.Communes[0]), audit.By{ActorID: &keeper}, print, certificate.Query{Unit: w.Communes[0].ID}, "https://hocso.example.vn"))
	w.Exec(t, "UPDATE certificate_prints SET leased_until = ?", w.now.Add(20*time.Second)) // as a worker does that has it
	if n, err := w.records.PrintDue(ctx); err != nil || n != 0 {
		t.Errorf("while another has it: %d, %v", n, err)
	}
	w.now = w.now.Add(21 * time.Second)
	if n, err := w.records.PrintDue(ctx); err != nil || n != 1 {
		t.Errorf("after it fell silent: %d, %v", n, err)
	}
	if _, err := w.records.PrintFile(ctx, keeper, print); err != nil {
		t.Error(err)
	}
}

// TestWhoIsToldOfAnEnd: the holder of a record that ends, once, unless the
// programme reminds them itself.
func TestWhoIsToldOfAnEnd(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	in, out := w.Learner(t, w.Hamlets[0]).ID, w.Learner(t, w.Hamlets[2]).ID
	p := w.publish(t, definition(program.Renew, w.courses[1]))
	w.drain(t)
	w.complete(t, in, w.courses[1])
	w.complete(t, out, w.courses[1])
	w.drain(t)
	d := definition(program.Renew, w.courses[1])
	d.Audience.Units = []uuid.UUID{w.Communes[0].ID}
	w.redefine(t, p.ID, d)
	w.drain(t)
	told := func(person uuid.UUID) (n int) {
		must(t, w.DB.NewRaw("SELECT count(*) FROM notices WHERE person_id = ? AND kind = 'certificate-expiring'", person).Scan(ctx, &n))
		return n
	}
	for _, days := range []int{300, 40, 1} {
		w.now = w.now.AddDate(0, 0, days)
		for range 2 {
			_, err := w.records.WarnDue(ctx, 10)
			must(t, err)
		}
		if want := map[bool]int{true: 1}[days < 300]; told(in) != 0 || told(out) != want {
			t.Errorf("after %d more days: told %d and %d times, want 0 and %d", days, told(in), told(out), want)
		}
	}
}

func TestACodeThatNobodyHas(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, r := w.holder(t, 0)
	from := identity.From{Address: "203.0.113.7"}
	look := func(code string) error {
		return w.Identity.Lookup(ctx, from, func() error {
			_, err := w.records.ByCode(ctx, code)
			return err
		})
	}
	for range 100 { // whoever checks many papers is not slowed down
		must(t, look(r.Code))
	}
	for range 60 {
		if err := look(shortcode.New()); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a made-up code: %v", err)
		}
	}
	if err := look(shortcode.New()); !fault.Is(err, fault.TooMany) {
		t.Errorf("after sixty made-up codes: %v", err)
	}
}
