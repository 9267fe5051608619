package audit

import (
	"strings"
	"unicode/utf8"
)

// MaskName keeps a name's initials: enough to recognise a change, too little to
// know a person by. "Hồ Thị Nguyệt" is "H. T. N."
func MaskName(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		first, _ := utf8.DecodeRuneInString(word)
		words[i] = string(first) + "."
	}
	return strings.Join(words, " ")
}

// MaskNumber keeps the last three signs: "0905123456" is "…456"; of so few that
// they would be all, none.
func MaskNumber(number string) string {
	signs := []rune(number)
	switch {
	case len(signs) == 0:
		return ""
	case len(signs) <= 3:
		return "…"
	}
	return "…" + string(signs[len(signs)-3:])
}
