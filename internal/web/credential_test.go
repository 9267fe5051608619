package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/testkit/verifier"
	"hocso/internal/worldtest"
)

// complete has somebody complete the course and a worker issue the record.
func complete(t *testing.T, w *worldtest.World, person *identity.Person) *certificate.Record {
	t.Helper()
	w.ReadAll(t, person)
	w.Submit(t, person, worldtest.Questions)
	w.Settle(t)
	for {
		n, err := w.Certificates.IssueDue(t.Context(), 100)
		must(t, err)
		if n == 0 {
			break
		}
	}
	records, err := certificate.NewStore(w.DB).Of(t.Context(), person.ID)
	must(t, err)
	return records[0]
}

func credentialOf(r *certificate.Record) string {
	return "/me/certificates/" + r.ID.String() + "/credential"
}

func badgeOf(r *certificate.Record) string { return "/me/certificates/" + r.ID.String() + "/badge" }

// baked is what is found in a picture.
func baked(t *testing.T, picture string) string {
	t.Helper()
	var svg struct {
		Credential string `xml:"https://purl.imsglobal.org/ob/v3p0 credential"`
	}
	must(t, xml.Unmarshal([]byte(picture), &svg))
	return svg.Credential
}

// asked is what somebody elsewhere asks about a credential now, with what they
// find at the site.
func asked(t *testing.T, app *fiber.App, signed string) verifier.Request {
	t.Helper()
	r := verifier.Request{Credential: json.RawMessage(signed), Documents: map[string]json.RawMessage{}, Now: time.Now()}
	for _, path := range []string{credential.DocumentPath, certificate.StatusPath + "/0"} {
		status, body, header := ask(t, app, actor{}, "GET", path, nil)
		if status != 200 || !strings.Contains(header.Get("Content-Type"), "json") || header.Get("Access-Control-Allow-Origin") != "*" {
			t.Fatalf("%s: %d, %v", path, status, header)
		}
		r.Documents[worldtest.Site+path] = json.RawMessage(body)
	}
	return r
}

func TestAHolderHandsOnARecord(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	holder, other := w.Learner(t, w.Hamlets[0]), w.Learner(t, w.Hamlets[0])
	record := complete(t, w, holder)
	who := actor{name: "holder", token: w.SignIn(t, holder)}

	status, signed, header := ask(t, app, who, "GET", credentialOf(record), nil)
	if status != 200 || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(header.Get("Content-Type"), "application/json") {
		t.Fatalf("%d, %v", status, header)
	}
	if _, mine, _ := ask(t, app, who, "GET", ownRecordsPath, nil); !strings.Contains(mine, credentialOf(record)) || !strings.Contains(mine, badgeOf(record)) {
		t.Error("the holder's page does not offer it")
	}
	for _, want := range []string{holder.FullName, "Dùng Internet", worldtest.Site + "/v/" + record.Code} {
		if !strings.Contains(signed, want) {
			t.Errorf("it does not say %q: %s", want, signed)
		}
	}
	for _, secret := range []string{holder.ID.String(), "Thôn 1", "Nam Trà My"} {
		if strings.Contains(signed, secret) {
			t.Errorf("it says %q", secret)
		}
	}
	status, picture, header := ask(t, app, who, "GET", badgeOf(record), nil)
	if status != 200 || header.Get("Content-Type") != "image/svg+xml" {
		t.Fatalf("picture: %d, %v", status, header)
	}
	for _, path := range []string{credentialOf(record), badgeOf(record)} {
		if status, _, _ := ask(t, app, actor{token: w.SignIn(t, other)}, "GET", path, nil); status != 404 {
			t.Errorf("somebody else at %s: %d", path, status)
		}
	}
	requests := []verifier.Request{asked(t, app, signed), asked(t, app, baked(t, picture)), asked(t, app, strings.Replace(signed, holder.FullName, "Nguyễn Văn Khác", 1))}

	// Another key signs from now on; what the first has signed still stands.
	w.Signer = w.NewSigner(t)
	_, app = newSite(w, &config.Config{})
	_, again, _ := ask(t, app, who, "GET", credentialOf(record), nil)
	requests = append(requests, asked(t, app, signed), asked(t, app, again))
	// Then the first is withdrawn.
	store := certificate.NewStore(w.DB)
	keys, err := store.Keys(t.Context())
	must(t, err)
	must(t, store.WithdrawKey(t.Context(), keys[1].PublicKey, time.Now()))
	if err := store.WithdrawKey(t.Context(), "z6MkNobody", time.Now()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a key that nobody has is withdrawn: %v", err)
	}
	requests = append(requests, asked(t, app, signed), asked(t, app, again))

	want := []bool{true, true, false, true, true, false, true}
	for i, said := range verifier.Verify(t, requests...) {
		if said.Verified != want[i] || said.Revoked {
			t.Errorf("request %d: %+v", i, said)
		}
	}
}

