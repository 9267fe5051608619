package shortcode

import (
	"strings"
	"testing"
)

// TestReadForgives: what the check sign makes certain is not asked again.
func TestReadForgives(t *testing.T) {
	for range 500 {
		code := New()
		for _, typed := range []string{
			code, Show(code), strings.ToLower(code), " " + code[:2] + " " + code[2:] + ".", "https://hocso.example.vn/v/" + code, "hocso.example.vn/v/" + Show(code) + "/",
		} {
			if r := Read(typed); r.Code != code || r.Problem != "" {
				t.Fatalf("%q was read as %+v", typed, r)
			}
		}
		// Q and D can look like 0 and O; where both fit, both are offered.
		zero := strings.NewReplacer("Q", "0", "D", "O").Replace(code)
		r := Read(zero)
		found := r.Code == code
		for _, l := range r.Likely {
			found = found || l.Code == code
		}
		if !found && strings.Count(code, "Q")+strings.Count(code, "D") <= mostAlien {
			t.Fatalf("%q, typed for %q, was read as %+v", zero, code, r)
		}
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	code := "AB3DE7G"
	code += string(check([]byte(code)))
	for _, test := range []struct {
		typed    string
		problem  Problem
		signs    int
		position int
	}{
		{"", Empty, 0, 0},
		{" - ", Empty, 0, 0},
		{code[:7], TooShort, 7, 0},
		{code + "2", TooLong, 9, 0},
		{"Ê" + code[1:], Alien, 8, 1},
	} {
		if r := Read(test.typed); r.Problem != test.problem || r.Signs != test.signs || r.Position != test.position || r.Code != "" {
			t.Errorf("%q was read as %+v", test.typed, r)
		}
	}
	for typed, want := range map[string]Likely{
		strings.Replace(code, "3", "8", 1):   {Code: code, Position: 3},
		code[1:2] + code[:1] + code[2:]:      {Code: code, Position: 1, Swapped: true},
		strings.Replace(code, "AB", "4B", 1): {Code: code, Position: 1},
	} {
		r := Read(typed)
		found := false
		for _, l := range r.Likely {
			found = found || l == want
		}
		if r.Problem != Mistyped || !found {
			t.Errorf("%q was read as %+v, without %+v", typed, r, want)
		}
	}
}

// FuzzRead: whatever is typed, what is read or offered is a code.
func FuzzRead(f *testing.F) {
	for _, typed := range []string{"", "AB3D-E7GH", "0O1IUĐ22", "//", "https://x/v/ab3de7gh?x=1", "\x00\xff", "ǅǅǅǅǅǅǅǅ"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		r := Read(typed)
		codes := []string{}
		if r.Code != "" {
			codes = append(codes, r.Code)
		}
		for _, l := range r.Likely {
			codes = append(codes, l.Code)
		}
		for _, code := range codes {
			if got, ok := Parse(code); !ok || got != code {
				t.Errorf("%q was read as %q, which is no code", typed, code)
			}
		}
		if (r.Code == "") == (r.Problem == "") {
			t.Errorf("%q: %+v", typed, r)
		}
	})
}
