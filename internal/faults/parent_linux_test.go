package faults

import "syscall"

// bound makes the kernel kill a child when the thread that forked it ends: a
// test binary that is killed itself must leave no processes behind.
func bound() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
