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

	"hocso/internal/course"
)

// Source is one course folder in which everything is right.
type Source struct {
	checksum string
	outline  *outline
	lessons  map[string]*lesson // by slug
	quiz     *quizFile
	papers   map[string]string // HTML by file name, see papers
	media    map[string][]byte // pictures and sounds, by path in the folder
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
	source, _, problems := read(fsys, dir)
	return source, problems
}

// read is Read, and gives what the texts name: words of the glossary and links.
func read(fsys fs.FS, dir string) (*Source, *finder, Problems) {
	found := &finder{dir: dir}
	folder := readFolder(fsys, dir, found)
	source := &Source{
		outline: readOutline(folder, found),
		lessons: map[string]*lesson{},
		quiz:    readQuiz(folder, found),
		papers:  map[string]string{},
		media:   map[string][]byte{},
	}
	track := source.track()
	for _, name := range folder.under("lessons/") {
		if _, language := partsOf(name); language == "" {
			source.lessons[slugOf(name)] = readLesson(folder, name, track, found)
		}
	}
	readTranslations(source, folder, found)
	readPapers(source, folder, found)
	checkOutline(source, folder, found)
	checkQuiz(source, folder, found)
	for _, name := range folder.under("images/") {
		source.media[name] = readPicture(folder, name, found)
	}
	readSounds(source, folder, found)
	checkPictures(source, folder, found)
	if problems := found.sorted(); len(problems) > 0 {
		return nil, found, problems
	}
	source.checksum = folder.checksum()
	return source, found, nil
}

// track is whom the course is for; residents as long as it is not said.
func (s *Source) track() course.Track {
	if s.outline == nil || s.outline.Track == "" {
		return course.Residents
	}
	return s.outline.Track
}

// slugOf takes the slug out of "lessons/slug.md" and "lessons/slug.sed.md".
func slugOf(name string) string {
	slug, _ := partsOf(name)
	return slug
}

// partsOf takes the slug and the language, "" for Vietnamese, out of a path.
func partsOf(name string) (slug, language string) {
	slug, language, _ = strings.Cut(strings.TrimSuffix(path.Base(name), path.Ext(name)), ".")
	return slug, language
}
