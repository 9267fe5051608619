package learner_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/worldtest"
)

func TestADownloadHoldsEverything(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := peculiar(t, w)
	viewer := &identity.Viewer{PersonID: person.ID, HomeUnitID: person.HomeUnitID}
	data, err := w.Records.Download(ctx, viewer, audit.By{ActorID: &person.ID})
	must(t, err)
	raw, err := json.Marshal(data)
	must(t, err)
	for _, part := range []string{"Zơrâm Thị Bí Mật", "0912345678", "Dùng Internet", `"best_score":100`, `"support":"self"`, `"purpose":"learning"`, "person.register"} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("lacks %s", part)
		}
	}
	if strings.Contains(string(raw), "argon2id") {
		t.Error("hands out a hash")
	}
}

// handedOut is a person's download as text.
func handedOut(t *testing.T, w *worldtest.World, p *identity.Person) string {
	t.Helper()
	data, err := w.Records.Data(ctx, p.ID)
	must(t, err)
	raw, err := json.Marshal(data)
	must(t, err)
	return string(raw)
}

func TestADownloadHoldsMergedRecords(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	kept, person := w.Person(t, w.Hamlets[0], identity.Resident), peculiar(t, w)
	join(t, w, kept, person)
	for _, part := range []string{"Zơrâm Thị Bí Mật", "0912345678", "person.register", "Hồ Thị Nguyệt"} {
		if !strings.Contains(handedOut(t, w, kept), part) {
			t.Errorf("lacks %s", part)
		}
	}
}

// TestADownloadTellsNothingAboutOthers but who helped: neither to who helped
// whom, nor from where somebody else looked after them.
func TestADownloadTellsNothingAboutOthers(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := peculiar(t, w)
	helper := w.Person(t, w.Communes[0], identity.TeamMember)
	viewer, err := w.Identity.Viewer(ctx, w.SignIn(t, helper))
	must(t, err)
	must(t, w.Identity.BeginAssist(ctx, viewer, audit.By{ActorID: &helper.ID, Address: "203.0.113.77"}, person.ID, identity.Helped))
	theirs, helpers := handedOut(t, w, person), handedOut(t, w, helper)
	if !strings.Contains(theirs, helper.FullName) || strings.Contains(theirs, "203.0.113.77") {
		t.Errorf("to who was helped: %s", theirs)
	}
	if strings.Contains(helpers, "Bí Mật") || !strings.Contains(helpers, `"i_helped":true`) || !strings.Contains(helpers, "203.0.113.77") {
		t.Errorf("to who helped: %s", helpers)
	}
}
