package embedded

import (
	"os/exec"
	"runtime"
	"sync"
)

type spawning struct {
	command *exec.Cmd
	result  chan<- error
}

// spawner is one goroutine that owns its thread for ever and starts every
// child: Linux sends a child its parent-death signal when the *thread* that
// forked it ends, and Go ends idle threads and those of finished locked
// goroutines as it likes.
var spawner = sync.OnceValue(func() chan<- spawning {
	queue := make(chan spawning)
	go func() {
		runtime.LockOSThread()
		for s := range queue {
			s.result <- s.command.Start()
		}
	}()
	return queue
})

func spawn(command *exec.Cmd) error {
	result := make(chan error)
	spawner() <- spawning{command, result}
	return <-result
}
