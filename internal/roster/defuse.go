package roster

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// formula are the signs that make a spreadsheet run a cell instead of showing it.
const formula = "=+-@\t\r"

// Defuse writes text for a spreadsheet so that it is shown and never run: what
// looks like a formula gets an apostrophe in front, and so does what would be
// mistaken for that. Arm takes it off again: Arm(Defuse(s)) is s.
func Defuse(s string) string {
	bare := strings.TrimLeft(s, "'")
	switch {
	case bare == "":
	case strings.ContainsRune(formula, rune(bare[0])), len(bare) < len(s) && isDigit(bare[0]):
		return "'" + s
	}
	return s
}

// Arm takes off the apostrophe that Defuse, or somebody who wanted to keep a
// leading zero, put in front.
func Arm(s string) string {
	bare := strings.TrimLeft(s, "'")
	if bare == "" || len(bare) == len(s) || !strings.ContainsRune(formula, rune(bare[0])) && !isDigit(bare[0]) {
		return s
	}
	return s[1:]
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// compose writes letters with their marks as one character each.
func compose(s string) string { return norm.NFC.String(s) }
