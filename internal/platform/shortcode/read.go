package shortcode

import (
	"strings"
	"unicode"
)

// Problem is why what somebody typed is no code.
type Problem string

// The problems.
const (
	Empty    Problem = "empty"
	TooShort Problem = "short"
	TooLong  Problem = "long"
	Alien    Problem = "alien"    // a sign that stands in no code
	Mistyped Problem = "mistyped" // the check sign does not fit
)

// Reading is what was understood of a code as somebody typed it.
type Reading struct {
	Code     string // "" when it can't be told
	Problem  Problem
	Signs    int    // that were typed, without spaces and dashes
	Position int    // of the sign that is Alien, from 1
	Sign     string // that one
	Likely   []Likely
}

// Likely is a code that was probably meant, and what of it was mistyped.
type Likely struct {
	Code     string
	Position int  // of the sign that was mistyped, from 1
	Swapped  bool // with the next one
}

// alike are signs that people take for each other; those of the first line
// stand in no code.
var alike = map[rune]string{
	'0': "QD", 'O': "QD", '1': "L7", 'I': "LJ", 'U': "V", 'Đ': "D", 'Ð': "D",
	'2': "Z", 'Z': "27", '3': "8B", '4': "A", '5': "S", '6': "G", '7': "TZ", '8': "B3", '9': "GP", 'A': "4", 'B': "83", 'C': "G", 'D': "Q", 'E': "F",
	'F': "EP", 'G': "6C9", 'H': "N", 'J': "L", 'K': "X", 'L': "J", 'M': "N", 'N': "MH", 'P': "RF", 'Q': "D", 'R': "P", 'S': "5", 'T': "7", 'V': "YW", 'W': "V", 'X': "KY", 'Y': "VX",
}

// mostAlien is how many signs that stand in no code are mended.
const mostAlien = 3

// Read reads a code as Parse does, and forgives more: the address that it stands
// in, marks between signs, and signs that look like others where the check sign
// says which was meant. Where it can't be read, it says what is probably wrong.
func Read(typed string) Reading {
	if at := strings.LastIndexByte(strings.TrimRight(typed, "/ \t\r\n"), '/'); at >= 0 {
		typed = typed[at+1:]
	}
	var row []rune
	for _, r := range strings.ToUpper(typed) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			row = append(row, r)
		}
	}
	r := Reading{Signs: len(row)}
	switch {
	case len(row) == 0:
		r.Problem = Empty
	case len(row) < Length:
		r.Problem = TooShort
	case len(row) > Length:
		r.Problem = TooLong
	}
	if r.Problem != "" {
		return r
	}
	return r.understand(row)
}

// understand reads as many signs as a code has.
func (r Reading) understand(row []rune) Reading {
	var aliens []int
	for i, sign := range row {
		if !strings.ContainsRune(signs, sign) {
			aliens = append(aliens, i)
		}
	}
	if len(aliens) == 0 {
		if code, ok := Parse(string(row)); ok {
			r.Code = code
			return r
		}
		r.Problem, r.Likely = Mistyped, likely(row)
		return r
	}
	r.Position, r.Sign = aliens[0]+1, string(row[aliens[0]])
	meant := mend(row, aliens)
	if len(meant) == 1 {
		return Reading{Code: meant[0], Signs: r.Signs}
	}
	r.Problem = Alien
	for _, code := range meant {
		r.Likely = append(r.Likely, Likely{Code: code, Position: r.Position})
	}
	return r
}

// mend puts signs that look alike in the places of those that stand in no
// code, and gives the codes that come of it.
func mend(row []rune, aliens []int) (codes []string) {
	if len(aliens) > mostAlien {
		return nil
	}
	if len(aliens) == 0 {
		if code, ok := Parse(string(row)); ok {
			codes = append(codes, code)
		}
		return codes
	}
	for _, other := range alike[row[aliens[0]]] {
		tried := append([]rune(nil), row...)
		tried[aliens[0]] = other
		codes = append(codes, mend(tried, aliens[1:])...)
	}
	return codes
}

// likely lists the codes that are one slip away: a sign taken for one that
// looks like it, or two neighbours swapped.
func likely(row []rune) (found []Likely) {
	try := func(i int, swapped bool, change func([]rune)) {
		tried := append([]rune(nil), row...)
		change(tried)
		if code, ok := Parse(string(tried)); ok {
			found = append(found, Likely{Code: code, Position: i + 1, Swapped: swapped})
		}
	}
	for i, sign := range row {
		for _, other := range alike[sign] {
			try(i, false, func(tried []rune) { tried[i] = other })
		}
		if i+1 < len(row) && row[i] != row[i+1] {
			try(i, true, func(tried []rune) { tried[i], tried[i+1] = tried[i+1], tried[i] })
		}
	}
	return found
}
