package authoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"hocso/internal/course"
	"hocso/internal/practice"
)

// PracticeSource is one practices/<slug>.yaml in which everything is right.
type PracticeSource struct {
	checksum string
	file     *practiceFile
	pictures map[string][]byte // those it shows, by name without ending
}

// practiceFile is practices/<slug>.yaml.
type practiceFile struct {
	practice.Script
	Slug    string
	Title   string
	Summary string
	Minutes int
	Drill   bool
	Skills  []course.Skill
	Digcomp []string

	doc *document
}

// Slug is the scenario's name in addresses; its file has the same name.
func (p *PracticeSource) Slug() string { return p.file.Slug }

// Version makes the scenario version that the source says, with a fresh id.
func (p *PracticeSource) Version(at time.Time) *practice.Version {
	script := p.file.Script
	script.Pictures = map[string]string{}
	for name, text := range p.pictures {
		script.Pictures[name] = assetName(name+".svg", text)
	}
	return &practice.Version{
		ID: newID(), Slug: p.file.Slug, Checksum: p.checksum, ImportedAt: at,
		Title: p.file.Title, Summary: p.file.Summary, Minutes: p.file.Minutes, Drill: p.file.Drill,
		Skills: p.file.Skills, Digcomp: p.file.Digcomp, Script: script,
	}
}

// Assets lists the pictures.
func (p *PracticeSource) Assets() []*course.Asset {
	byName := map[string]*course.Asset{}
	for name, text := range p.pictures {
		asset := assetName(name+".svg", text)
		byName[asset] = &course.Asset{Name: asset, Mime: mimes[".svg"], Bytes: text}
	}
	return slices.Collect(maps.Values(byName))
}

const practiceDir = "practices"

// practiceWanted are the files that the folder of practices may hold.
var practiceWanted = regexp.MustCompile(`^(README\.md|` + slugPattern + `\.yaml|images/` + slugPattern + `\.svg)$`)

// readPractices reads every scenario of the folder "practices", by name; those
// with problems are nil.
func readPractices(fsys fs.FS, all *finder) []*PracticeSource {
	if _, err := fs.Stat(fsys, practiceDir); err != nil {
		return nil
	}
	found := &finder{dir: practiceDir}
	files := &folder{dir: practiceDir, text: map[string][]byte{}}
	err := fs.WalkDir(fsys, practiceDir, func(full string, entry fs.DirEntry, err error) error {
		name := strings.TrimPrefix(full, practiceDir+"/")
		switch {
		case err != nil, entry.IsDir(), strings.HasPrefix(entry.Name(), "."):
			return err
		case !practiceWanted.MatchString(name):
			found.add(name, top, "tệp này không thuộc phần thực hành", "Xóa, hoặc đổi tên: chỉ có practices/*.yaml và practices/images/*.svg")
			return nil
		}
		sub := &finder{}
		if text, ok := readShelfFile(fsys, full, sub); ok {
			files.text[name] = text
		}
		all.problems = append(all.problems, sub.problems...)
		return nil
	})
	if err != nil {
		found.add("", top, fmt.Sprintf("không đọc được thư mục: %v", err), "Kiểm tra quyền đọc")
	}
	pictures := map[string][]byte{}
	for _, name := range files.under("images/") {
		pictures[slugOf(name)] = readPicture(files, name, found)
	}
	shown := map[string]bool{}
	var sources []*PracticeSource
	for _, name := range slices.Sorted(maps.Keys(files.text)) {
		if path.Ext(name) != ".yaml" {
			continue
		}
		before := len(found.problems)
		source := readPractice(files, name, pictures, shown, found)
		if len(found.problems) > before {
			source = nil
		}
		sources = append(sources, source)
	}
	for _, name := range files.under("images/") {
		if !shown[slugOf(name)] && !slices.Contains(sources, nil) {
			found.add(name, top, "không bài thực hành nào dùng tranh này", "Ghi tên tranh ở `picture`, hoặc xóa tệp")
		}
	}
	all.problems = append(all.problems, found.problems...)
	return sources
}

// readPractice reads one scenario; what it gives counts only if nothing was found.
func readPractice(files *folder, name string, pictures map[string][]byte, shown map[string]bool, found *finder) *PracticeSource {
	doc := parseText(files, name, found)
	if doc == nil {
		return nil
	}
	before := len(found.problems)
	doc.obey(practiceSchema, found)
	file := &practiceFile{doc: doc}
	doc.decode(file)
	source := &PracticeSource{file: file, pictures: map[string][]byte{}}
	if slug := slugOf(name); file.Slug != "" && file.Slug != slug {
		found.add(name, doc.place("slug"), fmt.Sprintf("`slug` là “%s” nhưng tệp tên là “%s”", file.Slug, slug), "Sửa cho hai tên giống nhau")
	}
	if len(found.problems) > before {
		return nil // what follows trusts the shape
	}
	checkScript(name, file, pictures, found)
	sum := sha256.New()
	fmt.Fprintf(sum, "%d ", len(files.text[name]))
	sum.Write(files.text[name])
	for _, screen := range file.Screens {
		for _, element := range screen.Elements {
			if picture := element.Picture; picture != "" && pictures[picture] != nil {
				shown[picture] = true
				source.pictures[picture] = pictures[picture]
			}
		}
	}
	for _, picture := range slices.Sorted(maps.Keys(source.pictures)) {
		fmt.Fprintf(sum, "%s %d ", picture, len(source.pictures[picture]))
		sum.Write(source.pictures[picture])
	}
	source.checksum = hex.EncodeToString(sum.Sum(nil))
	return source
}
