package credential_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hocso/internal/platform/credential"
	"hocso/internal/platform/testkit/verifier"
)

const (
	site  = "https://hocso.example.vn"
	lists = "/credentials/status"
	code  = 131_072 + 94 // the 95th of the second list
)

var (
	now   = time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC)
	claim = credential.Claim{
		ID: site + "/v/7KQM2XWA", Issuer: "UBND tỉnh Quảng Thử",
		Holder: "Nguyễn Thị Ánh \"Tư\" <\\>", Narrative: "Hoàn thành ngày 26/11/2026.",
		Achievement: site + "/courses/thu-dien-tu", Kind: "Course", Name: "Thư điện tử & an toàn",
		Description: "Khoá học kỹ năng số.", Criteria: "Học hết các bài,\nlàm đúng bài kiểm tra.",
		From: now.Add(-time.Hour), Until: now.AddDate(1, 0, 0),
	}
)

// newIssuer is a site with a new key.
func newIssuer(t testing.TB) *credential.Issuer {
	t.Helper()
	key, err := credential.MakeKey(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := credential.NewIssuer(site, key)
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

func sign(t testing.TB, issuer *credential.Issuer, c credential.Claim) json.RawMessage {
	t.Helper()
	signed, err := issuer.Sign(issuer.Badge(c, issuer.StatusEntry(lists, code)), now)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// network is what verifiers find at the site: the keys, and a list in which
// these credentials don't stand any more.
func network(t testing.TB, issuer *credential.Issuer, keys []credential.PublicKey, gone ...int) map[string]json.RawMessage {
	t.Helper()
	document, err := json.Marshal(issuer.Document(keys))
	if err != nil {
		t.Fatal(err)
	}
	list, err := issuer.SignStatusList(lists, 1, gone, now)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]json.RawMessage{site + credential.DocumentPath: document, site + lists + "/1": list}
}

// asked is what somebody elsewhere asks about a credential now.
func asked(signed json.RawMessage, documents map[string]json.RawMessage) verifier.Request {
	return verifier.Request{Credential: signed, Documents: documents, Now: now}
}

func TestAnotherImplementationVerifiesIt(t *testing.T) {
	issuer := newIssuer(t)
	endless := claim
	endless.Until = time.Time{}
	documents := network(t, issuer, []credential.PublicKey{issuer.PublicKey()}, code-1, code+1)
	for i, said := range verifier.Verify(t, asked(sign(t, issuer, claim), documents), asked(sign(t, issuer, endless), documents)) {
		if !said.Verified || said.Revoked {
			t.Errorf("credential %d: %+v", i, said)
		}
	}
}

// Every text, number and list entry is changed, one at a time.
func TestWhateverIsChangedIsNoticed(t *testing.T) {
	issuer := newIssuer(t)
	documents := network(t, issuer, []credential.PublicKey{issuer.PublicKey()})
	var places []string
	var requests []verifier.Request
	var document any
	if err := json.Unmarshal(sign(t, issuer, claim), &document); err != nil {
		t.Fatal(err)
	}
	everyLeaf(document, "", func(place string) {
		changed, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		places, requests = append(places, place), append(requests, asked(changed, documents))
	})
	if len(places) < 30 {
		t.Fatalf("only %d places: %v", len(places), places)
	}
	for i, said := range verifier.Verify(t, requests...) {
		if said.Verified {
			t.Errorf("a change of %s is not noticed", places[i])
		}
	}
}

// everyLeaf changes each leaf of a JSON value in turn, calls found, and changes it back.
func everyLeaf(value any, place string, found func(place string)) {
	try := func(set func(any), leaf any, place string) {
		switch v := leaf.(type) {
		case string:
			set(v + "x")
		case float64:
			set(v + 1)
		case bool:
			set(!v)
		default:
			everyLeaf(leaf, place, found)
			return
		}
		found(place)
		set(leaf)
	}
	switch v := value.(type) {
	case map[string]any:
		for key, leaf := range v {
			try(func(x any) { v[key] = x }, leaf, place+"/"+key)
		}
	case []any:
		for i, leaf := range v {
			try(func(x any) { v[i] = x }, leaf, fmt.Sprintf("%s/%d", place, i))
		}
	}
}

func TestWhatIsAddedOrTakenAwayIsNoticed(t *testing.T) {
	issuer := newIssuer(t)
	signed := string(sign(t, issuer, claim))
	changed := map[string]string{
		"an unknown member": strings.Replace(signed, `"name":`, `"grade":"A","name":`, 1),
		"a known member":    strings.Replace(signed, `"hashed":`, `"salt":"x","hashed":`, 1),
		"no end":            strings.Replace(signed, `"validUntil":"2027-11-27T01:02:03Z",`, "", 1),
	}
	documents := network(t, issuer, []credential.PublicKey{issuer.PublicKey()})
	var names []string
	var requests []verifier.Request
	for name, text := range changed {
		if text == signed {
			t.Fatalf("%s: nothing was changed", name)
		}
		names, requests = append(names, name), append(requests, asked(json.RawMessage(text), documents))
	}
	for i, said := range verifier.Verify(t, requests...) {
		if said.Verified {
			t.Errorf("%s is not noticed", names[i])
		}
	}
}

func TestOnlyTheIssuersKeysCount(t *testing.T) {
	issuer, successor, stranger := newIssuer(t), newIssuer(t), newIssuer(t)
	before, after, forged := sign(t, issuer, claim), sign(t, successor, claim), sign(t, stranger, claim)
	swapped := bytes.ReplaceAll(forged, []byte(stranger.PublicKey()), []byte(issuer.PublicKey()))
	both := network(t, successor, []credential.PublicKey{issuer.PublicKey(), successor.PublicKey()})
	one := network(t, successor, []credential.PublicKey{successor.PublicKey()})
	cases := []struct {
		name   string
		signed json.RawMessage
		at     map[string]json.RawMessage
		want   bool
	}{
		{"the old key while it is published", before, both, true},
		{"the new key", after, both, true},
		{"a key that is not the issuer's", forged, both, false},
		{"a stranger's signature under the issuer's key", swapped, both, false},
		{"the old key once it is withdrawn", before, one, false},
		{"the new key alone", after, one, true},
	}
	var requests []verifier.Request
	for _, c := range cases {
		requests = append(requests, asked(c.signed, c.at))
	}
	for i, said := range verifier.Verify(t, requests...) {
		if said.Verified != cases[i].want {
			t.Errorf("%s: %+v", cases[i].name, said)
		}
	}
}

func TestRevokedAndExpired(t *testing.T) {
	issuer := newIssuer(t)
	keys := []credential.PublicKey{issuer.PublicKey()}
	signed := sign(t, issuer, claim)
	var everybody []int
	for number := range credential.ListSize {
		everybody = append(everybody, credential.ListSize+number)
	}
	changed := network(t, issuer, keys, code)
	list := site + lists + "/1"
	changed[list] = bytes.Replace(changed[list], []byte(`"ttl":10000`), []byte(`"ttl":10001`), 1)
	said := verifier.Verify(t,
		asked(signed, network(t, issuer, keys, code)),
		asked(signed, network(t, issuer, keys, everybody...)),
		verifier.Request{Credential: signed, Documents: network(t, issuer, keys), Now: claim.Until.AddDate(0, 0, 1)},
		asked(signed, changed))
	if !said[0].Verified || !said[0].Revoked || !said[1].Verified || !said[1].Revoked {
		t.Errorf("revoked: %+v; everybody is: %+v", said[0], said[1])
	}
	if said[2].Verified {
		t.Error("it verifies after its end")
	}
	if said[3].Verified {
		t.Error("a list that was changed counts")
	}
}

// What Open Badges 3.0 asks of an OpenBadgeCredential (B.1.1 to B.1.15).
func TestItHasWhatOpenBadgesAskFor(t *testing.T) {
	var badge map[string]any
	if err := json.Unmarshal(sign(t, newIssuer(t), claim), &badge); err != nil {
		t.Fatal(err)
	}
	member := func(path string) any {
		var value any = badge
		for _, key := range strings.Split(path, ".") {
			if list, ok := value.([]any); ok {
				value = list[0]
			}
			value = value.(map[string]any)[key]
		}
		return value
	}
	has := func(path, entry string) {
		if list, _ := member(path).([]any); !slices.Contains(list, any(entry)) {
			t.Errorf("%s lacks %s: %v", path, entry, member(path))
		}
	}
	has("@context", "https://www.w3.org/ns/credentials/v2")
	has("@context", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
	has("type", "VerifiableCredential")
	has("type", "OpenBadgeCredential")
	has("issuer.type", "Profile")
	has("credentialSubject.type", "AchievementSubject")
	has("credentialSubject.achievement.type", "Achievement")
	if proofs, ok := badge["proof"].([]any); !ok || len(proofs) != 1 {
		t.Errorf("proofs: %v", badge["proof"])
	}
	for path, want := range map[string]any{
		"id": site + "/v/7KQM2XWA", "name": claim.Name, "validFrom": "2026-11-27T00:02:03Z", "validUntil": "2027-11-27T01:02:03Z",
		"issuer.id": "did:web:hocso.example.vn", "issuer.name": claim.Issuer, "issuer.url": site,
		"credentialSubject.narrative":                      claim.Narrative,
		"credentialSubject.identifier.type":                "IdentityObject",
		"credentialSubject.identifier.hashed":              false,
		"credentialSubject.identifier.identityHash":        claim.Holder,
		"credentialSubject.identifier.identityType":        "name",
		"credentialSubject.achievement.id":                 claim.Achievement,
		"credentialSubject.achievement.achievementType":    "Course",
		"credentialSubject.achievement.name":               claim.Name,
		"credentialSubject.achievement.description":        claim.Description,
		"credentialSubject.achievement.criteria.narrative": claim.Criteria,
		"credentialStatus.id":                              site + lists + "/1#94",
		"credentialStatus.type":                            "BitstringStatusListEntry",
		"credentialStatus.statusPurpose":                   "revocation",
		"credentialStatus.statusListIndex":                 "94",
		"credentialStatus.statusListCredential":            site + lists + "/1",
		"proof.type":                                       "DataIntegrityProof",
		"proof.cryptosuite":                                "eddsa-rdfc-2022",
		"proof.proofPurpose":                               "assertionMethod",
	} {
		if got := member(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

func TestWhatCannotBeSigned(t *testing.T) {
	issuer := newIssuer(t)
	odd := claim
	odd.Holder = "Nguyễn\x07An"
	if _, err := issuer.Sign(issuer.Badge(odd, issuer.StatusEntry(lists, 0)), now); err == nil {
		t.Error("a control character was signed")
	}
	if _, err := issuer.Sign(map[string]any{"@context": "https://example.vn/words"}, now); err == nil || !strings.Contains(err.Error(), "example.vn") {
		t.Errorf("a vocabulary from elsewhere: %v", err)
	}
	if _, err := issuer.Sign(map[string]any{"@context": []string{"https://www.w3.org/ns/credentials/v2"}, "type": []string{"VerifiableCredential"}, "grade": "A"}, now); err == nil {
		t.Error("a member that no vocabulary knows was signed")
	}
}

func BenchmarkSign(b *testing.B) {
	issuer := newIssuer(b)
	for b.Loop() {
		sign(b, issuer, claim)
	}
}
