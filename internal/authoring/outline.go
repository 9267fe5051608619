package authoring

import (
	"fmt"
	"path"
	"strconv"

	"hocso/internal/course"
)

const (
	minLessons = 5
	// minutesPerQuestion bounds what the quiz may add to a course's minutes.
	minutesPerQuestion = 2
	// minutesPerPractice bounds what each practice may add.
	minutesPerPractice = 10
)

// outline is course.yaml.
type outline struct {
	Slug     string
	Track    course.Track
	Skill    course.Skill
	Title    string
	Summary  string
	Cover    string
	CoverAlt string `json:"cover_alt"`
	Minutes  int
	Modules  []module

	doc *document
}

type module struct {
	Title     string
	Lessons   []string // slugs
	Practices []string // slugs of scenarios, after the lessons
}

// readOutline gives nil when there is no outline or it cannot be read at all.
func readOutline(folder *folder, found *finder) *outline {
	const file = "course.yaml"
	if !folder.has(file) {
		found.add(file, top, "không thấy course.yaml", "Tạo tệp này: xem schema/course.schema.json")
		return nil
	}
	doc := parseText(folder, file, found)
	if doc == nil {
		return nil
	}
	doc.obey(courseSchema, found)
	outline := &outline{doc: doc}
	doc.decode(outline)
	return outline
}

// parseText parses a YAML file; nil when it is not readable.
func parseText(folder *folder, file string, found *finder) *document {
	if folder.text[file] == nil {
		return nil
	}
	return parseYAML(file, folder.text[file], found)
}

// checkOutline compares the outline with the lessons that are there.
func checkOutline(source *Source, folder *folder, found *finder) {
	outline := source.outline
	if outline == nil {
		return
	}
	const file = "course.yaml"
	doc := outline.doc
	if name := path.Base(folder.dir); name != "." && outline.Slug != "" && outline.Slug != name {
		found.add(file, doc.place("slug"), fmt.Sprintf("`slug` là “%s” nhưng thư mục tên là “%s”", outline.Slug, name), "Sửa cho hai tên giống nhau")
	}
	named := map[string]place{}
	minutes, known := 0, true
	for m, module := range outline.Modules {
		for l, slug := range module.Lessons {
			at := doc.place("modules", strconv.Itoa(m), "lessons", strconv.Itoa(l))
			if slug == "" {
				continue
			}
			if first, twice := named[slug]; twice {
				found.add(file, at, fmt.Sprintf("bài học “%s” đã có ở dòng %d", slug, first.line), "Bỏ một trong hai")
				continue
			}
			named[slug] = at
			if !folder.has("lessons/" + slug + ".md") {
				found.add(file, at, fmt.Sprintf("không thấy lessons/%s.md", slug), "Viết bài này, hoặc sửa mã bài học cho đúng tên tệp")
			}
			lesson := source.lessons[slug]
			if lesson == nil {
				known = false
				continue
			}
			minutes += lesson.Minutes
		}
	}
	if len(outline.Modules) > 0 && len(named) < minLessons {
		found.add(file, doc.place("modules"), fmt.Sprintf("khóa học có %d bài, cần ít nhất %d", len(named), minLessons), "Viết thêm bài học")
	}
	checkPracticesNamed(outline, found)
	for _, name := range folder.under("lessons/") {
		if _, language := partsOf(name); language != "" {
			continue // see readTranslations
		}
		if _, ok := named[slugOf(name)]; !ok {
			found.add(name, top, "bài học này không có trong course.yaml", "Thêm mã bài vào một phần trong course.yaml, hoặc xóa tệp")
		}
	}
	if known && source.quiz != nil && len(source.quiz.Questions) > 0 && len(named) > 0 && outline.Minutes > 0 {
		most := minutes + minutesPerQuestion*source.quiz.drawn() + minutesPerPractice*outline.practices()
		if outline.Minutes < minutes || outline.Minutes > most {
			found.add(file, doc.place("minutes"), fmt.Sprintf("`minutes` là %d, nhưng các bài học cộng lại là %d phút", outline.Minutes, minutes),
				fmt.Sprintf("Ghi từ %d đến %d, gồm cả bài thực hành và bài kiểm tra", minutes, most))
		}
	}
}

// checkPracticesNamed finds practices that a course names twice.
func checkPracticesNamed(outline *outline, found *finder) {
	named := map[string]place{}
	outline.eachPractice(func(slug string, at place) {
		if first, twice := named[slug]; twice {
			found.add("course.yaml", at, fmt.Sprintf("bài thực hành “%s” đã có ở dòng %d", slug, first.line), "Bỏ một trong hai")
		}
		named[slug] = at
	})
}

// eachPractice visits the practices that the course names, with their places.
func (o *outline) eachPractice(visit func(slug string, at place)) {
	for m, module := range o.Modules {
		for p, slug := range module.Practices {
			visit(slug, o.doc.place("modules", strconv.Itoa(m), "practices", strconv.Itoa(p)))
		}
	}
}

func (o *outline) practices() int {
	count := 0
	o.eachPractice(func(string, place) { count++ })
	return count
}
