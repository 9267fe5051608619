package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// oldestPostgres is the oldest major version that the migrations work on.
const oldestPostgres = 15

// installation is one installed PostgreSQL.
type installation struct {
	bin   string
	major int
}

// findPostgres chooses an installation: of version major when data of that
// version wait (zero: none do), else the newest.
func findPostgres(major int) (installation, error) {
	found := installations()
	if len(found) == 0 {
		return installation{}, errors.New("PostgreSQL is not installed: install it (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), or give the address of one that runs with HOCSO_DATABASE_URL")
	}
	newest := slices.MaxFunc(found, func(a, b installation) int { return a.major - b.major })
	if major == 0 {
		if newest.major < oldestPostgres {
			return installation{}, fmt.Errorf("PostgreSQL %d is installed, but version %d or later is needed (see https://wiki.postgresql.org/wiki/Apt)", newest.major, oldestPostgres)
		}
		return newest, nil
	}
	for _, i := range found {
		if i.major == major {
			return i, nil
		}
	}
	return installation{}, fmt.Errorf("the data were made by PostgreSQL %d, and only PostgreSQL %d is installed: install postgresql-%d again, or carry the data over with pg_dump as deploy/README.md tells", major, newest.major, major)
}

// installations looks where PostgreSQL's server programs usually are; Debian
// keeps them out of PATH.
func installations() []installation {
	var directories []string
	if path, err := exec.LookPath("postgres"); err == nil {
		directories = append(directories, filepath.Dir(path))
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		directories = append(directories, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
		"/usr/pgsql-*/bin",                  // Red Hat
		"/opt/homebrew/opt/postgresql*/bin", // macOS, Apple silicon
		"/usr/local/opt/postgresql*/bin",    // macOS, Intel
	} {
		matches, _ := filepath.Glob(pattern) // the only error is a bad pattern
		directories = append(directories, matches...)
	}
	var found []installation
	for _, bin := range directories {
		if i, ok := installationIn(bin); ok && !slices.Contains(found, i) {
			found = append(found, i)
		}
	}
	return found
}

func installationIn(bin string) (installation, bool) {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return installation{}, false
	}
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return installation{}, false
	}
	// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "… 18beta1"
	_, version, _ := strings.Cut(string(out), ") ")
	end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return installation{}, false
	}
	major, err := strconv.Atoi(version[:end])
	return installation{bin, major}, err == nil
}
