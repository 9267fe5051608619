package identity_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/worldtest"
)

const issuer = "https://id.example.vn"

// official adds somebody with an address, a number at their agency and a login.
func official(t *testing.T, w *worldtest.World, login string) *identity.Person {
	t.Helper()
	person := w.Person(t, w.Communes[0], identity.Official)
	run(t, w, "UPDATE people SET email = ?1 || '@tinh.gov.vn', staff_code = 'CB-' || ?1 WHERE id = ?0", person.ID, login)
	run(t, w, "INSERT INTO logins (login, person_id, kind) VALUES (?1, ?0, 'name')", person.ID, login)
	return person
}

func run(t *testing.T, w *worldtest.World, query string, args ...any) {
	t.Helper()
	if _, err := w.DB.NewRaw(query, args...).Exec(ctx); err != nil {
		t.Fatal(err)
	}
}

// enters tells who gets in, or the text that they get instead.
func enters(t *testing.T, w *worldtest.World, x identity.External) (uuid.UUID, string) {
	t.Helper()
	entry, err := w.Identity.SignInExternal(ctx, identity.From{Address: "203.0.113.9"}, x)
	if text := fault.FieldsOf(err)[identity.ExternalField]; text != "" {
		return uuid.Nil, text
	}
	if err != nil {
		t.Fatal(err)
	}
	viewer, err := w.Identity.Viewer(ctx, entry.Session)
	if err != nil || viewer == nil {
		t.Fatalf("viewer %v, %v", viewer, err)
	}
	return viewer.PersonID, ""
}

func links(t *testing.T, w *worldtest.World, person uuid.UUID) int {
	t.Helper()
	identities, err := identity.NewStore(w.DB).ExternalIdentities(ctx, person)
	if err != nil {
		t.Fatal(err)
	}
	return len(identities)
}

func TestWhoMatchesIsLinkedOnce(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := official(t, w, "minh.tran")
	run(t, w, "INSERT INTO logins (login, person_id, kind) VALUES ('0905123456', ?, 'phone')", person.ID)
	for _, test := range []struct {
		name string
		x    identity.External
		want uuid.UUID
	}{
		{"nothing to match", identity.External{By: identity.MatchLogin}, uuid.Nil},
		{"nobody's login", identity.External{By: identity.MatchLogin, Claim: "minh"}, uuid.Nil},
		{"a phone number for a login", identity.External{By: identity.MatchLogin, Claim: "0905123456"}, uuid.Nil},
		{"an address that nobody checked", identity.External{By: identity.MatchEmail, Claim: "minh.tran@tinh.gov.vn"}, uuid.Nil},
		{"a staff code in the wrong place", identity.External{By: identity.MatchLogin, Claim: "CB-minh.tran"}, uuid.Nil},
		{"no way to match", identity.External{Claim: "minh.tran"}, uuid.Nil},
		{"the login", identity.External{By: identity.MatchLogin, Claim: " Minh.Tran "}, person.ID},
		{"the address", identity.External{By: identity.MatchEmail, Claim: "Minh.Tran@tinh.gov.vn", EmailVerified: true}, person.ID},
		{"the staff code", identity.External{By: identity.MatchStaffCode, Claim: "CB-minh.tran"}, person.ID},
	} {
		run(t, w, "DELETE FROM external_identities")
		test.x.Issuer, test.x.Subject = issuer, "a-1"
		id, text := enters(t, w, test.x)
		if id != test.want || (id == uuid.Nil) != (text == "oidc.unlinked") {
			t.Errorf("%s: %v, %q", test.name, id, text)
		}
	}
	if id, _ := enters(t, w, identity.External{Issuer: issuer, Subject: "a-1"}); id != person.ID {
		t.Error("who is linked is not known again by the subject alone")
	}
	if _, text := enters(t, w, identity.External{Issuer: "https://other.example.vn", Subject: "a-1"}); text != "oidc.unlinked" {
		t.Errorf("the same subject of another provider: %q", text)
	}
	// An official leaves, and the provider gives their name to somebody else.
	if _, text := enters(t, w, identity.External{Issuer: issuer, Subject: "a-2", By: identity.MatchLogin, Claim: "minh.tran"}); text != "oidc.unlinked" {
		t.Errorf("a successor with the same name: %q", text)
	}
	var logged []audit.Entry
	if err := w.DB.NewSelect().Model(&logged).Where("action = ?", audit.IdentityLink).Scan(ctx); err != nil || len(logged) != 3 {
		t.Fatalf("%d lines in the log, %v", len(logged), err)
	}
	if e := logged[0]; *e.SubjectID != person.ID || *e.ActorID != person.ID || e.Address != "203.0.113.9" || e.Changes[0].After != issuer {
		t.Errorf("log: %+v", e)
	}
}

