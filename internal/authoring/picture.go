package authoring

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

const (
	svgSpace   = "http://www.w3.org/2000/svg"
	xlinkSpace = "http://www.w3.org/1999/xlink"
)

// drawing are the SVG elements that only draw. Whatever acts, moves, styles
// from afar or holds other documents is not among them.
var drawing = map[string]bool{
	"svg": true, "g": true, "defs": true, "symbol": true, "use": true, "title": true, "desc": true,
	"path": true, "rect": true, "circle": true, "ellipse": true, "line": true, "polyline": true, "polygon": true,
	"text": true, "tspan": true, "linearGradient": true, "radialGradient": true, "stop": true,
	"clipPath": true, "mask": true, "pattern": true, "marker": true,
}

// outward finds what may lead out of the picture in an attribute: any url()
// that is not of the picture itself, and the escapes that could hide one.
var outward = regexp.MustCompile(`(?i)url\(\s*["']?\s*[^#"'\s]|@import|javascript:|expression\(|\\`)

// readPicture checks a picture and gives it back; it is kept only if nothing
// at all is wrong.
func readPicture(folder *folder, file string, found *finder) []byte {
	text := folder.text[file]
	decoder := xml.NewDecoder(bytes.NewReader(text))
	roots, depth := 0, 0
	for {
		offset := int(decoder.InputOffset())
		wrong := func(what, mend string) { found.add(file, placeAt(text, offset), what, mend) }
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if roots == 0 {
				wrong("tệp không có tranh", "Lưu lại tranh ở dạng SVG")
			}
			return text
		}
		if err != nil {
			offset = int(decoder.InputOffset())
			wrong("SVG viết sai: "+strings.TrimPrefix(err.Error(), "XML syntax error on "), "Mở bằng phần mềm vẽ rồi lưu lại ở dạng “SVG thường” (plain SVG)")
			return nil
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			if roots > 1 {
				wrong("có phần nằm sau </svg>", "Xóa phần này")
				return nil
			}
			checkElement(token, depth == 1, wrong)
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(token)) > 0 {
				wrong("có chữ nằm ngoài <svg>", "Xóa phần này")
			}
		case xml.ProcInst:
			if token.Target != "xml" {
				wrong(fmt.Sprintf("có chỉ thị <?%s", token.Target), "Xóa dòng này")
			}
		case xml.Directive:
			wrong("có khai báo <!…>", "Xóa dòng DOCTYPE hoặc ENTITY")
		}
	}
}

func checkElement(element xml.StartElement, root bool, wrong func(what, mend string)) {
	const plainly = "Xóa, hoặc lưu lại ở dạng “SVG thường” (plain SVG); tranh chỉ gồm hình và chữ"
	name := element.Name.Local
	switch {
	case element.Name.Space != svgSpace:
		wrong(fmt.Sprintf("<%s> không phải phần tử SVG", name), `Ghi xmlns="`+svgSpace+`" ở thẻ <svg>, xóa phần riêng của phần mềm vẽ`)
	case !drawing[name]:
		wrong(fmt.Sprintf("không dùng <%s> trong tranh", name), plainly)
	case root && name != "svg":
		wrong("tranh phải mở đầu bằng <svg>", plainly)
	case root && !slices.ContainsFunc(element.Attr, func(a xml.Attr) bool { return a.Name.Local == "viewBox" }):
		wrong("<svg> thiếu viewBox", `Thêm viewBox="0 0 rộng cao" để tranh co giãn theo màn hình`)
	}
	seen := map[xml.Name]bool{}
	for _, attr := range element.Attr {
		local := strings.ToLower(attr.Name.Local)
		value := strings.TrimSpace(attr.Value)
		switch {
		case seen[attr.Name]:
			wrong(fmt.Sprintf("<%s> ghi `%s` hai lần", name, attr.Name.Local), "Xóa một trong hai")
		case attr.Name.Space == "xmlns":
			if value != svgSpace && value != xlinkSpace {
				wrong(fmt.Sprintf("có phần riêng của phần mềm vẽ (xmlns:%s)", attr.Name.Local), plainly)
			}
		case attr.Name.Space != "" && attr.Name.Space != xlinkSpace && attr.Name.Space != "http://www.w3.org/XML/1998/namespace",
			local == "base":
			wrong(fmt.Sprintf("<%s> có thuộc tính lạ `%s`", name, attr.Name.Local), plainly)
		case strings.HasPrefix(local, "on"):
			wrong(fmt.Sprintf("<%s> có lệnh `%s`", name, attr.Name.Local), "Xóa thuộc tính này: tranh không được chứa lệnh")
		case local == "href" && !strings.HasPrefix(value, "#"), local == "src", outward.MatchString(value):
			wrong(fmt.Sprintf("<%s> dẫn ra ngoài tranh ở `%s`", name, attr.Name.Local), "Vẽ ngay trong tranh; chỉ dùng lại hình của chính tranh này (#tên)")
		}
		seen[attr.Name] = true
	}
}

// checkPictures compares the pictures with those who show them.
func checkPictures(source *Source, folder *folder, found *finder) {
	used := map[string]bool{}
	use := func(file, picture string, at place) {
		used[picture] = true
		if wanted.MatchString(picture) && !folder.has(picture) {
			found.add(file, at, "không thấy tranh "+picture, "Vẽ tranh này, hoặc sửa tên cho đúng")
		}
	}
	if source.outline != nil {
		use("course.yaml", source.outline.Cover, source.outline.doc.place("cover"))
	}
	known := source.outline != nil && folder.readable("lessons/")
	for _, name := range folder.under("lessons/") {
		if _, language := partsOf(name); language != "" {
			continue // shows the picture of the Vietnamese lesson
		}
		if lesson := source.lessons[slugOf(name)]; lesson != nil {
			use(name, lesson.Picture, lesson.doc.place("picture"))
		} else {
			known = false
		}
	}
	for _, name := range folder.under("images/") {
		if known && !used[name] {
			found.add(name, top, "không ai dùng tranh này", "Ghi tên tranh ở `picture` hoặc `cover`, hoặc xóa tệp")
		}
	}
}
