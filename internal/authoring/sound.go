package authoring

import (
	"bytes"
	"maps"
	"path"
	"slices"

	"github.com/google/uuid"

	"hocso/internal/course"
)

// soundStarts are the first bytes of a sound file, by the ending of its name.
var soundStarts = map[string][][]byte{
	".mp3": {[]byte("ID3"), {0xff, 0xfb}, {0xff, 0xf3}, {0xff, 0xf2}},
	".ogg": {[]byte("OggS")},
	".m4a": {[]byte("ftyp")}, // after four bytes of length
}

func isSound(name string) bool { return soundStarts[path.Ext(name)] != nil }

// readSounds takes up the recordings of lessons.
func readSounds(source *Source, folder *folder, found *finder) {
	for _, name := range folder.under("audio/") {
		slug, language := partsOf(name)
		lesson, text := "lessons/"+slug+".md", folder.text[name]
		if language != "" {
			lesson = "lessons/" + slug + "." + language + ".md"
		}
		if !folder.has(lesson) {
			found.add(name, top, "không có bài học "+lesson, "Đặt tên tệp âm thanh giống tên bài học, hoặc xóa tệp")
		}
		start := text
		if path.Ext(name) == ".m4a" {
			start = text[min(4, len(text)):]
		}
		if !slices.ContainsFunc(soundStarts[path.Ext(name)], func(head []byte) bool { return bytes.HasPrefix(start, head) }) {
			found.add(name, top, "tệp không phải âm thanh loại "+path.Ext(name), "Xuất lại từ phần mềm ghi âm")
			continue
		}
		source.media[name] = text
	}
}

// sound is the asset's name of the recording of a lesson in a language, "" if there is none.
func (s *Source) sound(slug, language string) string {
	base := "audio/" + slug
	if language != "" {
		base += "." + language
	}
	for _, ending := range slices.Sorted(maps.Keys(soundStarts)) {
		if s.media[base+ending] != nil {
			return s.asset(base + ending)
		}
	}
	return ""
}

// translations are those of a lesson, made for its id.
func (s *Source) translations(lesson uuid.UUID, slug string) []*course.Translation {
	var all []*course.Translation
	texts := s.lessons[slug].translations
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		t := texts[language]
		all = append(all, &course.Translation{
			LessonID: lesson, Language: language, Title: t.Title, PictureAlt: t.PictureAlt,
			Summary: t.Summary, Todo: t.Do, HTML: t.html, Audio: s.sound(slug, language),
		})
	}
	return all
}
