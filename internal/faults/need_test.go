package faults

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// bareMachine makes a folder of programs that is all a machine has: the shell's
// own, and an apt that offers packages in one version and says what it installs.
func bareMachine(t *testing.T, offered string) (path string) {
	t.Helper()
	path = t.TempDir()
	for _, name := range []string{"bash", "cat", "chmod", "cut", "env", "grep", "head", "mktemp", "rm", "sed", "sleep", "tail", "uname"} {
		real, err := exec.LookPath(name)
		must(t, err)
		must(t, os.Symlink(real, filepath.Join(path, name)))
	}
	for name, text := range map[string]string{
		"sudo":      `[ "$1" = -n ] && shift; exec "$@"`,
		"apt-cache": `printf '%s:\n  Installed: (none)\n  Candidate: %s\n' "$2" '` + offered + `'`,
		"apt-get": `case " $* " in *" install "*)
			for tool in zbarimg rsvg-convert; do printf '#!/bin/sh\n' >'` + path + `'/$tool; chmod 755 '` + path + `'/$tool; done ;;
			esac`,
	} {
		must(t, os.WriteFile(filepath.Join(path, name), []byte("#!/bin/bash\n"+text+"\n"), 0o700))
	}
	return path
}

// TestWhatABareMachineNeeds: a missing tool is installed whatever its version
// looks like, and one that cannot be had is named with what to do.
func TestWhatABareMachineNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		need, offered string
		code          int
		says          string
	}{
		{"zbar", "0.23.92-7+deb12u1", 0, "Installing ZBar and librsvg"},
		{"zbar", "1:2.1", 0, "Installing ZBar and librsvg"},
		{"zbar", "(none)", 1, "this system offers no package zbar-tools"},
		{"node", "18.20.4+dfsg-1", 1, "this system offers version 18, and 20 or later is needed"},
		{"poppler", "0.1", 1, "it was installed but cannot be found"},
		{"coffee", "1", 2, `need.sh does not know "coffee"`},
	} {
		t.Run(c.need+" "+c.offered, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), "../../deploy/need.sh", c.need)
			command.Env = []string{"PATH=" + bareMachine(t, c.offered), "TMPDIR=" + t.TempDir()}
			var said bytes.Buffer
			command.Stdout, command.Stderr = &said, &said
			var exit *exec.ExitError
			if err := command.Run(); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := command.ProcessState.ExitCode(); code != c.code || !strings.Contains(said.String(), c.says) {
				t.Errorf("exit code %d, want %d with %q; it said\n%s", code, c.code, c.says, said.String())
			}
		})
	}
}
