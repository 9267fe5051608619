package web

import (
	"net/url"
	"strings"
	"testing"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/platform/config"
	"hocso/internal/worldtest"
	"hocso/views/text"
)

// TestAMergedRecordLeadsToTheOneThatCounts, and nothing is done to it.
func TestAMergedRecordLeadsToTheOneThatCounts(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who := newActor(t, w, identity.Coordinator, w.Communes[0])
	kept, merged := w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[1], identity.Resident)
	_, err := w.Records.Merge(t.Context(), kept.ID, merged.ID, audit.By{})
	must(t, err)
	status, _, header := ask(t, app, who, "GET", personPath(merged.ID), nil)
	if status != 303 || header.Get("Location") != personPath(kept.ID) {
		t.Errorf("the page: %d to %s", status, header.Get("Location"))
	}
	for _, what := range []string{"", "/suspend", "/reset", "/roles", "/assist"} {
		if status, _, _ := ask(t, app, who, "POST", personPath(merged.ID)+what, url.Values{"support": {"helped"}}); status != 409 {
			t.Errorf("POST %s: %d", what, status)
		}
	}
}

// TestMergingSaysWhyNot, on the page of the person.
func TestMergingSaysWhyNot(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who := newActor(t, w, identity.Coordinator, w.Communes[0])
	kept, one, two := w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[0], identity.Resident)
	merge := func(other *identity.Person) (int, string) {
		status, body, _ := ask(t, app, who, "POST", personPath(kept.ID)+"/merge", url.Values{"other": {other.ID.String()}})
		return status, body
	}
	says := func(key string, status int, body string) {
		t.Helper()
		if status != 422 || !strings.Contains(body, text.T(t.Context(), key)) {
			t.Errorf("%s: %d, not said", key, status)
		}
	}
	viewer := &identity.Viewer{PersonID: two.ID, HomeUnitID: two.HomeUnitID}
	must(t, w.Records.Ask(t.Context(), viewer, audit.By{}, learner.Erasure, ""))
	status, body := merge(two)
	says("people.cant_merge_erasing", status, body)
	requests, err := w.Records.Requests(t.Context(), two.ID)
	must(t, err)
	must(t, w.Records.Withdraw(t.Context(), viewer, requests[0].ID))
	for _, other := range []*identity.Person{one, two} {
		if status, _ := merge(other); status != 303 {
			t.Errorf("merging: %d", status)
		}
	}
	status, body = merge(one)
	says("people.cant_merge", status, body)
	merges, err := w.Records.MergesInto(t.Context(), kept.ID)
	must(t, err)
	undo := func(i int) (int, string) {
		status, body, _ := ask(t, app, who, "POST", personPath(kept.ID)+"/merges/"+merges[i].ID.String()+"/undo", nil)
		return status, body
	}
	status, body = undo(1)
	says("people.cant_unmerge_order", status, body)
	for i := range merges {
		if status, _ := undo(i); status != 303 {
			t.Errorf("undoing: %d", status)
		}
	}
}

// TestWhoUndoesLooksAfterBoth: roles and ways to sign in go from one to the other.
func TestWhoUndoesLooksAfterBoth(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	kept, elsewhere := w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[2], identity.Resident)
	merge, err := w.Records.Merge(t.Context(), kept.ID, elsewhere.ID, audit.By{})
	must(t, err)
	path := personPath(kept.ID) + "/merges/" + merge.ID.String() + "/undo"
	for _, test := range []struct {
		who    actor
		status int
	}{
		{newActor(t, w, identity.Coordinator, w.Communes[0]), 404}, {newActor(t, w, identity.ProvinceAdmin, w.Province), 303},
	} {
		if status, _, _ := ask(t, app, test.who, "POST", path, nil); status != test.status {
			t.Errorf("%s: %d, want %d", test.who.name, status, test.status)
		}
	}
}
