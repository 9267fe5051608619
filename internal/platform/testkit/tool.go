package testkit

import (
	"os"
	"os/exec"
	"testing"
)

// Run runs a program that is not ours and gives what it printed: Poppler reads
// our PDF, ZBar our QR codes. Where make test did not install it the test is
// skipped; in CI that is a failure.
func Run(t testing.TB, name string, args ...string) string {
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
