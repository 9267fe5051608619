package course

import (
	"cmp"
	"slices"
)

// Languages are those besides Vietnamese that lessons may be in, by ISO 639-3
// code: Cơ Tu (western and eastern), Xơ Đăng, Co, Giẻ-Triêng.
var Languages = []string{"kuf", "ktv", "sed", "cua", "jeh"}

// Languages lists those besides Vietnamese that the lesson is in.
func (l *Lesson) Languages() []string {
	var all []string
	for _, t := range l.Translations {
		all = append(all, t.Language)
	}
	slices.Sort(all)
	return all
}

// In is the lesson in a language; what is not translated stays Vietnamese.
func (l *Lesson) In(language string) *Lesson {
	for _, t := range l.Translations {
		if t.Language != language {
			continue
		}
		told := *l
		told.Title, told.PictureAlt = cmp.Or(t.Title, l.Title), cmp.Or(t.PictureAlt, l.PictureAlt)
		told.Summary, told.Todo = cmp.Or(t.Summary, l.Summary), cmp.Or(t.Todo, l.Todo)
		told.HTML, told.Audio = cmp.Or(t.HTML, l.HTML), t.Audio
		return &told
	}
	return l
}
