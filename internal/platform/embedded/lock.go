package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lock is held for as long as this process runs a server in a directory.
// Without it a second process would find the first one's socket and silently
// talk to a server that ends with the first. The system lets go of it when the
// process dies, however it dies.
type lock struct{ file *os.File }

func takeLock(dir, name string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(dir, name+".lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", file.Name(), err)
		}
		holder, _ := io.ReadAll(io.LimitReader(file, 20))
		return nil, fmt.Errorf("another hocso is already using %s (pid %s): stop it, or choose another folder with HOCSO_DATA_DIR",
			dir, strings.TrimSpace(string(holder)))
	}
	// The pid is only for the message above; the lock itself is the system's.
	if err := file.Truncate(0); err != nil {
		file.Close()
		return nil, err
	}
	if _, err := fmt.Fprintln(file, os.Getpid()); err != nil {
		file.Close()
		return nil, err
	}
	return &lock{file}, nil
}

func (l *lock) release() { l.file.Close() }