// Whatever takes a record's worth away sets its bit, and the holder gets no new file.
func TestARecordThatDoesNotCountAnyMore(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	var cases []string
	var before, after []verifier.Request
	for _, what := range []struct {
		name, change string
		again        int
	}{
		{"revoked", "revoked_at = now(), reason = 'mistaken'", 409},
		{"superseded", "superseded_at = now(), successor_id = id", 409},
		{"erased", "erased_at = now(), facts = '{}'", 404},
	} {
		holder := w.Learner(t, w.Hamlets[0])
		record := complete(t, w, holder)
		who := actor{name: "holder", token: w.SignIn(t, holder)}
		_, signed, _ := ask(t, app, who, "GET", credentialOf(record), nil)
		cases, before = append(cases, what.name), append(before, asked(t, app, signed))
		_, err := w.DB.NewRaw("UPDATE certificates SET "+what.change+" WHERE id = ?", record.ID).Exec(t.Context())
		must(t, err)
		after = append(after, asked(t, app, signed))
		if status, _, _ := ask(t, app, who, "GET", credentialOf(record), nil); status != what.again {
			t.Errorf("%s, and downloaded again: %d", what.name, status)
		}
	}
	for i, said := range verifier.Verify(t, append(before, after...)...) {
		if !said.Verified || said.Revoked != (i >= len(cases)) {
			t.Errorf("%s, after it: %v: %+v", cases[i%len(cases)], i >= len(cases), said)
		}
	}
}

func TestStatusListsAreAskedForAgainCheaply(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	record := complete(t, w, w.Learner(t, w.Hamlets[0]))
	get := func(path, tag string) (int, string) {
		t.Helper()
		request := httptest.NewRequest("GET", path, nil)
		request.Header.Set("If-None-Match", tag)
		response, err := app.Test(request, 10_000)
		must(t, err)
		response.Body.Close()
		return response.StatusCode, response.Header.Get("ETag")
	}
	list := certificate.StatusPath + "/0"
	status, tag := get(list, "")
	if status != 200 || tag == "" {
		t.Fatalf("%d, tag %q", status, tag)
	}
	if status, _ := get(list, tag); status != 304 {
		t.Errorf("unchanged: %d", status)
	}
	_, err := w.DB.NewRaw("UPDATE certificates SET revoked_at = now(), reason = 'other' WHERE id = ?", record.ID).Exec(t.Context())
	must(t, err)
	status, changed := get(list, tag)
	if status != 200 || changed == tag {
		t.Errorf("changed: %d, tag %q", status, changed)
	}
	for _, path := range []string{"/1", "/16384", "/4611686018427387904", "/99999999999999999999", "/-1", "/x"} {
		if status, _ := get(certificate.StatusPath+path, ""); status != 404 {
			t.Errorf("list %s: %d", path, status)
		}
	}
	// The first record of the next list.
	_, err = w.DB.NewRaw(`INSERT INTO certificates (id, code, status_index, person_id, unit_id, province_id, template, course_id, facts, completed_on, issued_at, superseded_at, successor_id)
		OVERRIDING SYSTEM VALUE SELECT ?, 'ZZZZZZZZ', ?, person_id, unit_id, province_id, template, course_id, facts, completed_on, issued_at, now(), id FROM certificates`,
		worldtest.ID(), credential.ListSize).Exec(t.Context())
	must(t, err)
	if status, _ := get(certificate.StatusPath+"/1", ""); status != 200 {
		t.Errorf("the second list: %d", status)
	}
}

func TestASiteWithoutAKeySignsNothing(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	w.Signer = nil
	_, app := newSite(w, &config.Config{})
	holder := w.Learner(t, w.Hamlets[0])
	record := complete(t, w, holder)
	if status, mine, _ := ask(t, app, actor{token: w.SignIn(t, holder)}, "GET", ownRecordsPath, nil); status != 200 || strings.Contains(mine, credentialOf(record)) || !strings.Contains(mine, "chưa cấp bản điện tử") {
		t.Errorf("it is offered, or its lack not told: %d", status)
	}
	for _, path := range []string{credentialOf(record), badgeOf(record), credential.DocumentPath, certificate.StatusPath + "/0"} {
		if status, _, _ := ask(t, app, actor{token: w.SignIn(t, holder)}, "GET", path, nil); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}
