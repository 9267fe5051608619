// Package embedded starts PostgreSQL and Redis as children of this process,
// from the programs installed on the machine, for those who want to run one
// command and own no servers: a trial, a small commune, development, tests.
//
// The children listen on Unix sockets only, in a directory that nobody else
// can enter, and die with the process however it ends. The package knows
// nothing of what is kept in them.
package embedded

import (
	"fmt"
	"os"
	"path/filepath"
)

// Options says where and how a server runs. PostgreSQL and Redis may share
// one Dir: each keeps to its own names in it.
type Options struct {
	// Dir keeps the data, the logs and the locks; it is made when missing.
	Dir string
	// Fast gives up durability for speed (Redis keeps nothing at all) and lets
	// PostgreSQL's role create databases. Only for tests.
	Fast bool
	// MaxConnections is for PostgreSQL; 200 when zero.
	MaxConnections int
}

// house is the prepared place that one server lives in.
type house struct {
	dir     string   // Options.Dir, absolute and without symbolic links
	data    string   // dir/<name>, the server's own
	run     string   // where its socket is
	log     *os.File // dir/<name>.log, which the child writes
	logFrom int64    // where this start's part of the log begins
	lock    *lock
	account *account // whom the child runs as; nil: as ourselves
}

// prepare makes the directories of a server, takes its lock and opens its log.
// The caller closes the house when the server does not start.
func prepare(options Options, name string) (_ *house, err error) {
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, plain(dir, err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	h := &house{dir: dir, data: filepath.Join(dir, name)}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if h.account, err = unprivileged(); err != nil {
		return nil, err
	}
	if err := h.account.canEnter(dir); err != nil {
		return nil, err
	}
	if err := enoughRoom(dir); err != nil {
		return nil, err
	}
	if h.lock, err = takeLock(dir, name); err != nil {
		return nil, plain(dir, err)
	}
	if h.run, err = runDir(dir, h.account); err != nil {
		return nil, err
	}
	if h.log, h.logFrom, err = openLog(filepath.Join(dir, name+".log")); err != nil {
		return nil, plain(dir, err)
	}
	return h, nil
}

func (h *house) close() {
	if h.log != nil {
		h.log.Close()
	}
	if h.lock != nil {
		h.lock.release()
	}
}

// failure explains why a server did not start by the last lines of its log.
func (h *house) failure(title string, err error) error {
	tail := logTail(h.log.Name(), h.logFrom)
	if mentionsFullDisk(tail) || mentionsFullDisk(err.Error()) {
		return noRoom(h.dir)
	}
	return fmt.Errorf("%s did not start (%w); its log %s ends with:\n%s",
		title, err, h.log.Name(), tail)
}