func TestOnlyOneMayMatch(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	first, second := official(t, w, "minh"), official(t, w, "mai")
	run(t, w, "UPDATE people SET email = 'phong@tinh.gov.vn' WHERE id IN (?, ?)", first.ID, second.ID)
	x := identity.External{Issuer: issuer, Subject: "a-1", By: identity.MatchEmail, Claim: "phong@tinh.gov.vn", EmailVerified: true}
	if _, text := enters(t, w, x); text != "oidc.unlinked" {
		t.Errorf("an address that two share: %q", text)
	}
	run(t, w, "UPDATE people SET suspended_at = now() WHERE id = ?", first.ID)
	if id, _ := enters(t, w, x); id != second.ID {
		t.Errorf("the one who is not suspended: %v", id)
	}
}

func TestWhoIsGoneNeverEnters(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, change string }{
		{"suspended", "UPDATE people SET suspended_at = now() WHERE id = ?"},
		{"erased", "UPDATE people SET erased_at = now() WHERE id = ?"},
		{"a guest", "UPDATE people SET registered_at = NULL WHERE id = ?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := worldtest.New(t)
			person := official(t, w, "minh")
			x := identity.External{Issuer: issuer, Subject: "a-1", By: identity.MatchLogin, Claim: "minh"}
			run(t, w, test.change, person.ID)
			if id, text := enters(t, w, x); id != uuid.Nil || text != "oidc.unlinked" {
				t.Errorf("for the first time: %v, %q", id, text)
			}
			if test.name == "a guest" {
				return // is never linked
			}
			run(t, w, "INSERT INTO external_identities VALUES (?, 'a-1', ?, now())", issuer, person.ID)
			if id, text := enters(t, w, x); id != uuid.Nil || text != "oidc.closed" {
				t.Errorf("linked: %v, %q", id, text)
			}
		})
	}
}

func TestAMergedRecordEntersAsTheKeptOne(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	first, second, kept := official(t, w, "mot"), official(t, w, "hai"), official(t, w, "ba")
	run(t, w, "INSERT INTO external_identities VALUES (?, 'a-1', ?, now())", issuer, first.ID)
	run(t, w, "UPDATE people SET merged_into = ? WHERE id = ?", second.ID, first.ID)
	run(t, w, "UPDATE people SET merged_into = ? WHERE id = ?", kept.ID, second.ID)
	x := identity.External{Issuer: issuer, Subject: "a-1"}
	if id, text := enters(t, w, x); id != kept.ID {
		t.Errorf("%v, %q", id, text)
	}
	run(t, w, "UPDATE people SET suspended_at = now() WHERE id = ?", kept.ID)
	if _, text := enters(t, w, x); text != "oidc.closed" {
		t.Errorf("the kept one suspended: %q", text)
	}
	// The real thing moves the account along.
	other, survivor := official(t, w, "bon"), official(t, w, "nam")
	run(t, w, "INSERT INTO external_identities VALUES (?, 'b-1', ?, now())", issuer, other.ID)
	if _, err := w.Records.Merge(ctx, survivor.ID, other.ID, audit.By{}); err != nil {
		t.Fatal(err)
	}
	if id, _ := enters(t, w, identity.External{Issuer: issuer, Subject: "b-1"}); id != survivor.ID || links(t, w, survivor.ID) != 1 {
		t.Errorf("after a merge: %v", id)
	}
}

