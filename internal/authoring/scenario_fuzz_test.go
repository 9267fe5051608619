package authoring

import (
	"slices"
	"testing"

	"hocso/content"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/practice"
)

// FuzzScenarios walks through the scenarios that are shipped, as the bytes of
// walk say. The log of a walk replays to the same end. Then one step of it is
// left out, put elsewhere or altered: the replay says why it refuses the log, or
// comes to an end that the scenario has.
func FuzzScenarios(f *testing.F) {
	shelf, problems := ReadAll(content.FS)
	if len(problems) > 0 {
		f.Fatal(problems)
	}
	var scripts []practice.Script
	for _, source := range shelf.Practices {
		scripts = append(scripts, source.Version(clock.System()).Script)
	}
	for i := range scripts {
		f.Add(byte(i), byte(i), []byte{0, 0, 1, 0, 2, 1, 0, 0, 0, 1, 1, 0}, byte(i))
		f.Add(byte(i), byte(1), []byte{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9}, byte(2*i))
	}
	f.Fuzz(func(t *testing.T, which, variant byte, walk []byte, spoil byte) {
		script := &scripts[int(which)%len(scripts)]
		as := script.Variants[int(variant)%len(script.Variants)].ID
		now, err := script.Begin(as)
		if err != nil {
			t.Fatal(err)
		}
		var log []practice.Step
		for _, choice := range walk {
			if now.Screen.End != nil || len(log) == 400 {
				break
			}
			steps := possible(now, as)
			step := steps[int(choice)%len(steps)]
			step.Time = now.Time + int(choice)
			if err := now.Take(step); err != nil {
				t.Fatalf("%s: %v after %v: %v", as, step, log, err)
			}
			log = append(log, step)
		}
		again, err := script.Replay(as, log)
		if err != nil || again.Screen != now.Screen || !slices.Equal(again.Notes, now.Notes) || again.Hints != now.Hints {
			t.Fatalf("%v replays to something else: %v", log, err)
		}
		if len(log) == 0 {
			return
		}
		spoilt, err := script.Replay(as, spoiltLog(log, int(spoil)))
		switch {
		case err != nil && (!fault.Is(err, fault.Invalid) || fault.FieldsOf(err)["log"] == ""):
			t.Fatalf("refused without a reason: %v", err)
		case err == nil && spoilt.Screen == nil:
			t.Fatal("accepted, and nowhere")
		}
	})
}

// possible are the steps that can be taken now: a hint, every element that is
// to be seen, and every answer of a field.
func possible(now *practice.Situation, variant string) []practice.Step {
	steps := []practice.Step{{Hint: true}}
	for _, element := range now.Screen.Elements {
		if !element.Acts() || !element.In(variant) || !element.Shown(now.Flags) {
			continue
		}
		steps = append(steps, practice.Step{Element: element.ID})
		for answer := range element.Accept {
			steps = append(steps, practice.Step{Element: element.ID, Answer: answer + 1})
		}
	}
	return steps
}

// spoiltLog is a log of which one step is left out, moved to the front, or altered.
func spoiltLog(log []practice.Step, how int) []practice.Step {
	spoilt, at := slices.Clone(log), how/3%len(log)
	switch how % 3 {
	case 0:
		return slices.Delete(spoilt, at, at+1)
	case 1:
		step := spoilt[at]
		return slices.Insert(slices.Delete(spoilt, at, at+1), 0, step)
	}
	spoilt[at].Answer += how
	spoilt[at].Time -= how
	return spoilt
}
