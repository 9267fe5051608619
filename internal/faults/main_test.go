package faults

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// hocso is the program under test.
var hocso string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	flag.Parse()
	dir, err := os.MkdirTemp("", "hocso-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	hocso = filepath.Join(dir, "hocso")
	arguments := append([]string{"build", "-o", hocso}, buildFlags...)
	build := exec.Command("go", append(arguments, "hocso/cmd/hocso")...)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build hocso:", err)
		return 1
	}
	shareProcessors()
	return m.Run()
}

// shareProcessors runs more tests at once than there are processors, unless
// -parallel says otherwise: most of the time each waits for something to be
// noticed.
func shareProcessors() {
	const least = 4
	parallel := flag.Lookup("test.parallel")
	if parallel.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) && runtime.GOMAXPROCS(0) < least {
		parallel.Value.Set(strconv.Itoa(least))
	}
}