func TestOneLinksOnesOwnAccount(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	mine, other := official(t, w, "minh"), official(t, w, "mai")
	viewer := func(p *identity.Person) *identity.Viewer {
		return &identity.Viewer{PersonID: p.ID, HomeUnitID: p.HomeUnitID}
	}
	link := func(p *identity.Person, subject string) string {
		err := w.Identity.Link(ctx, audit.By{ActorID: &p.ID}, viewer(p), identity.External{Issuer: issuer, Subject: subject})
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		return fault.FieldsOf(err)[identity.ExternalField]
	}
	for _, test := range []struct {
		who           *identity.Person
		subject, want string
	}{
		{mine, "a-1", ""}, {mine, "a-1", ""}, {mine, "a-2", "oidc.second"}, {other, "a-1", "oidc.taken"}, {other, "a-2", ""},
	} {
		if text := link(test.who, test.subject); text != test.want {
			t.Errorf("%s: %q, want %q", test.subject, text, test.want)
		}
	}
	unlink := func() string {
		return fault.FieldsOf(w.Identity.Unlink(ctx, audit.By{ActorID: &mine.ID}, viewer(mine), issuer))[identity.ExternalField]
	}
	if text := unlink(); text != "oidc.last_way" || links(t, w, mine.ID) != 1 {
		t.Errorf("the only way in: %q", text)
	}
	if err := w.Identity.SetPIN(ctx, w.DB, mine.ID, "482915"); err != nil {
		t.Fatal(err)
	}
	if text := unlink(); text != "" || links(t, w, mine.ID) != 0 || links(t, w, other.ID) != 1 {
		t.Errorf("%q; %d and %d accounts left", text, links(t, w, mine.ID), links(t, w, other.ID))
	}
	if n, err := w.DB.NewSelect().Model((*audit.Entry)(nil)).Where("action IN (?, ?)", audit.IdentityLink, audit.IdentityUnlink).Count(ctx); err != nil || n != 3 {
		t.Errorf("%d lines in the log, %v", n, err)
	}
}

// TestRecoveryUnlinks: what somebody linked who got hold of an account works no
// more once the commune has given it back.
func TestRecoveryUnlinks(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := official(t, w, "minh")
	run(t, w, "INSERT INTO external_identities VALUES (?, 'a-1', ?, now())", issuer, person.ID)
	head := w.Person(t, w.Province, identity.ProvinceAdmin)
	viewer, err := w.Identity.Viewer(ctx, w.SignIn(t, head))
	if err != nil {
		t.Fatal(err)
	}
	listed, err := identity.NewStore(w.DB).PersonIn(ctx, viewer.Scope(identity.Managers...), person.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Identity.Reset(ctx, viewer, audit.By{ActorID: &head.ID}, listed); err != nil || links(t, w, person.ID) != 0 {
		t.Errorf("%d accounts left, %v", links(t, w, person.ID), err)
	}
}

func TestAFlowIsTakenOnceAndInTime(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	now := &at{clock.System()}
	service := identity.NewService(w.DB, now.now)
	person := w.Person(t, w.Communes[0])
	from := identity.From{Address: "203.0.113.9"}
	begin := func(token string) {
		t.Helper()
		if err := service.BeginFlow(ctx, from, token, "/pilot", &person.ID); err != nil {
			t.Fatal(err)
		}
	}
	begin("a")
	if flow, err := service.TakeFlow(ctx, from, "a"); err != nil || flow.Next != "/pilot" || *flow.PersonID != person.ID {
		t.Fatalf("%+v, %v", flow, err)
	}
	begin("b")
	now.Time = now.Add(identity.FlowLife)
	for _, token := range []string{"a", "b", "c", ""} {
		if _, err := service.TakeFlow(ctx, from, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", token, err)
		}
	}
	begin("d")
	now.Time = now.Add(identity.FlowLife + time.Second)
	if gone, err := identity.NewStore(w.DB).Tidy(ctx, now.Time); err != nil || gone != 1 {
		t.Errorf("tidied %d, %v", gone, err)
	}
}

func TestFlowsFromOnePlaceAreHeldUp(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	from := identity.From{Address: "203.0.113.9"}
	for i := range 301 {
		err := w.Identity.BeginFlow(ctx, from, worldtest.ID().String(), "/", nil)
		if wanted := i == 300; fault.Is(err, fault.TooMany) != wanted || err != nil != wanted {
			t.Fatalf("the %d. unfinished: %v", i+1, err)
		}
	}
	for range 301 {
		from := identity.From{Address: "203.0.113.10"}
		token := worldtest.ID().String()
		if err := w.Identity.BeginFlow(ctx, from, token, "/", nil); err != nil {
			t.Fatalf("an office that finishes: %v", err)
		}
		if _, err := w.Identity.TakeFlow(ctx, from, token); err != nil {
			t.Fatal(err)
		}
	}
}
