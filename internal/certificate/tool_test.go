package certificate

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// run runs a program that is not ours on a file. Where make test did not
// install it the test is skipped; in CI that is a failure.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		const missing = "%s is not installed: deploy/need.sh poppler zbar"
		if os.Getenv("CI") != "" {
			t.Fatalf(missing, name)
		}
		t.Skipf(missing, name)
	}
	said, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(said)
}

func kept(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "giay.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
