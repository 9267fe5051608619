package authoring

import (
	"bytes"
	"fmt"

	"hocso/internal/course"
)

const (
	minWords = 150
	maxWords = 700
	// maxPace is more words (syllables, as Vietnamese is written) a minute than
	// an unpractised reader reads.
	maxPace = 200
)

// lesson is one lessons/*.md.
type lesson struct {
	Title      string
	Minutes    int
	Picture    string
	PictureAlt string `json:"picture_alt"`
	Summary    string
	Do         string
	OnPhone    bool `json:"on_phone"`
	Digcomp    []string
	Skills     []course.Skill // empty: the course's

	doc          *document
	html         string
	translations map[string]*translation // by language
}

var fence = []byte("---\n")

// readLesson gives nil when the front matter cannot be read at all.
func readLesson(folder *folder, file string, track course.Track, found *finder) *lesson {
	text := folder.text[file]
	start, end, ok := frontMatter(text)
	if !ok {
		found.add(file, top, "bài học phải mở đầu bằng phần giữa hai dòng ---",
			"Đặt dòng --- ở đầu tệp, rồi title, minutes, picture, …, rồi một dòng --- nữa")
		return nil
	}
	html, words := render(file, text, end, found)
	checkSentences(file, text, end, track, found)
	switch body := placeAt(text, end); {
	case words < minWords:
		found.add(file, body, fmt.Sprintf("bài có %d chữ, cần ít nhất %d", words, minWords), "Viết thêm cho người học hiểu và làm được")
	case words > maxWords:
		found.add(file, body, fmt.Sprintf("bài có %d chữ, tối đa %d", words, maxWords), "Rút gọn, hoặc tách thành hai bài")
	}
	// An empty line stands for the first fence, so that lines count from the file's first.
	doc := parseYAML(file, append([]byte("\n"), text[start:end-len(fence)]...), found)
	if doc == nil {
		return nil
	}
	doc.obey(lessonSchema, found)
	lesson := &lesson{doc: doc, html: html}
	doc.decode(lesson)
	if lesson.Minutes > 0 && words > lesson.Minutes*maxPace {
		found.add(file, doc.place("minutes"), fmt.Sprintf("%d phút là quá ít để đọc %d chữ", lesson.Minutes, words),
			fmt.Sprintf("Ghi ít nhất %d phút", (words+maxPace-1)/maxPace))
	}
	return lesson
}

// frontMatter finds the YAML between the first two fences: it starts after the
// first and the body starts at end, after the second.
func frontMatter(text []byte) (start, end int, ok bool) {
	if !bytes.HasPrefix(text, fence) {
		return 0, 0, false
	}
	if bytes.HasPrefix(text[len(fence):], fence) {
		return len(fence), 2 * len(fence), true
	}
	at := bytes.Index(text, append([]byte("\n"), fence...))
	if at < 0 {
		return 0, 0, false
	}
	return len(fence), at + 1 + len(fence), true
}
