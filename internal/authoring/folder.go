package authoring

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	maxFiles  = 200
	maxCourse = 10 << 20
	// The longest honest text is a fifth of these; parsers need time that grows
	// with the square of a hostile one, up to a second at these lengths.
	maxYAML   = 256 << 10
	maxLesson = 32 << 10
	// maxPicture keeps the first visit of a lesson small on a slow phone.
	maxPicture = 30 << 10
	// maxSound is three minutes of clear speech at 32 kbit/s.
	maxSound = 720 << 10
)

// wanted are the files that a course folder may hold.
var wanted = regexp.MustCompile(`^(course\.yaml|quiz\.yaml|handout\.md|loudspeaker\.md|guide\.md|` +
	`(lessons/` + slugPattern + `(\.[a-z]{3})?\.md)|(audio/` + slugPattern + `(\.[a-z]{3})?\.(mp3|ogg|m4a))|(images/` + slugPattern + `\.svg))$`)

const slugPattern = `[a-z0-9]+(-[a-z0-9]+)*`

// folder holds the files of one course by their path in it. A file that is
// there but cannot be read as text has a nil text: its problem is noted, and
// no other rule need speak of it.
type folder struct {
	dir  string
	text map[string][]byte
}

// readFolder reads every file of the folder, within the limits. Hidden files
// are what editors and systems leave behind: not content.
func readFolder(fsys fs.FS, dir string, found *finder) *folder {
	f := &folder{dir: dir, text: map[string][]byte{}}
	total := 0
	err := fs.WalkDir(fsys, dir, func(full string, entry fs.DirEntry, err error) error {
		hidden := full != dir && strings.HasPrefix(entry.Name(), ".")
		switch {
		case err != nil:
			return err
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case entry.IsDir() || hidden:
			return nil
		case len(f.text) == maxFiles:
			found.add("", top, fmt.Sprintf("khóa học có hơn %d tệp", maxFiles), "Xóa các tệp không dùng")
			return fs.SkipAll
		}
		read, err := f.take(fsys, full, entry, found)
		if total += read; total > maxCourse {
			found.add("", top, fmt.Sprintf("khóa học nặng hơn %d MB", maxCourse>>20), "Làm tranh nhẹ hơn, xóa các tệp không dùng")
			return fs.SkipAll
		}
		return err
	})
	if err != nil {
		found.add("", top, fmt.Sprintf("không đọc được thư mục: %v", err), "Kiểm tra tên thư mục và quyền đọc")
	}
	return f
}

// take reads one file into the folder and tells how many bytes that took.
func (f *folder) take(fsys fs.FS, full string, entry fs.DirEntry, found *finder) (int, error) {
	name := full
	if f.dir != "." {
		name = strings.TrimPrefix(full, f.dir+"/")
	}
	f.text[name] = nil
	if !wanted.MatchString(name) {
		found.add(name, top, "tệp này không thuộc khóa học",
			"Xóa, hoặc đổi tên: chỉ có course.yaml, quiz.yaml, handout.md, loudspeaker.md, guide.md, lessons/*.md, images/*.svg và audio/*.mp3 (ogg, m4a); tên tệp viết chữ thường không dấu, số, nối bằng dấu gạch ngang")
		return 0, nil
	}
	if !entry.Type().IsRegular() {
		found.add(name, top, "đây không phải tệp thường", "Thay liên kết bằng chính tệp đó")
		return 0, nil
	}
	raw, err := readFile(fsys, full)
	if err != nil {
		return 0, err
	}
	if limit, mend := limitOf(name); len(raw) > limit {
		found.add(name, top, fmt.Sprintf("tệp nặng hơn %d KB", limit>>10), mend)
		return len(raw), nil
	}
	if isSound(name) {
		f.text[name] = raw
	} else {
		f.text[name] = plain(name, raw, found)
	}
	return len(raw), nil
}

// readFile reads a file, but no more than one byte over the largest limit, so
// that a size that lies does no harm.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSound+1))
}

func limitOf(name string) (limit int, mend string) {
	switch path.Ext(name) {
	case ".svg":
		return maxPicture, "Bỏ bớt chi tiết, làm tròn tọa độ, không nhúng ảnh chụp"
	case ".md":
		return maxLesson, "Rút gọn, hoặc tách thành nhiều bài"
	case ".mp3", ".ogg", ".m4a":
		return maxSound, "Ghi một kênh (mono), 32 kbit/s, hoặc đọc ngắn hơn"
	}
	return maxYAML, "Rút gọn nội dung"
}

// under lists the readable files whose path begins with prefix, in order.
func (f *folder) under(prefix string) []string {
	names := slices.Sorted(maps.Keys(f.text))
	return slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasPrefix(name, prefix) || f.text[name] == nil
	})
}

// has tells whether the file is there, readable or not.
func (f *folder) has(name string) bool {
	_, ok := f.text[name]
	return ok
}

// readable tells whether every file whose path begins with prefix is.
func (f *folder) readable(prefix string) bool {
	for name, text := range f.text {
		if text == nil && strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return true
}

// checksum is over names and texts with their lengths, so that no two folders
// read the same.
func (f *folder) checksum() string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.text)) {
		fmt.Fprintf(sum, "%d %s %d ", len(name), name, len(f.text[name]))
		sum.Write(f.text[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// placeAt finds line and column of a byte offset.
func placeAt(text []byte, offset int) place {
	before := text[:min(max(offset, 0), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	start := bytes.LastIndexByte(before, '\n') + 1
	return place{line, len([]rune(string(before[start:]))) + 1}
}
