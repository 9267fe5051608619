package authoring

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"hocso/content"
)

// TestContent: the courses inside the program have no problem.
func TestContent(t *testing.T) {
	sources, problems := ReadAll(content.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, slug := range []string{"dung-internet", "thanh-toan-dien-tu", "dich-vu-cong-truc-tuyen"} {
		found := false
		for _, source := range sources.Courses {
			found = found || source.Slug() == slug
		}
		if !found {
			t.Errorf("no course %s", slug)
		}
	}
}

func TestReadAllFindsCourses(t *testing.T) {
	one := good(t)
	two := fstest.MapFS{"README.md": {Data: []byte("x")}, ".git/config": {Data: []byte("x")}}
	shelf := fstest.MapFS{"courses/README.md": {Data: []byte("x")}, "schema/x.json": {Data: []byte("x")}}
	for name, file := range one {
		two[name] = file
		two[strings.Replace(name, goodCourse, "trong-hoa", 1)] = file
		shelf["courses/"+name] = file
	}
	two["trong-hoa/course.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(one[goodCourse+"/course.yaml"].Data), goodCourse, "trong-hoa", 1))}
	root, err := fs.Sub(one, goodCourse)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		fsys fs.FS
		want string
	}{
		"a course":          {root, "trong-rau"},
		"a folder of two":   {two, "trong-hoa trong-rau"},
		"a folder courses":  {shelf, "trong-rau"},
		"the folder itself": {one, "trong-rau"},
	} {
		shelf, problems := ReadAll(test.fsys)
		if len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		var slugs []string
		for _, source := range shelf.Courses {
			slugs = append(slugs, source.Slug())
		}
		if got := strings.Join(slugs, " "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestReadAllTellsAllProblems(t *testing.T) {
	files := good(t)
	for name, file := range good(t) {
		files["khac/"+strings.TrimPrefix(name, goodCourse+"/")] = file
	}
	remove("quiz.yaml")(t, files)
	got := fmt.Sprint(CheckAll(files))
	want := []string{"khac/course.yaml:2:1: `slug`", "trong-rau/quiz.yaml:1:1: không thấy"}
	for _, want := range want {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nis without %s", got, want)
		}
	}
	if problems := CheckAll(fstest.MapFS{}); len(problems) != 1 || problems[0].File != "." {
		t.Errorf("empty folder: %v", problems)
	}
	if problems := CheckAll(unreadable{}); len(problems) != 1 {
		t.Errorf("unreadable folder: %v", problems)
	}
}

// unreadable is a disk that does not answer.
type unreadable struct{}

func (unreadable) Open(string) (fs.File, error) { return nil, errors.New("input/output error") }

func TestLimits(t *testing.T) {
	files := good(t)
	for i := range maxFiles {
		write(fmt.Sprintf("images/them-%d.svg", i), fmt.Sprintf(picture, ""))(t, files)
	}
	if _, problems := Read(files, goodCourse); !strings.Contains(fmt.Sprint(problems), "trong-rau:1:1: khóa học có hơn 200 tệp") {
		t.Errorf("many files: %v", problems[:1])
	}
	files = good(t)
	for i := range 100 {
		write(fmt.Sprintf("lessons/them-%d.md", i), strings.Repeat("rau ", 50_000))(t, files)
	}
	if _, problems := Read(files, goodCourse); !strings.Contains(fmt.Sprint(problems), "trong-rau:1:1: khóa học nặng hơn 10 MB") {
		t.Errorf("heavy course: %v", problems[:1])
	}
	if _, problems := Read(good(t), "khong-co"); len(problems) == 0 {
		t.Error("no folder, and no problem")
	}
}
