//go:build !linux

package embedded

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent does nothing where the kernel offers no such signal: a server
// left behind is stopped by the next start.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// livesIn tells whether process pid is a server of ours: its command line
// names our directory.
func livesIn(pid int, dir string) bool {
	line, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(line), filepath.Dir(dir))
}
