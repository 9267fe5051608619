package faults

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// up starts everything in one process, with PostgreSQL and Redis of its own.
func up(t *testing.T, dir string) *process {
	t.Helper()
	p := start(t, "up", []string{"HOCSO_ADDR=127.0.0.1:0", "HOCSO_DATA_DIR=" + dir, "HOCSO_LOG=json"}, "up")
	p.addr = p.says(t, serving)
	return p
}

// TestUpStopsWithItsServers ends the one process in three ways; each time its
// PostgreSQL and Redis end with it, and the next start finds the data whole.
func TestUpStopsWithItsServers(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("real processes take a while")
	}
	dir := newDir(t)
	own := &town{disk: dir, memory: dir}
	servers := func() []int { return []int{own.postgresPid(t), own.redisPid(t)} }
	gone := func(pids []int) {
		t.Helper()
		until(t, patience, "PostgreSQL and Redis have ended", func() bool { return !alive(pids[0]) && !alive(pids[1]) })
	}
	asked := up(t, dir)
	run(t, []string{"HOCSO_ADDR=127.0.0.1:0", "HOCSO_DATA_DIR=" + dir}, "up").oneLine(t, "another hocso", dir)
	pids := servers()
	asked.stop(t)
	gone(pids)

	killed := up(t, dir)
	pids = servers()
	killed.kill(t)
	gone(pids)

	orphaned := up(t, dir)
	pids = servers()
	orphaned.doomed = true // it ends with an error, which is right
	must(t, syscall.Kill(pids[0], syscall.SIGKILL))
	told := regexp.MustCompile(`hocso: a server that we started has stopped: PostgreSQL`)
	orphaned.says(t, told)
	<-orphaned.done
	if code := orphaned.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d without PostgreSQL", code)
	}
	gone(pids)

	last := up(t, dir)
	got, err := last.get("", "/")
	must(t, err)
	if !got.decent(t, http.StatusOK) || !strings.Contains(got.body, "/courses/") {
		t.Errorf("the courses are gone:\n%s", got.body)
	}
}

// alive tells whether a process runs; one that has ended and that nobody has
// asked for does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) == syscall.ESRCH {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}
