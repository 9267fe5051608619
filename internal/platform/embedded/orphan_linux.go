package embedded

import (
	"os"
	"strconv"
	"syscall"
)

// dieWithParent makes the kernel send the child a signal when we are gone.
func dieWithParent(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}

// livesIn tells whether process pid works in dir, as both servers do in their
// data directory. A pid alone proves nothing: it may have been given to
// another process since.
func livesIn(pid int, dir string) bool {
	cwd, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	return err == nil && cwd == dir
}
