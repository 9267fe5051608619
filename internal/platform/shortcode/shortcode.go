// Package shortcode makes the short codes that people read, type and dictate:
// no letters that look alike (no 0, O, 1, I, U), and a check character, so that
// one wrong or two swapped neighbours are noticed.
package shortcode

import (
	"crypto/rand"
	"strings"
)

const (
	// signs are 31, a prime, so the weighted sum below catches every single
	// wrong sign and every swap of two different signs.
	signs = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
	// Length is the number of signs in a code, its check sign included.
	Length = 8
)

// New makes a random code of Length signs: 31^7, about 27 thousand million.
func New() string {
	var raw [Length - 1]byte
	code := make([]byte, 0, Length)
	for len(code) < Length-1 {
		rand.Read(raw[:]) // never fails
		for _, b := range raw {
			// 248 = 8 × 31: larger bytes would favour the first signs.
			if b < 248 && len(code) < Length-1 {
				code = append(code, signs[int(b)%len(signs)])
			}
		}
	}
	return string(append(code, check(code)))
}

// Show writes a code for people: "ABCD-EFGH".
func Show(code string) string {
	if len(code) != Length {
		return code
	}
	return code[:Length/2] + "-" + code[Length/2:]
}

// Parse reads a code as people type it (any case, spaces, dashes); ok is false
// when it cannot be a code of ours.
func Parse(typed string) (code string, ok bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '–' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(code) != Length {
		return "", false
	}
	for i := range len(code) {
		if strings.IndexByte(signs, code[i]) < 0 {
			return "", false
		}
	}
	if check([]byte(code[:Length-1])) != code[Length-1] {
		return "", false
	}
	return code, true
}

// check makes the weighted sum of the whole code, weights 1 to Length, divisible by 31.
func check(code []byte) byte {
	sum := 0
	for i, sign := range code {
		sum += (i + 1) * strings.IndexByte(signs, sign)
	}
	n := len(signs)
	// Length·x ≡ −sum (mod 31); 31 signs are few enough to try.
	for x := range n {
		if (sum+Length*x)%n == 0 {
			return signs[x]
		}
	}
	panic("unreachable: 31 is prime")
}
