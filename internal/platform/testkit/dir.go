package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Dir is a directory for servers of this process.
type Dir struct{ Path string }

const (
	// memory is where databases are made 10× faster than on a disk.
	memory = "/dev/shm"
	// enoughMemory leaves room for a cluster and the databases of running tests.
	enoughMemory = 1 << 30
	// dirPrefix is followed by the pid of the process that made the directory.
	dirPrefix = "hocso-test-"
)

var removeStaleOnce sync.Once

// NewDir makes a directory in memory where there is room, else among the
// system's temporary files. A test process cannot always clean up behind
// itself, so the next one removes what dead ones left.
func NewDir() (Dir, error) {
	removeStaleOnce.Do(func() {
		removeStale(memory)
		removeStale(os.TempDir())
	})
	path, err := makeDir(memory)
	if err != nil || !roomy(path) {
		os.Remove(path)
		path, err = makeDir(os.TempDir())
	}
	return Dir{path}, err
}

func makeDir(parent string) (string, error) {
	path, err := os.MkdirTemp(parent, fmt.Sprintf("%s%d-", dirPrefix, os.Getpid()))
	if err != nil {
		return "", err
	}
	// As root the servers run as somebody else, who must be let in.
	return path, os.Chmod(path, 0o755)
}

func roomy(path string) bool {
	var stat syscall.Statfs_t
	return syscall.Statfs(path, &stat) == nil && uint64(stat.Bavail)*uint64(stat.Bsize) >= enoughMemory
}

// Remove deletes the directory; what cannot be deleted now is for removeStale.
func (d Dir) Remove() { os.RemoveAll(d.Path) }

func removeStale(parent string) {
	found, _ := filepath.Glob(filepath.Join(parent, dirPrefix+"*")) // the only error is a bad pattern
	for _, path := range found {
		text, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), dirPrefix), "-")
		pid, err := strconv.Atoi(text)
		if err == nil && syscall.Kill(pid, 0) == syscall.ESRCH {
			os.RemoveAll(path)
		}
	}
}
