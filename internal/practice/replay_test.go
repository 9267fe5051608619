package practice_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"hocso/internal/platform/fault"
	"hocso/internal/practice"
	"hocso/internal/worldtest"
)

func steps(ids ...string) []practice.Step {
	var all []practice.Step
	for i, id := range ids {
		step := practice.Step{Element: id, Time: 100 * i}
		switch id {
		case "?":
			step = practice.Step{Hint: true, Time: 100 * i}
		case "amount:right":
			step.Element, step.Answer = "amount", 1
		case "amount:wrong":
			step.Element = "amount"
		}
		all = append(all, step)
	}
	return all
}

func TestReplay(t *testing.T) {
	t.Parallel()
	script := worldtest.Script()
	for name, test := range map[string]struct {
		variant         string
		steps           []practice.Step
		outcome         practice.Outcome
		hints, mistakes int
		good, danger    int
	}{
		"done":                      {"honest", steps("go", "amount:right", "pay"), practice.Done, 0, 0, 0, 0},
		"done with a hint":          {"honest", steps("?", "go", "amount:right", "pay"), practice.Helped, 1, 0, 0, 0},
		"a scam avoided":            {"fraud", steps("go", "stop-fraud"), practice.Done, 0, 0, 1, 0},
		"caught":                    {"fraud", steps("go", "amount:right", "pay-fraud"), practice.Caught, 0, 0, 0, 1},
		"caught, hints or not":      {"fraud", steps("?", "go", "amount:right", "pay-fraud"), practice.Caught, 1, 0, 0, 1},
		"a false alarm":             {"honest", steps("go", "stop"), practice.Alarmed, 0, 0, 0, 0},
		"a wrong tap":               {"honest", steps("wander", "go", "amount:right", "pay"), practice.Done, 0, 1, 0, 0},
		"the same wrong tap again":  {"honest", steps("wander", "wander", "go", "amount:right", "pay"), practice.Done, 0, 1, 0, 0},
		"a wrong amount, put right": {"honest", steps("go", "amount:wrong", "pay", "amount:right", "pay"), practice.Done, 0, 1, 0, 0},
		"no amount, then one":       {"honest", steps("go", "pay", "amount:right", "pay"), practice.Done, 0, 1, 0, 0},
		"a flag shows a button":     {"honest", steps("ask", "go", "sure", "go", "amount:right", "pay"), practice.Done, 0, 0, 1, 0},
	} {
		situation, err := script.Replay(test.variant, test.steps)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		outcome, ended := situation.Ended()
		if !ended || outcome != test.outcome || situation.Hints != test.hints || situation.Mistakes() != test.mistakes ||
			len(situation.Of(practice.Good)) != test.good || len(situation.Of(practice.Danger)) != test.danger {
			t.Errorf("%s: %v %s, %d hints, notes %v", name, ended, outcome, situation.Hints, situation.Notes)
		}
	}
}

func TestReplayRefuses(t *testing.T) {
	t.Parallel()
	script := worldtest.Script()
	right := steps("go", "amount:right", "pay")
	late := slices.Clone(right)
	late[1].Time = 5000
	shifted := slices.Clone(right)
	shifted[1].Answer = 3
	for name, test := range map[string]struct {
		variant, why string
		steps        []practice.Step
	}{
		"a variant that is none":        {"other", "unknown_variant", right},
		"an element of another screen":  {"honest", "unknown_element", steps("pay")},
		"an element of another variant": {"honest", "unknown_element", steps("go", "stop-fraud")},
		"an element that a flag hides":  {"honest", "unknown_element", steps("go", "sure")},
		"an element that is none":       {"honest", "unknown_element", steps("go", "")},
		"what is only looked at":        {"honest", "unknown_element", steps("go", "heading")},
		"steps in another order":        {"honest", "unknown_element", steps("amount:right", "go", "pay")},
		"time going back":               {"honest", "time", late},
		"an answer that is none":        {"honest", "answer", shifted},
		"an answer on a button":         {"honest", "answer", []practice.Step{{Element: "go", Answer: 1}}},
		"negative time":                 {"honest", "time", []practice.Step{{Element: "go", Time: -1}}},
		"more than a day":               {"honest", "time", []practice.Step{{Element: "go", Time: 1 << 40}}},
		"a hint and an element":         {"honest", "hint", []practice.Step{{Element: "go", Hint: true}}},
		"a step after the end":          {"honest", "after_end", steps("go", "stop", "go")},
		"more steps than anybody does":  {"honest", "too_long", make([]practice.Step, 401)},
		"a negative answer":             {"honest", "answer", append(steps("go"), practice.Step{Element: "amount", Answer: -1, Time: 100})},
	} {
		_, err := script.Replay(test.variant, test.steps)
		if got := fault.FieldsOf(err)["log"]; !fault.Is(err, fault.Invalid) || got != "practice.refused_"+test.why {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
}

// TestEveryWalkIsReplayed: whatever a learner may tap, in whatever order, is
// a log that replays to the same situation; and dropping a step of it never
// comes to a better outcome by another way than playing does.
func TestEveryWalkIsReplayed(t *testing.T) {
	t.Parallel()
	script := worldtest.Script()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		variant := script.Variants[random.IntN(len(script.Variants))].ID
		now, err := script.Begin(variant)
		if err != nil {
			t.Fatal(err)
		}
		var log []practice.Step
		for len(log) < 60 && now.Screen.End == nil {
			var may []practice.Step
			for _, element := range now.Screen.Elements {
				if !element.Acts() || !element.In(variant) || !element.Shown(now.Flags) {
					continue
				}
				step := practice.Step{Element: element.ID, Time: now.Time + random.IntN(1000)}
				if element.Kind == practice.Field {
					step.Answer = random.IntN(len(element.Accept) + 1)
				}
				may = append(may, step)
			}
			step := may[random.IntN(len(may))]
			if err := now.Take(step); err != nil {
				t.Fatalf("%v after %v: %v", step, log, err)
			}
			log = append(log, step)
		}
		again, err := script.Replay(variant, log)
		if err != nil {
			t.Fatalf("%v: %v", log, err)
		}
		first, ended := now.Ended()
		if second, endedToo := again.Ended(); first != second || ended != endedToo || !slices.Equal(now.Notes, again.Notes) {
			t.Fatalf("%v: %s %v, then %s %v", log, first, now.Notes, second, again.Notes)
		}
	}
}

func TestLooksReal(t *testing.T) {
	t.Parallel()
	field := practice.Element{Kind: practice.Field, Accept: []string{"30.000", "TH-2026-000123"}}
	for typed, real := range map[string]bool{
		"30000": false, "30.000": false, "1.500.000": false, "abc": false, "": false, "2468": false, "TH-2026-000123": false, "th 2026 000123": false,
		"12345678": true, "0912 345 678": true, "048.199.012.345": true, "4111-1111-1111-1111": true, "số 048199012345": true, "4111/1111/1111/1111": true, "0912\u00a0345\u00a0678": true, "(0912) 345_678": true, "10 nghìn, 20 nghìn, 300": false, "12a345678": false, "１２３４５６７８": true,
	} {
		if got := field.LooksReal(typed); got != real {
			t.Errorf("%q: %v, want %v", typed, got, real)
		}
	}
	for typed, want := range map[string]int{"30000": 1, "30.000": 1, " 30 000 ": 1, "3000": 0, "th2026000123": 2, "": 0} {
		if got := field.Answer(typed); got != want {
			t.Errorf("%q is answer %d, want %d", typed, got, want)
		}
	}
}
