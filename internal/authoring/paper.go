package authoring

import (
	"fmt"
	"slices"

	"hocso/internal/course"
)

// paper is a text that goes with a course: what is stuck on a wall, read out
// by the commune's loudspeakers, or taken along by who teaches.
type paper struct {
	file    string
	fewest  int // words (syllables, as Vietnamese is written)
	most    int
	whatFor string
}

var papers = []paper{
	{file: "handout.md", fewest: 80, most: 260, whatFor: "tờ hướng dẫn một trang A4"},
	{file: "loudspeaker.md", fewest: 120, most: 360, whatFor: "bài đọc trên loa truyền thanh, 2–3 phút"},
	{file: "guide.md", fewest: 200, most: 900, whatFor: "hướng dẫn cho người dạy"},
}

// readPapers reads the papers of a course. Courses for residents have all of them.
func readPapers(source *Source, folder *folder, found *finder) {
	for _, paper := range papers {
		text := folder.text[paper.file]
		if !folder.has(paper.file) && source.track() == course.Residents && source.outline != nil {
			found.add(paper.file, top, "không thấy "+paper.file, "Viết "+paper.whatFor)
		}
		if text == nil {
			continue
		}
		html, words := render(paper.file, text, 0, found)
		checkSentences(paper.file, text, 0, source.track(), found)
		if words < paper.fewest || words > paper.most {
			found.add(paper.file, top, fmt.Sprintf("có %d chữ, cần từ %d đến %d", words, paper.fewest, paper.most), "Viết thêm hoặc rút gọn: đây là "+paper.whatFor)
		}
		source.papers[paper.file] = html
	}
}

// translation is one lessons/<slug>.<language>.md.
type translation struct {
	Title      string
	PictureAlt string `json:"picture_alt"`
	Summary    string
	Do         string

	html string
}

// readTranslations reads the lessons in further languages.
func readTranslations(source *Source, folder *folder, found *finder) {
	for _, name := range folder.under("lessons/") {
		slug, language := partsOf(name)
		if language == "" {
			continue
		}
		if !slices.Contains(course.Languages, language) {
			found.add(name, top, fmt.Sprintf("không có tiếng nào mang mã “%s”", language), "Dùng kuf hoặc ktv (Cơ Tu), sed (Xơ Đăng), cua (Co), jeh (Giẻ-Triêng)")
		}
		if !folder.has("lessons/" + slug + ".md") {
			found.add(name, top, "không thấy bài tiếng Việt lessons/"+slug+".md", "Viết bài tiếng Việt trước, hoặc sửa tên tệp")
		}
		text := folder.text[name]
		start, end, ok := frontMatter(text)
		if !ok {
			found.add(name, top, "bài học phải mở đầu bằng phần giữa hai dòng ---", "Đặt dòng --- ở đầu tệp, rồi title, picture_alt, summary, do, rồi một dòng --- nữa")
			continue
		}
		html, _ := render(name, text, end, found)
		doc := parseYAML(name, append([]byte("\n"), text[start:end-len(fence)]...), found)
		if doc == nil {
			continue
		}
		doc.obey(translationSchema, found)
		translated := &translation{html: html}
		doc.decode(translated)
		if lesson := source.lessons[slug]; lesson != nil {
			if lesson.translations == nil {
				lesson.translations = map[string]*translation{}
			}
			lesson.translations[language] = translated
		}
	}
}
