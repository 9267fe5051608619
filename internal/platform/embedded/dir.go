package embedded

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// DefaultDir is where data live when nobody chose: /var/lib/hocso for root,
// because the unprivileged account that root's servers run as cannot enter a
// folder below /root, and ./var for everybody else.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/hocso"
	}
	dir, err := filepath.Abs("var")
	if err != nil {
		return "var"
	}
	return dir
}

// longestRunDir leaves room for "/.s.PGSQL.5432" in a socket's address, which
// the system limits to 103 (macOS) or 107 (Linux) bytes.
const longestRunDir = 88

// runDir makes the directory for the sockets. Only the servers' account can
// enter it, which is what makes "trust" in PostgreSQL and no password in Redis
// safe.
func runDir(dir string, owner *account) (string, error) {
	run := filepath.Join(dir, "run")
	if len(run) > longestRunDir {
		name := fmt.Sprintf("hocso-%x", sha256.Sum256([]byte(dir)))[:18]
		run = filepath.Join(os.TempDir(), name)
		if len(run) > longestRunDir {
			run = filepath.Join("/tmp", name)
		}
	}
	return run, ownDir(run, owner)
}

// ownDir makes dir, closed to everybody but owner. A directory that belongs to
// somebody else is refused: in /tmp anyone may have put it there first.
func ownDir(dir string, owner *account) error {
	if err := os.Mkdir(dir, 0o700); err == nil {
		return owner.give(dir)
	} else if !errors.Is(err, fs.ErrExist) {
		return plain(dir, err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return plain(dir, err)
	}
	uid := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || uid != owner.uid() && uid != os.Geteuid() {
		return fmt.Errorf("%s belongs to somebody else; remove it and try again", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return plain(dir, err)
	}
	return owner.give(dir)
}

// leastRoom is what a fresh PostgreSQL, its log of changes and some growth take.
const leastRoom = 200 << 20

func enoughRoom(dir string) error {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return plain(dir, err)
	}
	if uint64(stat.Bavail)*uint64(stat.Bsize) < leastRoom {
		return noRoom(dir)
	}
	return nil
}

func noRoom(dir string) error {
	return fmt.Errorf("no room left on the disk of %s: free at least %d MB there, or choose another folder with HOCSO_DATA_DIR",
		dir, leastRoom>>20)
}

func mentionsFullDisk(text string) bool {
	return strings.Contains(strings.ToLower(text), syscall.ENOSPC.Error())
}

// plain turns an error of the file system into what an operator can act on.
func plain(dir string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return noRoom(dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: choose a folder that you may write to with HOCSO_DATA_DIR", err)
	}
	return err
}
