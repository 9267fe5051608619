package e2e

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
)

// keepLog writes a log of some deeds in the commune, more than a page holds.
func keepLog(t *testing.T, s *site) {
	t.Helper()
	ctx, now := context.Background(), clock.System()
	who := func(role identity.Role) *uuid.UUID {
		person, err := identity.NewStore(s.db).PersonByLogin(ctx, identity.DemoLogin(role))
		must(t, err)
		return &person.ID
	}
	var unit uuid.UUID
	must(t, s.db.NewRaw("SELECT id FROM units WHERE code = ? AND valid_to IS NULL", commune).Scan(ctx, &unit))
	resident, coordinator := who(identity.Resident), who(identity.Coordinator)
	store := audit.NewStore(s.db)
	for i := range audit.PageOfLines + 10 {
		entry := &audit.Entry{Action: audit.Actions[i%len(audit.Actions)], SubjectID: resident, UnitID: &unit}
		must(t, store.Add(ctx, audit.By{ActorID: coordinator, Address: "2001:db8:85a3::8a2e:370:7334"}, now, entry))
	}
	for _, last := range []struct {
		by    audit.By
		entry audit.Entry
	}{
		{audit.By{}, audit.Entry{Action: audit.RoleGrant, SubjectID: coordinator, Changes: []audit.Change{{Field: "role", After: string(identity.Coordinator)}}}},
		{audit.By{Address: "203.0.113.9"}, audit.Entry{Action: audit.PersonRegister, SubjectID: resident, Changes: []audit.Change{{Field: "name", After: "H. T. N."}}}},
		{audit.By{ActorID: resident, HelperID: coordinator, Address: "203.0.113.9"}, audit.Entry{Action: audit.AssistEnd, SubjectID: resident}},
		{audit.By{ActorID: coordinator, Address: "203.0.113.9"}, audit.Entry{Action: audit.PersonChange, SubjectID: resident, Changes: []audit.Change{
			{Field: "name", Before: "H. T. N.", After: "H. T. M. N."}, {Field: "birth_year", After: "1961"},
			{Field: "phone", Before: "…123", After: "…456"}, {Field: "unit", Before: unit.String(), After: unit.String()},
		}}},
	} {
		last.entry.UnitID = &unit
		must(t, store.Add(ctx, last.by, now, &last.entry))
	}
}

// TestTheLogIsReadInABrowser searches by a name, goes to the older entries and
// finds the name in no address.
func TestTheLogIsReadInABrowser(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	keepLog(t, s)
	reader := browse(t, s, phone, false)
	reader.signIn(identity.Coordinator)
	reader.click(`nav a[href="/audit"]`)
	reader.sees("Sửa thông tin", "Số điện thoại: …123 → …456", "dòng lệnh / hệ thống")
	eval[bool](reader, `(document.querySelector('details.filter').open = true) && true`)
	eval[bool](reader, `(document.querySelector('#person').value = 'khong co ai') && true`)
	reader.click(`form[action="/audit/find"] button[type=submit]`)
	reader.sees("Không có việc nào như vậy")
	if address := eval[string](reader, "location.href"); address != s.url+"/audit/find" {
		t.Errorf("the search stands in the address: %s", address)
	}
	reader.click(`main a[href="/audit"]`)
	reader.click(`main nav button`)
	reader.sees("Về trang mới nhất")
	if entries := eval[int](reader, "document.querySelectorAll('.ledger tbody tr').length"); entries != 15 { // the last fourteen, and the reader signing in
		t.Errorf("%d entries on the second page, want 15", entries)
	}
}
