package credential_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hocso/internal/platform/credential"
)

func TestAKeyIsKeptAndFoundAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "credential.pem")
	made, err := credential.MakeKey(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := credential.ReadKey(path)
	if err != nil || read.Public() != made.Public() || !strings.HasPrefix(string(read.Public()), "z6Mk") {
		t.Fatalf("%v, %v", read, err)
	}
	if about, err := os.Stat(path); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", about.Mode(), err)
	}
	if _, err := credential.MakeKey(path); err == nil || !strings.Contains(err.Error(), "never written over") {
		t.Errorf("made again: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

func TestWhatIsNoKey(t *testing.T) {
	// RSA and elliptic curves as openssl writes them.
	const curve = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\nOF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n-----END PRIVATE KEY-----\n"
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		says    string
	}{
		"not PEM":           {"key", 0o600, "PEM"},
		"a certificate":     {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0o600, "PEM"},
		"damaged":           {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 0o600, "cannot be read"},
		"of another kind":   {curve, 0o600, "Ed25519"},
		"open to strangers": {curve, 0o604, "chmod"},
	} {
		path := filepath.Join(t.TempDir(), "key.pem")
		if err := os.WriteFile(path, []byte(c.content), c.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := credential.ReadKey(path); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := credential.ReadKey(filepath.Join(t.TempDir(), "none.pem")); err == nil || !strings.Contains(err.Error(), "none.pem") {
		t.Errorf("missing: %v", err)
	}
}

func TestNamesOfSites(t *testing.T) {
	for address, want := range map[string]string{
		"https://hocso.example.vn":      "did:web:hocso.example.vn",
		"https://HocSo.example.vn/":     "did:web:hocso.example.vn",
		"https://hocso.example.vn:8443": "did:web:hocso.example.vn%3A8443",
		"http://localhost:8080":         "did:web:localhost%3A8080",
		"http://hocso.example.vn":       "",
		"https://10.0.0.11":             "",
		"https://[::1]:8080":            "",
		"https://example.vn/hocso":      "",
		"https://a:b@example.vn":        "",
		"hocso.example.vn":              "",
		"":                              "",
	} {
		issuer, err := credential.NewIssuer(address, nil)
		if (err != nil) != (want == "") || err == nil && issuer.ID() != want {
			t.Errorf("%q: %v, %v", address, issuer, err)
		}
	}
}
