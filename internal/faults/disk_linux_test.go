package faults

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a disk of its own size, which can be changed later.
func smallDisk(t *testing.T, megabytes int) (dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	dir = newDir(t)
	if err := syscall.Mount("hocso-faults", dir, "tmpfs", 0, fmt.Sprintf("mode=755,size=%dm", megabytes)); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill leaves no byte free on a small disk.
func fill(t *testing.T, dir string) {
	t.Helper()
	var stat syscall.Statfs_t
	must(t, syscall.Statfs(dir, &stat))
	resize(t, dir, (stat.Blocks-stat.Bfree)*uint64(stat.Bsize))
}

func resize(t *testing.T, dir string, bytes uint64) {
	t.Helper()
	must(t, syscall.Mount("hocso-faults", dir, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("mode=755,size=%d", bytes)))
}

func TestNoRoomToStart(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 32)
	run(t, []string{"HOCSO_ADDR=127.0.0.1:0", "HOCSO_DATA_DIR=" + dir}, "up").oneLine(t, "no room left", dir, "HOCSO_DATA_DIR")
}

// TestTheDiskFillsUp leaves PostgreSQL no room while learners submit. What it
// cannot write down is not confirmed; with room again, everything is taken.
func TestTheDiskFillsUp(t *testing.T) {
	t.Parallel()
	w := townOn(t, smallDisk(t, 400))
	servers := []*process{w.serve(t), w.serve(t)}
	w.work(t)
	learners := w.learners(t, 80)
	visits := w.visit(t, learners[0], servers)
	fill(t, w.disk)
	c := w.crowd(servers...)
	c.send(t, learners...)
	until(t, persistence, "submissions are refused", func() bool { return w.refused.Load() >= 100 })
	t.Logf("%d of %d were taken on the full disk", c.taken.Load(), len(learners))
	resize(t, w.disk, 400<<20)
	room := time.Now()
	c.all.Wait()
	visits.end()
	w.settle(t, room, learners)
}
