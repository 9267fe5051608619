package authoring

import (
	"bytes"
	"maps"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"hocso/internal/platform/clock"
)

// fuzzRead puts any bytes in the place of one file: whatever they are, either
// there are problems that say where and what to do, or a version can be made.
func fuzzRead(f *testing.F, file string) {
	sound := good(f)
	f.Add(sound[goodCourse+"/"+file].Data)
	for _, text := range []string{"", "---\n---\n", "a: [", "- - -", "? a\n: b", "a: *b", "\xff", "%YAML 1.2\n---\n", "---\n<<: a\n---\n# x"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		files := maps.Clone(sound)
		files[goodCourse+"/"+file] = &fstest.MapFile{Data: text}
		source, problems := Read(files, goodCourse)
		for _, problem := range problems {
			lines := 1
			if file := files[problem.File]; file != nil {
				lines += bytes.Count(file.Data, []byte("\n"))
			}
			if problem.Line < 1 || problem.Line > lines+1 || problem.Column < 1 || problem.What == "" || problem.Mend == "" {
				t.Errorf("%+v in a file of %d lines", problem, lines)
			}
		}
		if len(problems) > 0 {
			return
		}
		version := source.Version(clock.System())
		for _, lesson := range version.Lessons {
			if bad := harm(lesson.HTML); bad != "" {
				t.Errorf("%s in %s", bad, lesson.HTML)
			}
		}
		for _, question := range source.Quiz(uuid.Nil).Questions {
			right := 0
			for _, option := range question.Options {
				if option.Correct {
					right++
				}
			}
			if right == 0 || right == len(question.Options) {
				t.Errorf("question %s has %d right of %d", question.Key, right, len(question.Options))
			}
		}
	})
}

func FuzzOutline(f *testing.F) { fuzzRead(f, "course.yaml") }
func FuzzQuiz(f *testing.F)    { fuzzRead(f, "quiz.yaml") }
func FuzzLesson(f *testing.F)  { fuzzRead(f, "lessons/chon-dat.md") }
func FuzzPicture(f *testing.F) { fuzzRead(f, "images/bia.svg") }

// FuzzYAML is FuzzQuiz without all the rest, so many times as fast.
func FuzzYAML(f *testing.F) {
	f.Add([]byte("a: [1, {b: 'c'}]\nd:\n  - e: |\n      f\n    g: >-\n      h\n"))
	f.Add([]byte("? a\n: &b !!c\n<<: *b\n--- # d\n\"\\u1ea1\": .inf\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		found := &finder{}
		doc := parseYAML("a.yaml", text, found)
		if (doc == nil) != (len(found.problems) > 0) {
			t.Fatalf("%v with %v", doc, found.problems)
		}
		if doc != nil {
			doc.obey(quizSchema, found)
			doc.decode(new(quizFile))
		}
	})
}
