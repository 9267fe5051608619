// Package verifier has credentials verified by an implementation that is not
// ours (Digital Bazaar's, for Node.js). Only tests import it; make test
// installs it.
package verifier

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// Request is what to verify.
type Request struct {
	Credential json.RawMessage            `json:"credential"`
	Documents  map[string]json.RawMessage `json:"documents"` // what the network would give, by address
	Now        time.Time                  `json:"now"`
}

// Verdict is what the verifier says of a credential.
type Verdict struct {
	Verified bool   `json:"verified"` // signed by who it says, unchanged, in force
	Revoked  bool   `json:"revoked"`  // its bit in the status list is set
	Error    string `json:"error"`
}

// Verify gives a verdict on each request, in their order. It takes half a
// second, however many there are.
func Verify(t testing.TB, requests ...Request) []Verdict {
	t.Helper()
	input, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "verify.mjs")
	node.Dir = installed(t)
	node.Stdin = bytes.NewReader(input)
	var said, failed bytes.Buffer
	node.Stdout, node.Stderr = &said, &failed
	if err := node.Run(); err != nil {
		t.Fatalf("the verifier: %v: %s", err, failed.String())
	}
	var verdicts []Verdict
	if err := json.Unmarshal(said.Bytes(), &verdicts); err != nil {
		t.Fatalf("the verifier says %q: %v", said.String(), err)
	}
	if len(verdicts) != len(requests) {
		t.Fatalf("%d verdicts on %d requests", len(verdicts), len(requests))
	}
	return verdicts
}

// installed is the verifier's folder. Where make test did not run before, the
// test is skipped; in CI that is a failure.
func installed(t testing.TB) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	folder := filepath.Dir(here)
	if _, err := os.Stat(filepath.Join(folder, "node_modules", ".package-lock.json")); err != nil {
		const missing = "the verifier is not installed: make verifier"
		if os.Getenv("CI") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	return folder
}
