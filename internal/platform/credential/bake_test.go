package credential_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"hocso/internal/platform/credential"
	"hocso/internal/platform/testkit/verifier"
)

func TestABakedPictureVerifies(t *testing.T) {
	issuer := newIssuer(t)
	odd := claim
	odd.Name = "Mảng [[1]]> và <b>"
	picture := `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`
	baked, err := credential.Bake([]byte(picture), sign(t, issuer, odd))
	if err != nil {
		t.Fatal(err)
	}
	var svg struct {
		XMLName    xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		Credential []string `xml:"https://purl.imsglobal.org/ob/v3p0 credential"`
		Path       struct{} `xml:"http://www.w3.org/2000/svg path"`
	}
	if err := xml.Unmarshal(baked, &svg); err != nil || len(svg.Credential) != 1 {
		t.Fatalf("%v in %s", err, baked)
	}
	found := json.RawMessage(svg.Credential[0])
	if said := verifier.Verify(t, asked(found, network(t, issuer, []credential.PublicKey{issuer.PublicKey()})))[0]; !said.Verified {
		t.Errorf("%+v: %s", said, found)
	}
	if !strings.Contains(string(baked), `<path d="M0 0h9v9z"/></svg>`) {
		t.Errorf("the picture is gone: %s", baked)
	}
	for _, none := range []string{"", "<p>", "<svg/>", "<svg"} {
		if _, err := credential.Bake([]byte(none), nil); err == nil {
			t.Errorf("%q was baked", none)
		}
	}
}
