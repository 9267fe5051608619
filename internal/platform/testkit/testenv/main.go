// Command testenv runs a command, usually "go test ./...", beside one
// PostgreSQL for all its processes, which saves each package a start of its own:
//
//	go run ./internal/platform/testkit/testenv go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"hocso/internal/platform/testkit"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: testenv command [argument …]")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testenv:", err)
		code = 1
	}
	os.Exit(code)
}

// run returns the exit code of the command. The server and its files are gone
// when it returns.
func run(command []string) (code int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	dir, err := testkit.NewDir()
	if err != nil {
		return 0, err
	}
	defer dir.Remove()
	server, err := testkit.Start(context.Background(), dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, server.Stop(context.Background())) }()

	child := exec.Command(command[0], command[1:]...)
	child.Env = append(os.Environ(), testkit.Variable+"="+server.URL())
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		return 0, err
	}
	go func() {
		for s := range signals {
			child.Process.Signal(s)
		}
	}()
	err = child.Wait()
	if status, ok := errors.AsType[*exec.ExitError](err); ok {
		if ws := status.Sys().(syscall.WaitStatus); ws.Signaled() {
			return 128 + int(ws.Signal()), nil // as a shell would say it
		}
		return status.ExitCode(), nil
	}
	return 0, err
}
