package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"
)

// Server is a running PostgreSQL or Redis.
type Server struct {
	title    string
	url      string
	house    *house
	process  *os.Process
	signals  []syscall.Signal // how to stop it, from gentle to harsh
	stopping atomic.Bool
	done     chan struct{}
	err      error // read after done is closed
}

// patience is how long each way to stop is given before the next.
const patience = 20 * time.Second

// start runs a program as a child that dies with us, with its output in the
// log of its house.
func start(h *house, title string, signals []syscall.Signal, program string, arguments ...string) (*Server, error) {
	command := childCommand(h, signals[0], program, arguments...)
	if err := spawn(command); err != nil {
		return nil, fmt.Errorf("%s: %w", title, err)
	}
	s := &Server{title: title, house: h, process: command.Process, signals: signals, done: make(chan struct{})}
	go s.wait(command)
	return s, nil
}

// childCommand describes a child: in its own process group, so that Ctrl-C in
// the terminal reaches only us and we stop the children in order, and with an
// environment in which no PGHOST or LC_ALL of the user's can surprise it.
func childCommand(h *house, whenOrphaned syscall.Signal, program string, arguments ...string) *exec.Cmd {
	command := exec.Command(program, arguments...)
	command.Dir = "/" // a place that every account can enter
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=" + locale()}
	command.Stdout, command.Stderr = h.log, h.log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: h.account.credential()}
	dieWithParent(command.SysProcAttr, whenOrphaned)
	return command
}

func (s *Server) wait(command *exec.Cmd) {
	err := command.Wait()
	if !s.stopping.Load() {
		s.err = fmt.Errorf("%s ended by itself (%s); its log is %s", s.title, ending(err), s.house.log.Name())
	}
	s.house.close()
	close(s.done)
}

func ending(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// URL is the address to connect to. PostgreSQL's is understood by pgx and
// libpq ("postgres://hocso@/hocso?host=…"); Redis's is Asynq's form
// ("redis-socket:///…/redis.sock?db=0"), read by asynq.ParseRedisURI.
func (s *Server) URL() string { return s.url }

// Done is closed when the server has ended, whether it was stopped or not.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err tells, once Done is closed, why a server ended that nobody stopped; it
// is nil for one that was.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Stop asks the server to finish, and insists when it does not within 20 s or
// when ctx ends. It returns when the server is gone.
func (s *Server) Stop(ctx context.Context) error {
	s.stopping.Store(true)
	for _, signal := range s.signals {
		if err := s.process.Signal(signal); err != nil {
			<-s.done // gone already
			return nil
		}
		insist := time.NewTimer(patience)
		select {
		case <-s.done:
			insist.Stop()
			return nil
		case <-ctx.Done():
			insist.Stop()
			// Even a harsh signal takes a moment to work.
			ctx = context.WithoutCancel(ctx)
		case <-insist.C:
		}
	}
	return fmt.Errorf("%s (pid %d) does not stop", s.title, s.process.Pid)
}
