package testkit

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Mailpit runs a real mail server, axllent/mailpit, until the test ends. It
// takes any letter at smtp (host:port) and tells at api (http://host:port/api/v1)
// what it took; flags are its own, such as --smtp-require-starttls. The first
// time it is built from the module beside this file, which takes a minute or two.
func Mailpit(t *testing.T, flags ...string) (smtp, api string) {
	t.Helper()
	smtp, web := FreeAddress(t), FreeAddress(t)
	server := exec.Command(builtMailpit(t), append(flags, "--smtp", smtp, "--listen", web, "--disable-version-check", "--quiet")...)
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		server.Process.Kill()
		<-ended
	})
	ctx, cancel := context.WithTimeout(t.Context(), slow)
	defer cancel()
	for {
		if response, err := http.Get("http://" + web + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return smtp, "http://" + web + "/api/v1"
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("mailpit does not answer:\n%s", log.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// builtMailpit is the server's program; Go keeps it in its cache.
func builtMailpit(t *testing.T) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	tool := exec.Command("go", "tool", "-n", "mailpit")
	tool.Dir = filepath.Join(filepath.Dir(here), "mailpit")
	tool.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	var wrong bytes.Buffer
	tool.Stderr = &wrong
	path, err := tool.Output()
	if err != nil {
		t.Fatalf("build mailpit: %v\n%s", err, wrong.String())
	}
	return strings.TrimSpace(string(path))
}

// FreeAddress is an address of this machine (host:port) that nobody listens on.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
