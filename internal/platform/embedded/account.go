package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is an unprivileged user that a server runs as when we are root:
// PostgreSQL refuses root, and Redis does not need it. A nil account is
// ourselves.
type account struct {
	name       string
	user, main uint32 // user id, main group id
}

// unprivileged chooses the account: nil unless we are root.
func unprivileged() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &account{name: name, user: uint32(uid), main: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL must not run as root, and there is neither a user postgres nor a user nobody to run it as: run hocso as an ordinary user")
}

func (a *account) uid() int {
	if a == nil {
		return os.Geteuid()
	}
	return int(a.user)
}

// credential is what the child is started with.
func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.user, Gid: a.main}
}

// give makes the account own dir and all in it. Another owner is left from a
// time when the account was a different one.
func (a *account) give(dir string) error {
	if a == nil {
		return nil
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if info.Sys().(*syscall.Stat_t).Uid == a.user {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(a.user), int(a.main))
	})
}

// canEnter checks every folder on the way to dir: a child that cannot reach
// its data only says "permission denied" about some file.
func (a *account) canEnter(dir string) error {
	if a == nil {
		return nil
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		stat := info.Sys().(*syscall.Stat_t)
		mode := info.Mode().Perm()
		may := mode&0o001 != 0
		if stat.Uid == a.user {
			may = mode&0o100 != 0
		} else if stat.Gid == a.main {
			may = mode&0o010 != 0
		}
		if !may {
			return fmt.Errorf("as root, PostgreSQL and Redis run as user %q, who may not enter %s: choose another folder with HOCSO_DATA_DIR, such as /var/lib/hocso", a.name, dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}
