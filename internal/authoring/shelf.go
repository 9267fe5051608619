package authoring

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"hocso/internal/course"
)

// Shelf is everything that is written: courses, safe practice and the words
// that are explained.
type Shelf struct {
	Courses   []*Source
	Practices []*PracticeSource
	Glossary  []*course.Term // nil: no glossary was read

	links []linkUse
}

// CheckAll lists the problems of everything in fsys.
func CheckAll(fsys fs.FS) Problems {
	_, problems := ReadAll(fsys)
	return problems
}

// ReadAll reads every course in fsys: the folders in "courses", or where there
// is no such folder, those at the root; or the root itself, when it holds a
// course.yaml. Beside the folder "courses" it also reads the scenarios in
// "practices" and glossary.yaml, and sees that what names another is right.
// Other files, and hidden folders, are not looked at.
func ReadAll(fsys fs.FS) (*Shelf, Problems) {
	if _, err := fs.Stat(fsys, "course.yaml"); err == nil {
		source, named, problems := read(fsys, ".")
		return &Shelf{Courses: []*Source{source}, links: named.links}, problems
	}
	dir, whole := ".", false
	if info, err := fs.Stat(fsys, "courses"); err == nil && info.IsDir() {
		dir, whole = "courses", true
	}
	found, shelf := &finder{}, &Shelf{}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		found.add(dir, top, fmt.Sprintf("không đọc được thư mục: %v", err), "Kiểm tra tên thư mục và quyền đọc")
	}
	var uses []termUse
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		source, named, problems := read(fsys, path.Join(dir, entry.Name()))
		shelf.Courses = append(shelf.Courses, source)
		uses, shelf.links = append(uses, named.terms...), append(shelf.links, named.links...)
		found.problems = append(found.problems, problems...)
	}
	if len(shelf.Courses) == 0 && err == nil {
		found.add(dir, top, "không có khóa học nào ở đây", "Chỉ tới thư mục courses, hoặc thư mục của một khóa học")
	}
	if whole {
		var names map[string]place
		if shelf.Glossary, names = readGlossary(fsys, found); names != nil {
			checkTerms(uses, names, found)
		}
		shelf.Practices = readPractices(fsys, found)
		checkPlaces(shelf, found)
	}
	if problems := found.sorted(); len(problems) > 0 {
		return nil, problems
	}
	return shelf, nil
}

// checkPlaces sees that courses name practices that there are. Sources with
// problems are nil; what they name may be wrong, too.
func checkPlaces(shelf *Shelf, found *finder) {
	known := map[string]bool{}
	for _, practice := range shelf.Practices {
		if practice == nil {
			return // one cannot be read: it may be the one that is named
		}
		known[practice.Slug()] = true
	}
	for _, source := range shelf.Courses {
		if source == nil {
			continue
		}
		source.outline.eachPractice(func(slug string, at place) {
			if !known[slug] {
				found.add(path.Join("courses", source.Slug(), "course.yaml"), at, fmt.Sprintf("không thấy practices/%s.yaml", slug), "Viết bài thực hành này, hoặc sửa mã cho đúng tên tệp")
			}
		})
	}
}
