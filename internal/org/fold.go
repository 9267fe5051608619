package org

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold writes a name as it is searched: lower case, without marks, đ as d, one
// space between words. Tone placement goes with the marks: Hòa and Hoà fold
// alike.
func Fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r == 'đ':
			b.WriteRune('d')
		case unicode.Is(unicode.Mn, r): // a combining mark
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteRune(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// levels are the words that tell a unit's level; people leave them out.
var levels = []string{
	"thanh pho", "thi tran", "thi xa", "dac khu", "huyen dao", "tinh", "huyen", "quan", "phuong", "xa", "thon", "ban", "to dan pho",
}

// bare is a folded name without the word for its level.
func bare(folded string) string {
	for _, level := range levels {
		if rest, ok := strings.CutPrefix(folded, level+" "); ok {
			return rest
		}
	}
	return folded
}
