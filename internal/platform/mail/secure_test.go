package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/config"
	"hocso/internal/platform/mail"
	"hocso/internal/platform/testkit"
)

// proof is the mail server's certificate and key, as files. This program trusts
// it, as a province's servers trust their own authority.
var proof struct{ certificate, key string }

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "mail")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		proof.certificate, proof.key = filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key")
		if err := prove(); err != nil {
			panic(err)
		}
		os.Setenv("SSL_CERT_FILE", proof.certificate) // read when the first connection is checked
		return m.Run()
	}())
}

// prove makes a certificate for this machine's own address.
func prove() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(write(proof.certificate, "CERTIFICATE", certificate), write(proof.key, "EC PRIVATE KEY", secret))
}

func write(path, kind string, bytes []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600)
}

// TestSecureWays: a real mail server takes letters over each protected way,
// signed in, and none over a way that is not as protected as was asked for.
func TestSecureWays(t *testing.T) {
	t.Parallel()
	passwords := filepath.Join(t.TempDir(), "passwords")
	if err := os.WriteFile(passwords, []byte("hocso:right-password\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	secured := []string{"--smtp-tls-cert", proof.certificate, "--smtp-tls-key", proof.key, "--smtp-auth-file", passwords}
	starttls, starttlsAPI := testkit.Mailpit(t, append(secured, "--smtp-require-starttls")...)
	direct, directAPI := testkit.Mailpit(t, append(secured, "--smtp-require-tls")...)
	open, openAPI := testkit.Mailpit(t)
	// The same server under a name that its certificate does not have.
	_, port, _ := net.SplitHostPort(starttls)
	stranger := net.JoinHostPort("localhost", port)

	for name, c := range map[string]struct {
		addr, tls, user, password string
		api                       string
		taken                     bool
		cause                     carrier.Cause // when it is not
	}{
		"STARTTLS, signed in":              {starttls, "starttls", "hocso", "right-password", starttlsAPI, true, ""},
		"TLS from the beginning":           {direct, "tls", "hocso", "right-password", directAPI, true, ""},
		"a wrong password":                 {starttls, "starttls", "hocso", "wrong-password", starttlsAPI, false, carrier.SignIn},
		"a server without STARTTLS":        {open, "starttls", "", "", openAPI, false, ""},
		"a certificate of another":         {stranger, "starttls", "hocso", "right-password", starttlsAPI, false, ""},
		"a server that speaks plain first": {open, "tls", "", "", openAPI, false, ""},
	} {
		before := count(t, c.api)
		server := mail.New(config.SMTP{Addr: c.addr, From: "hocso@example.vn", User: c.user, Password: c.password, TLS: c.tls, Timeout: 5 * time.Second}, "hocso.example.vn")
		err := send(t, server)
		if got := count(t, c.api) - before; (got == 1) != c.taken || (err == nil) != c.taken {
			t.Errorf("%s: %d letters taken, %v", name, got, err)
		}
		var failed *carrier.Error
		if !c.taken && (!errors.As(err, &failed) || failed.Outcome != carrier.Later || c.cause != "" && failed.Cause != c.cause) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func send(t *testing.T, server *mail.Server) error {
	t.Helper()
	line, err := server.Connect(t.Context())
	if err != nil {
		return err
	}
	defer line.Close()
	return line.Send(t.Context(), carrier.Message{Key: "one", To: "an@example.vn", Subject: "Chào", Text: "Chào bác", HTML: "<p>Chào bác</p>", MadeAt: time.Now()}, func() error { return nil })
}

// count tells how many letters a server has taken.
func count(t *testing.T, api string) int {
	t.Helper()
	response, err := http.Get(api + "/messages")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var inbox struct{ Total int }
	if err := json.NewDecoder(response.Body).Decode(&inbox); err != nil {
		t.Fatal(err)
	}
	return inbox.Total
}
