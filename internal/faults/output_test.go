package faults

import (
	"bytes"
	"strings"
	"sync"
)

// output keeps what a process has written.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// tail is the last lines, for a failure's message.
func (o *output) tail() string {
	const most = 25
	lines := strings.Split(strings.TrimSpace(o.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// insides finds what neither a person nor a log of ours should ever see; "" when there is nothing.
func insides(text string) string {
	for _, trace := range []string{"goroutine ", "panic", "DATA RACE", "runtime error", "SIGSEGV"} {
		if strings.Contains(text, trace) {
			return trace
		}
	}
	return ""
}
