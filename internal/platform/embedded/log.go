package embedded

import (
	"os"
	"strings"
)

const (
	// largestLog is where a log starts afresh: nobody rotates it.
	largestLog = 10 << 20
	// tailLines is how much of it an error quotes.
	tailLines = 8
)

// openLog opens the file that a child's output goes to, and tells where its
// new part will begin.
func openLog(path string) (*os.File, int64, error) {
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	var size int64
	if info, err := os.Stat(path); err == nil {
		size = info.Size()
	}
	if size > largestLog {
		flags |= os.O_TRUNC
		size = 0
	}
	file, err := os.OpenFile(path, flags, 0o640)
	return file, size, err
}

// logTail is the last lines written since an offset, indented.
func logTail(path string, from int64) string {
	text, err := os.ReadFile(path)
	if err != nil || int64(len(text)) < from {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text[from:])), "\n")
	lines = lines[max(0, len(lines)-tailLines):]
	return "  " + strings.Join(lines, "\n  ")
}
