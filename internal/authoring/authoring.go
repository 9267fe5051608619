// Package authoring reads the folders in which courses are written, tells
// their authors everything that is wrong and how to mend it, and makes what is
// right into immutable course versions.
//
// It must never import half a course: a Source exists only when Read found no
// problem at all. Problems are written in Vietnamese, for the people who write
// the courses.
package authoring

import (
	"io/fs"
	"path"
	"strings"
)

// Source is one course folder in which everything is right.
type Source struct {
	checksum string
	outline  *outline
	lessons  map[string]*lesson // by slug
	quiz     *quizFile
	pictures map[string][]byte // by path in the folder
}

// Slug is the course's name in addresses; its folder has the same name.
func (s *Source) Slug() string { return s.outline.Slug }

// Checksum is the SHA-256, hex, over the names and texts of all files of the
// folder: the same checksum is the same version. A byte order mark and the
// kind of line ends do not count.
func (s *Source) Checksum() string { return s.checksum }

// Read reads the course folder dir of fsys. It gives the source, or every
// problem that it found, sorted by file and line. With dir "." the folder's
// own name is not known, so it is not compared with the slug.
func Read(fsys fs.FS, dir string) (*Source, Problems) {
	found := &finder{dir: dir}
	folder := readFolder(fsys, dir, found)
	source := &Source{
		outline:  readOutline(folder, found),
		lessons:  map[string]*lesson{},
		quiz:     readQuiz(folder, found),
		pictures: map[string][]byte{},
	}
	for _, name := range folder.under("lessons/") {
		source.lessons[slugOf(name)] = readLesson(folder, name, found)
	}
	checkOutline(source, folder, found)
	checkQuiz(source, folder, found)
	for _, name := range folder.under("images/") {
		source.pictures[name] = readPicture(folder, name, found)
	}
	checkPictures(source, folder, found)
	if problems := found.sorted(); len(problems) > 0 {
		return nil, problems
	}
	source.checksum = folder.checksum()
	return source, nil
}

// slugOf takes the slug out of "lessons/slug.md".
func slugOf(name string) string {
	return strings.TrimSuffix(path.Base(name), path.Ext(name))
}
