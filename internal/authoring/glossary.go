package authoring

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"hocso/internal/course"
)

const glossaryName = "glossary.yaml"

// termUse is one place where a text marks a word of the glossary.
type termUse struct {
	slug string
	file string // path in the file system that was read
	at   place
}

// readGlossary reads the words that are explained; nil when there is no such
// file or it cannot be read at all. names are where each word is written.
func readGlossary(fsys fs.FS, found *finder) (terms []*course.Term, names map[string]place) {
	text, ok := readShelfFile(fsys, glossaryName, found)
	if !ok {
		return nil, nil
	}
	doc := parseYAML(glossaryName, text, found)
	if doc == nil {
		return nil, nil
	}
	doc.obey(glossarySchema, found)
	var file struct{ Terms []*course.Term }
	doc.decode(&file)
	names = map[string]place{}
	for i, term := range file.Terms {
		at := doc.place("terms", strconv.Itoa(i), "slug")
		if first, twice := names[term.Slug]; twice {
			found.add(glossaryName, at, fmt.Sprintf("từ “%s” đã có ở dòng %d", term.Slug, first.line), "Bỏ một trong hai")
		}
		names[term.Slug] = at
	}
	return file.Terms, names
}

// checkTerms compares the words that texts mark with those that are explained.
// Which of these nobody marks can be told only when every text could be read.
func checkTerms(uses []termUse, names map[string]place, found *finder) {
	used := map[string]bool{}
	for _, use := range uses {
		used[use.slug] = true
		if _, ok := names[use.slug]; !ok {
			found.problems = append(found.problems, Problem{
				File: use.file, Line: use.at.line, Column: use.at.column,
				What: fmt.Sprintf("từ “%s” không có trong glossary.yaml", use.slug), Mend: "Thêm từ này vào glossary.yaml, hoặc sửa mã cho đúng",
			})
		}
	}
	if len(found.problems) > 0 {
		return
	}
	for slug, at := range names {
		if !used[slug] {
			found.add(glossaryName, at, fmt.Sprintf("chưa bài nào nhắc từ “%s”", slug), fmt.Sprintf("Đánh dấu nó trong một bài: [từ](term:%s), hoặc bỏ nó", slug))
		}
	}
}

// readShelfFile reads one file beside the courses; not ok when it is not there
// or no text that can be shown.
func readShelfFile(fsys fs.FS, name string, found *finder) (text []byte, ok bool) {
	if _, err := fs.Stat(fsys, name); err != nil {
		return nil, false
	}
	raw, err := readFile(fsys, name)
	if err != nil {
		found.add(name, top, fmt.Sprintf("không đọc được tệp: %v", err), "Kiểm tra quyền đọc")
		return nil, false
	}
	limit, mend := limitOf(name)
	if len(raw) > limit {
		found.add(name, top, fmt.Sprintf("tệp nặng hơn %d KB", limit>>10), mend)
		return nil, false
	}
	text = plain(path.Base(name), raw, found)
	return text, text != nil
}
