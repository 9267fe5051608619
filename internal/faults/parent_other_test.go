//go:build !linux

package faults

import "syscall"

// bound does nothing where the kernel offers no such bond.
func bound() *syscall.SysProcAttr { return nil }
