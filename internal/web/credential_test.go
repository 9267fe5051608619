package web

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"hocso/internal/certificate"
	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/platform/credential"
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

// verify has what a holder downloaded verified by somebody else's program, with
// what it finds at the site.
func verify(t *testing.T, app *fiber.App, signed string) verifier.Verdict {
	t.Helper()
	documents := map[string]json.RawMessage{}
	for _, path := range []string{credential.DocumentPath, certificate.StatusPath + "/0"} {
		status, body, header := ask(t, app, actor{}, "GET", path, nil)
		if status != 200 || !strings.Contains(header.Get("Content-Type"), "json") || header.Get("Access-Control-Allow-Origin") != "*" {
			t.Fatalf("%s: %d, %v", path, status, header)
		}
		documents[worldtest.Site+path] = json.RawMessage(body)
	}
	return verifier.Verify(t, verifier.Request{Documents: documents, Credentials: []json.RawMessage{json.RawMessage(signed)}})[0]
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
	if said := verify(t, app, signed); !said.Verified || said.Revoked {
		t.Errorf("downloaded: %+v", said)
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
	if status, _, _ := ask(t, app, actor{token: w.SignIn(t, other)}, "GET", credentialOf(record), nil); status != 404 {
		t.Errorf("somebody else: %d", status)
	}
	altered := strings.Replace(signed, holder.FullName, "Nguyễn Văn Khác", 1)
	if said := verify(t, app, altered); said.Verified {
		t.Error("another name verifies")
	}

	// Another key signs from now on; what the first has signed still stands.
	w.Signer = w.NewSigner(t)
	_, app = newSite(w, &config.Config{})
	if said := verify(t, app, signed); !said.Verified || said.Revoked {
		t.Errorf("after a new key: %+v", said)
	}
	_, again, _ := ask(t, app, who, "GET", credentialOf(record), nil)
	if said := verify(t, app, again); !said.Verified {
		t.Errorf("signed with the new key: %+v", said)
	}
}

// Whatever takes a record's worth away sets its bit, and the holder gets no new file.
func TestARecordThatDoesNotCountAnyMore(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	for what, change := range map[string]string{
		"revoked":    "revoked_at = now(), reason = 'mistaken'",
		"superseded": "superseded_at = now(), successor_id = id",
		"erased":     "erased_at = now(), facts = '{}'",
	} {
		holder := w.Learner(t, w.Hamlets[0])
		record := complete(t, w, holder)
		who := actor{name: "holder", token: w.SignIn(t, holder)}
		_, signed, _ := ask(t, app, who, "GET", credentialOf(record), nil)
		if said := verify(t, app, signed); !said.Verified || said.Revoked {
			t.Errorf("before it was %s: %+v", what, said)
		}
		_, err := w.DB.NewRaw("UPDATE certificates SET "+change+" WHERE id = ?", record.ID).Exec(t.Context())
		must(t, err)
		if said := verify(t, app, signed); !said.Revoked {
			t.Errorf("%s: %+v", what, said)
		}
		if status, _, _ := ask(t, app, who, "GET", credentialOf(record), nil); status != 409 {
			t.Errorf("%s, and downloaded again: %d", what, status)
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
	for _, path := range []string{credentialOf(record), credential.DocumentPath, certificate.StatusPath + "/0"} {
		if status, _, _ := ask(t, app, actor{token: w.SignIn(t, holder)}, "GET", path, nil); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestAKeyThatWasWithdrawn(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	holder := w.Learner(t, w.Hamlets[0])
	record := complete(t, w, holder)
	_, signed, _ := ask(t, app, actor{token: w.SignIn(t, holder)}, "GET", credentialOf(record), nil)
	store := certificate.NewStore(w.DB)
	keys, err := store.Keys(t.Context())
	must(t, err)
	w.Signer = w.NewSigner(t)
	must(t, store.WithdrawKey(t.Context(), keys[0].PublicKey, keys[0].KnownAt))
	_, app = newSite(w, &config.Config{})
	if said := verify(t, app, signed); said.Verified || !strings.Contains(said.Error, string(keys[0].PublicKey)) {
		t.Errorf("signed with a key that was withdrawn: %+v", said)
	}
	if err := store.WithdrawKey(t.Context(), "z6MkNobody", keys[0].KnownAt); err == nil {
		t.Error("a key that nobody has was withdrawn")
	}
}
