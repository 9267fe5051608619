package practice_test

import (
	"encoding/json"
	"testing"
	"unicode"

	"hocso/internal/platform/fault"
	"hocso/internal/practice"
	"hocso/internal/worldtest"
)

// FuzzReplay: whatever bytes are sent as a log, replaying them gives an
// outcome or refuses them, and never panics; and what is accepted says the
// same a second time.
func FuzzReplay(f *testing.F) {
	for _, seed := range []string{
		`[{"e":"go","t":1},{"e":"amount","v":1,"t":2},{"e":"pay","t":3}]`,
		`[{"e":"go","t":1},{"e":"stop","t":3}]`,
		`[{"h":true,"t":1},{"e":"go","t":1},{"e":"pay-fraud","t":2},{"e":"amount","t":3}]`,
		`[{"e":"ask","t":1},{"e":"go","t":2},{"e":"sure","t":3}]`,
		`[]`, `[{}]`, `null`, `[{"e":"go","t":9e99}]`, `[{"e":"go","t":-1}]`, `{"e":"go"}`, `[[]]`, `[{"e":"go","v":-5,"t":1}]`,
	} {
		f.Add("honest", []byte(seed))
		f.Add("fraud", []byte(seed))
	}
	script := worldtest.Script()
	f.Fuzz(func(t *testing.T, variant string, log []byte) {
		var steps []practice.Step
		if json.Unmarshal(log, &steps) != nil {
			return
		}
		first, err := script.Replay(variant, steps)
		if err != nil {
			if !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)["log"] == "" {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		second, err := script.Replay(variant, steps)
		if err != nil || first.Screen != second.Screen || len(first.Notes) != len(second.Notes) {
			t.Fatalf("the second time: %v", err)
		}
	})
}

// FuzzLooksReal: no text passes in which eight digits follow each other,
// whatever signs stand between them.
func FuzzLooksReal(f *testing.F) {
	for _, seed := range []string{"30000", "0912 345 678", "4111-1111-1111-1111", "12.345.678", "x1y2", "1/2_3(4)5#6:7;8"} {
		f.Add(seed)
	}
	field := practice.Element{Kind: practice.Field, Accept: []string{"30.000"}}
	f.Fuzz(func(t *testing.T, typed string) {
		digits := 0
		for _, r := range typed {
			switch {
			case unicode.IsLetter(r):
				digits = 0
			case '0' <= r && r <= '9':
				digits++
			}
			if digits == 8 && !field.LooksReal(typed) {
				t.Fatalf("%q passes", typed)
			}
		}
	})
}
