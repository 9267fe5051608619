package faults

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// process is a running hocso.
type process struct {
	name string
	addr string // where it serves; "" for a worker
	log  output
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	// doomed says that its end is not its own doing: no exit code is expected.
	doomed bool
}

// patience is how long a process has to end when asked to: a server lets
// requests finish for 15 s, a worker batches for 20 s and waits 5 s for a
// Redis that hangs. Kubernetes kills after 30 s.
const patience = 28 * time.Second

// start runs hocso until the test ends; then it must stop when asked to.
func start(t *testing.T, name string, environment []string, arguments ...string) *process {
	t.Helper()
	p := &process{name: name, cmd: exec.Command(hocso, arguments...), done: make(chan struct{})}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, environment...)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.cmd.SysProcAttr = bound()
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // see bound
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.cmd.Wait() // how it ended is in ProcessState
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.end(t) })
	return p
}

// says waits for a line and gives what the expression's first group holds.
func (p *process) says(t *testing.T, line *regexp.Regexp) string {
	t.Helper()
	var found []string
	until(t, 20*time.Second, p.name+" says "+line.String(), func() bool {
		found = line.FindStringSubmatch(p.log.String())
		return found != nil || p.ended()
	})
	if found == nil {
		t.Fatalf("%s ended (%s):\n%s", p.name, p.cmd.ProcessState, p.log.tail())
	}
	return found[len(found)-1]
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// kill ends the process as a power cut would.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.doomed = true
	p.signal(t, syscall.SIGKILL)
	<-p.done
}

func (p *process) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatalf("%s to %s: %v\n%s", signal, p.name, err, p.log.tail())
	}
}

// stop asks the process to end and tells how long that took.
func (p *process) stop(t *testing.T) time.Duration {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	return p.leaves(t)
}

// leaves waits until a process that was asked to end has done so, with exit code 0.
func (p *process) leaves(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Errorf("%s did not end within %s of SIGTERM:\n%s", p.name, patience, p.log.tail())
		p.kill(t)
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 && !p.doomed {
		t.Errorf("%s ended with %s:\n%s", p.name, p.cmd.ProcessState, p.log.tail())
		p.doomed = true // told once is enough
	}
	return time.Since(began)
}

// end is the last act of a test: no process outlives it, none hid a crash.
func (p *process) end(t *testing.T) {
	switch {
	case !p.ended() && p.doomed, !p.ended() && t.Failed():
		p.kill(t)
	case !p.ended():
		p.stop(t)
	case !p.doomed && p.cmd.ProcessState.ExitCode() != 0:
		t.Errorf("%s ended by itself: %s", p.name, p.cmd.ProcessState)
	}
	if trace := insides(p.log.String()); trace != "" {
		t.Errorf("the log of %s holds %q", p.name, trace)
	}
	if t.Failed() {
		t.Logf("last lines of %s:\n%s", p.name, p.log.tail())
	}
}

// until waits for something to become true.
func until(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
