//go:build race

package faults

// buildFlags let the processes look for races when the tests do.
var buildFlags = []string{"-race"}
