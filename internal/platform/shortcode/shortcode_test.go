package shortcode

import (
	"strings"
	"testing"
)

func TestNewParses(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		code := New()
		if got, ok := Parse(Show(code)); !ok || got != code {
			t.Fatalf("Parse(Show(%q)) = %q, %v", code, got, ok)
		}
		if seen[code] {
			t.Fatalf("%q came twice in 2,000", code)
		}
		seen[code] = true
	}
}

func TestParseForgivesFormNotContent(t *testing.T) {
	code := New()
	if got, ok := Parse(" " + strings.ToLower(code[:4]) + " – " + code[4:] + " "); !ok || got != code {
		t.Errorf("spaces, dash and case: got %q, %v", got, ok)
	}
	for _, bad := range []string{"", "ABC", code + "2", "0" + code[1:], "ÁBCDEFGH"} {
		if _, ok := Parse(bad); ok {
			t.Errorf("Parse(%q) accepted it", bad)
		}
	}
}

func TestEverySlipIsCaught(t *testing.T) {
	for range 50 {
		code := New()
		for i := range Length {
			for _, sign := range signs {
				slip := code[:i] + string(sign) + code[i+1:]
				if _, ok := Parse(slip); ok && slip != code {
					t.Fatalf("%q passed for %q", slip, code)
				}
			}
			for j := range i {
				swapped := []byte(code)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				if _, ok := Parse(string(swapped)); ok && string(swapped) != code {
					t.Fatalf("swap %q passed for %q", swapped, code)
				}
			}
		}
	}
}
