package authoring

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Problem is one thing that keeps a course from being imported.
type Problem struct {
	File   string // path in the file system that was read
	Line   int    // from 1
	Column int    // from 1, in characters
	What   string // what is wrong, in Vietnamese
	Mend   string // how to mend it, in Vietnamese
}

// String writes the problem as one line, as compilers do, so that editors can
// jump to the place.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s. %s.", p.File, p.Line, p.Column, p.What, p.Mend)
}

// Problems are all problems of what was read, sorted by file and place. As an
// error they say the same line by line.
type Problems []Problem

// Error implements error.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// place is a line and column, both from 1.
type place struct{ line, column int }

var top = place{1, 1}

// finder collects the problems of one course folder.
type finder struct {
	dir      string
	problems Problems
	terms    []termUse // words of the glossary that were marked
	links    []linkUse // https addresses that texts name
}

// add notes a problem; file is the path in the course folder.
func (f *finder) add(file string, at place, what, mend string) {
	f.problems = append(f.problems, Problem{
		File: path.Join(f.dir, file), Line: at.line, Column: at.column, What: what, Mend: mend,
	})
}

// name notes an https address that a text names.
func (f *finder) name(address, file string, at place) {
	if strings.HasPrefix(address, "https:") {
		f.links = append(f.links, linkUse{address, path.Join(f.dir, file), at})
	}
}

func (f *finder) sorted() Problems {
	slices.SortStableFunc(f.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.What, b.What))
	})
	// Two rules may say the same of the same place; once is enough.
	return slices.Compact(f.problems)
}
