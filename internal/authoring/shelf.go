package authoring

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// CheckAll lists the problems of every course in fsys.
func CheckAll(fsys fs.FS) Problems {
	_, problems := ReadAll(fsys)
	return problems
}

// ReadAll reads every course in fsys: the folders in "courses", or where there
// is no such folder, those at the root; or the root itself, when it holds a
// course.yaml. Files beside the folders, and hidden folders, are not looked at.
func ReadAll(fsys fs.FS) ([]*Source, Problems) {
	if _, err := fs.Stat(fsys, "course.yaml"); err == nil {
		source, problems := Read(fsys, ".")
		return []*Source{source}, problems
	}
	shelf := "."
	if info, err := fs.Stat(fsys, "courses"); err == nil && info.IsDir() {
		shelf = "courses"
	}
	found := &finder{dir: shelf}
	entries, err := fs.ReadDir(fsys, shelf)
	if err != nil {
		found.add("", top, fmt.Sprintf("không đọc được thư mục: %v", err), "Kiểm tra tên thư mục và quyền đọc")
	}
	var sources []*Source
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		source, problems := Read(fsys, path.Join(shelf, entry.Name()))
		sources = append(sources, source)
		found.problems = append(found.problems, problems...)
	}
	if len(sources) == 0 && err == nil {
		found.add("", top, "không có khóa học nào ở đây", "Chỉ tới thư mục courses, hoặc thư mục của một khóa học")
	}
	if problems := found.sorted(); len(problems) > 0 {
		return nil, problems
	}
	return sources, nil
}
