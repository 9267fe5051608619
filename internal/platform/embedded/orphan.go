package embedded

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopOrphan ends a server that a killed process left behind in dir: two
// servers on the same files would ruin them. Whoever calls it holds the lock,
// so no living process owns the orphan.
func stopOrphan(ctx context.Context, pidFile, dir string, signal syscall.Signal, progress func(string)) error {
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return nil // it removes the file when it ends properly
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 1 || !livesIn(pid, dir) {
		return nil
	}
	progress(fmt.Sprintf("Stopping a server left behind in %s (pid %d)…", dir, pid))
	if err := syscall.Kill(pid, signal); err != nil && err != syscall.ESRCH {
		return fmt.Errorf("a server left behind in %s (pid %d) cannot be stopped: %w", dir, pid, err)
	}
	for livesIn(pid, dir) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("a server left behind in %s (pid %d) does not stop: %w", dir, pid, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
