package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestDefaultDir(t *testing.T) {
	got := DefaultDir()
	if os.Geteuid() == 0 && got != "/var/lib/hocso" {
		t.Errorf("for root: %s", got)
	}
	if os.Geteuid() != 0 && (!filepath.IsAbs(got) || filepath.Base(got) != "var") {
		t.Errorf("for others: %s", got)
	}
}

func TestFullDiskIsSaidPlainly(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a small disk")
	}
	dir := newDir(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m,mode=755"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	for name, start := range map[string]func() (*Server, error){
		"PostgreSQL": func() (*Server, error) { return StartPostgres(t.Context(), Options{Dir: dir}, func(string) {}) },
		"Redis":      func() (*Server, error) { return StartRedis(t.Context(), Options{Dir: dir}, func(string) {}) },
	} {
		if _, err := start(); err == nil || !strings.HasPrefix(err.Error(), "no room left on the disk of "+dir) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFolderThatTheAccountCannotEnter(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root's servers run as somebody else")
	}
	dir := newDir(t)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := StartPostgres(t.Context(), Options{Dir: filepath.Join(dir, "below")}, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "may not enter "+dir) {
		t.Errorf("got %v", err)
	}
}

func TestSocketDirOfSomebodyElse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a folder for somebody else")
	}
	dir := newDir(t)
	run := filepath.Join(dir, "run")
	if err := os.Mkdir(run, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(run, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	_, err := StartRedis(t.Context(), Options{Dir: dir}, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "belongs to somebody else") {
		t.Errorf("got %v", err)
	}
}
