package authoring

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

var (
	markdown = goldmark.New()
	policy   = lessonPolicy()
	textOnly = bluemonday.StrictPolicy()
)

// lessonPolicy lets through what checkMarkdown allows: a second lock on the
// same door, for the HTML goes to the page as it is.
func lessonPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "p", "ul", "ol", "li", "strong", "em", "blockquote", "br")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^term$`)).OnElements("a")
	p.AllowURLSchemes("https", "tel")
	p.AllowRelativeURLs(true) // only term makes any
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// render makes the Markdown from start on into safe HTML and counts its words.
func render(file string, source []byte, start int, found *finder) (out string, words int) {
	source = slices.Concat(blank(source[:start]), source[start:])
	tree := markdown.Parser().Parse(text.NewReader(source))
	checkMarkdown(file, source, tree, found)
	var raw bytes.Buffer
	if err := markdown.Renderer().Render(&raw, source, tree); err != nil {
		panic(err) // cannot happen: a buffer takes everything
	}
	out = policy.Sanitize(raw.String())
	return out, len(strings.Fields(html.UnescapeString(textOnly.Sanitize(out))))
}

// blank makes every byte of a text a space, but keeps the line ends: what comes
// after it stands where it stood.
func blank(text []byte) []byte {
	spaces := bytes.Repeat([]byte(" "), len(text))
	for i, char := range text {
		if char == '\n' {
			spaces[i] = '\n'
		}
	}
	return spaces
}

// checkMarkdown notes what lessons do not use, and headings and links that a
// screen reader could not make sense of.
func checkMarkdown(file string, source []byte, tree ast.Node, found *finder) {
	section := false // a "##" was seen
	ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		wrong := func(what, mend string) { found.add(file, placeAt(source, offsetOf(node)), what, mend) }
		switch node := node.(type) {
		case *ast.Heading:
			switch {
			case node.Level != 2 && node.Level != 3:
				wrong(fmt.Sprintf("tiêu đề cấp %d", node.Level), "Dùng ## cho phần và ### cho phần nhỏ; tên bài đã ở `title`")
			case node.Level == 3 && !section:
				wrong("tiêu đề ### đứng trước tiêu đề ## đầu tiên", "Dùng ##")
			}
			section = section || node.Level == 2
			if !hasText(node, source) {
				wrong("tiêu đề không có chữ", "Viết tiêu đề, hoặc xóa dấu #")
			}
		case *ast.HTMLBlock, *ast.RawHTML:
			wrong("có mã HTML", `Viết bằng Markdown; dấu < trong câu thì viết \<`)
		case *ast.Image:
			wrong("có ảnh trong bài", "Mỗi bài một tranh, ghi ở `picture` trong phần đầu")
		case *ast.CodeBlock:
			wrong("dòng thụt vào thành khối mã", "Bỏ các dấu cách ở đầu dòng")
		case *ast.FencedCodeBlock, *ast.CodeSpan:
			wrong("có đoạn mã (dấu `)", "Dùng **chữ đậm**")
		case *ast.ThematicBreak:
			wrong("có đường kẻ ngang", "Xóa; dùng ## để chia phần")
		case *ast.LinkReferenceDefinition:
			wrong("địa chỉ liên kết để riêng một dòng", "Viết [chữ](https://địa-chỉ) ngay trong câu")
		case *ast.Link:
			if slug, ok := strings.CutPrefix(string(node.Destination), termScheme); ok && hasText(node, source) {
				if !termSlug.MatchString(slug) {
					wrong(fmt.Sprintf("“%s” không phải mã của một từ", slug), "Viết [từ](term:ma-cua-tu), mã lấy trong glossary.yaml")
					return ast.WalkContinue, nil
				}
				found.terms = append(found.terms, termUse{slug, path.Join(found.dir, file), placeAt(source, offsetOf(node))})
				node.Destination = []byte("/glossary#" + slug)
				node.SetAttributeString("class", []byte("term"))
				return ast.WalkContinue, nil
			}
			found.name(string(node.Destination), file, placeAt(source, offsetOf(node)))
			if !safeLink(string(node.Destination)) {
				wrong(fmt.Sprintf("liên kết “%s” không dùng được", node.Destination), "Dùng địa chỉ đầy đủ https://… hoặc tel:số")
			}
			if len(node.Title) > 0 {
				wrong("liên kết có lời chú trong ngoặc kép", "Xóa lời chú, hoặc viết nó vào câu")
			}
			if !hasText(node, source) {
				wrong("liên kết không có chữ", "Viết [chữ để bấm](https://…)")
			}
		case *ast.AutoLink:
			found.name(string(node.URL(source)), file, placeAt(source, offsetOf(node)))
			if !safeLink(string(node.URL(source))) || node.AutoLinkType != ast.AutoLinkURL {
				wrong(fmt.Sprintf("liên kết “%s” không dùng được", node.Label(source)), "Dùng địa chỉ đầy đủ https://… hoặc tel:số")
			}
		}
		return ast.WalkContinue, nil
	})
}

var telephone = regexp.MustCompile(`^tel:\+?[0-9]{3,15}$`)

// termScheme begins the address of a link that marks a word of the glossary.
const termScheme = "term:"

var termSlug = regexp.MustCompile(`^` + slugPattern + `$`)

// safeLink lets through telephone numbers and full https addresses.
func safeLink(address string) bool {
	if telephone.MatchString(address) {
		return true
	}
	link, err := url.Parse(address)
	return err == nil && link.Scheme == "https" && link.Host != "" && link.User == nil
}

// hasText tells whether there is anything to read in a node.
func hasText(node ast.Node, source []byte) bool {
	seen := false
	ast.Walk(node, func(below ast.Node, _ bool) (ast.WalkStatus, error) {
		switch below := below.(type) {
		case *ast.Text:
			seen = seen || len(bytes.TrimSpace(below.Value(source))) > 0
		case *ast.AutoLink:
			seen = true
		}
		return ast.WalkContinue, nil
	})
	return seen
}

// offsetOf is where a node begins, or the nearest node around it that knows.
func offsetOf(node ast.Node) int {
	for ; node != nil; node = node.Parent() {
		if offset := node.Pos(); offset >= 0 {
			return offset
		}
	}
	return 0
}
