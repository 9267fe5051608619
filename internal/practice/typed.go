package practice

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestDigits is how many digits in a row a learner may type. Amounts of
// everyday life have fewer; cards (13 to 19), accounts (8 and more), citizen
// ids (12) and telephone numbers (10) have more.
const longestDigits = 7

// Answer finds which of the accepted texts was typed, from 1; 0 for any other
// text. Case, marks, blanks and signs don't count: “30.000” is “30000”.
func (e *Element) Answer(typed string) int {
	bare := strip(typed)
	return 1 + slices.IndexFunc(e.Accept, func(accepted string) bool { return strip(accepted) == bare })
}

// LooksReal tells whether something typed looks like a real card, account,
// telephone or citizen number and is none that the scenario itself gave. It
// must not be taken: practice never needs one.
func (e *Element) LooksReal(typed string) bool {
	return e.Answer(typed) == 0 && LongNumber(typed)
}

// LongNumber tells whether a text has more digits in a row than anybody needs
// to type in practice. Only letters part them: blanks, dots, dashes and strokes
// are how people write cards and telephone numbers.
func LongNumber(typed string) bool {
	digits := 0
	for _, r := range typed {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			digits = 0
		}
		if digits > longestDigits {
			return true
		}
	}
	return false
}

// strip leaves the letters and digits of a text, lower case and without marks.
func strip(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case r == 'đ':
			b.WriteRune('d')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Say puts a variant's values into a text: "{name}" is the value of name.
func (v *Variant) Say(text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	for name, value := range v.Values {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}
