package authoring

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/quiz"
)

// mustRead reads a course that must be right.
func mustRead(t testing.TB, files fstest.MapFS) *Source {
	t.Helper()
	source, problems := Read(files, goodCourse)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return source
}

func TestVersion(t *testing.T) {
	source := mustRead(t, good(t))
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	version := source.Version(at)
	if version.Slug != goodCourse || version.Skill != course.Internet || version.Title != "Trồng rau" ||
		version.Minutes != 25 || version.CoverAlt != "Một luống rau xanh trước nhà" || version.Checksum != source.Checksum() || version.ImportedAt != at {
		t.Errorf("version %+v", version)
	}
	var slugs []string
	for i, lesson := range version.Lessons {
		slugs = append(slugs, lesson.Module+"/"+lesson.Slug)
		if lesson.VersionID != version.ID || lesson.Position != i+1 || lesson.ID == uuid.Nil {
			t.Errorf("lesson %d: %+v", i, lesson)
		}
	}
	if got, want := strings.Join(slugs, " "), "Bắt đầu/chon-dat Bắt đầu/gieo-hat Chăm sóc/tuoi-nuoc Chăm sóc/bon-phan Chăm sóc/thu-hoach"; got != want {
		t.Errorf("lessons %s, want %s", got, want)
	}
	first := version.Lessons[0]
	if first.Title != "Chọn đất" || first.Minutes != 4 || first.Summary != "Làm từng bước nhỏ, mỗi ngày một ít." ||
		first.Todo != "Ra vườn và chọn một góc có nắng." || !first.OnPhone || strings.Join(first.Digcomp, " ") != "1.1 5.2" ||
		first.PictureAlt != "Bàn tay đang làm vườn" || !strings.HasPrefix(first.HTML, "<p>Trồng rau không khó.") {
		t.Errorf("lesson %+v", first)
	}
}

func TestVersionQuiz(t *testing.T) {
	version := uuid.Must(uuid.NewV7())
	made := mustRead(t, good(t)).Quiz(version)
	if made.VersionID != version || made.PassPercent != 70 || len(made.Questions) != 10 {
		t.Fatalf("quiz %+v", made)
	}
	boolean := made.Questions[8]
	if boolean.Kind != quiz.Boolean || boolean.Position != 9 || len(boolean.Options) != 2 ||
		boolean.Options[0] != (quiz.Option{Key: "true", Text: "Đúng", Correct: true}) ||
		boolean.Options[1] != (quiz.Option{Key: "false", Text: "Sai"}) {
		t.Errorf("boolean question %+v", boolean)
	}
	single := made.Questions[0]
	if single.Key != "chon-1" || single.QuizID != made.ID || single.Lesson != "chon-dat" || single.Explanation == "" ||
		len(single.Options) != 3 || single.Options[0] != (quiz.Option{Key: "a", Text: "Xới đất cho tơi", Correct: true}) {
		t.Errorf("single question %+v", single)
	}
}

func TestAssets(t *testing.T) {
	files := good(t)
	files[goodCourse+"/images/gieo-hat.svg"] = files[goodCourse+"/images/bia.svg"] // one picture under two names
	source := mustRead(t, files)
	assets := map[string]*course.Asset{}
	for _, asset := range source.Assets() {
		assets[asset.Name] = asset
		if len(asset.Name) != len("0123456789abcdef.svg") || asset.Mime != "image/svg+xml" {
			t.Errorf("asset %s of %s", asset.Name, asset.Mime)
		}
	}
	if len(assets) != 5 {
		t.Errorf("%d assets, want 5", len(assets))
	}
	version := source.Version(time.Now())
	if cover := assets[version.Cover]; cover == nil || !bytes.Equal(cover.Bytes, files[goodCourse+"/images/bia.svg"].Data) {
		t.Errorf("cover %s is not the picture", version.Cover)
	}
	for _, lesson := range version.Lessons {
		if assets[lesson.Picture] == nil {
			t.Errorf("lesson %s shows %s, which is not there", lesson.Slug, lesson.Picture)
		}
	}
}

func TestChecksum(t *testing.T) {
	plain := mustRead(t, good(t)).Checksum()
	for name, change := range map[string]change{
		"windows line ends": all("quiz.yaml", "\n", "\r\n"),
		"byte order mark":   edit("quiz.yaml", "pass", "\ufeffpass"),
		"hidden file":       write(".DS_Store", "x"),
	} {
		files := good(t)
		change(t, files)
		if mustRead(t, files).Checksum() != plain {
			t.Errorf("%s: another version", name)
		}
	}
	for name, change := range map[string]change{
		"word":    edit("lessons/chon-dat.md", "không khó", "rất dễ"),
		"comment": edit("course.yaml", "# A course", "# The course"),
		"picture": edit("images/bia.svg", `r="20"`, `r="21"`),
	} {
		files := good(t)
		change(t, files)
		if mustRead(t, files).Checksum() == plain {
			t.Errorf("%s: the same version", name)
		}
	}
}
