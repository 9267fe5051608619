package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRunGivesTheCommandADatabaseAndPassesItsExitCodeOn(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "url")
	t.Setenv("KEPT", kept)
	for script, want := range map[string]int{
		`echo "$HOCSO_TEST_DATABASE_URL" > "$KEPT"`: 0,
		`exit 7`:        7,
		`kill -TERM $$`: 143,
	} {
		if code, err := run([]string{"sh", "-c", script}); err != nil || code != want {
			t.Errorf("%s: got %d, %v; want %d", script, code, err, want)
		}
	}
	if text, err := os.ReadFile(kept); err != nil || len(text) < len("postgres://") {
		t.Errorf("the command was given %q, %v", text, err)
	}
	if _, err := run([]string{"no-such-command"}); err == nil {
		t.Error("a command that does not exist ran")
	}
}
