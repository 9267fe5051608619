package authoring

import (
	"html"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"
	"pgregory.net/rapid"
)

// wordsOf are the words that a browser would show.
func wordsOf(page string) []string {
	var text strings.Builder
	tokens := nethtml.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case nethtml.ErrorToken:
			return strings.Fields(text.String())
		case nethtml.TextToken:
			text.WriteString(html.UnescapeString(string(tokens.Raw())))
		case nethtml.StartTagToken, nethtml.EndTagToken:
			if name, _ := tokens.TagName(); !slices.Contains([]string{"strong", "em", "a"}, string(name)) {
				text.WriteString(" ")
			}
		}
	}
}

// TestTextSurvives: whatever is written in a lesson is read in the page, word
// for word, and nothing else is.
func TestTextSurvives(t *testing.T) {
	word := rapid.SampledFrom(strings.Fields("rau đất nước Nghĩa trẻ ướt 156 5.000đ “quê” (hai) a&b x<3 2>1 10% _ok một, hai. đúng! gì? VNeID 1/7/2025 c:\\d ~ | $ @bác — … :)"))
	words := rapid.SliceOfN(word, 1, 12)
	shape := rapid.SampledFrom([]string{"", "", "## ", "### ", "- ", "1. ", "> ", "> - ", "**", "*", "link", "break"})
	rapid.Check(t, func(t *rapid.T) {
		source := "## Đầu\n\n"
		want := []string{"Đầu"}
		for range rapid.IntRange(1, 8).Draw(t, "blocks") {
			said := append([]string{"Câu"}, words.Draw(t, "words")...)
			said = append(said, "xong")
			want = append(want, said...)
			line := strings.Join(said, " ")
			switch mark := shape.Draw(t, "shape"); mark {
			case "**", "*":
				line = mark + line + mark
			case "link":
				line = "[" + line + "](https://example.gov.vn/a?b=c&d=e)"
			case "break":
				line = strings.Join(said[:1], " ") + "  \n" + strings.Join(said[1:], " ")
			default:
				line = mark + line
			}
			source += line + "\n\n"
		}
		found := &finder{}
		page, count := render("a.md", []byte(source), 0, found)
		if len(found.problems) > 0 {
			t.Fatalf("%s\n%v", source, found.problems)
		}
		if got := wordsOf(page); !slices.Equal(got, want) {
			t.Fatalf("%s\n%s\n got %q\nwant %q", source, page, got, want)
		}
		if count != len(want) {
			t.Fatalf("%s\ncounted %d words, want %d", page, count, len(want))
		}
	})
}

func TestRender(t *testing.T) {
	for source, want := range map[string]string{
		"## Một\n\nhai **ba** *bốn*":                "<h2>Một</h2>\n<p>hai <strong>ba</strong> <em>bốn</em></p>\n",
		"- a\n- b\n\n> c":                           "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<blockquote>\n<p>c</p>\n</blockquote>\n",
		"3. a\n4. b":                                "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n",
		"[xem](https://example.gov.vn/a?b=c&d=%20)": "<p><a href=\"https://example.gov.vn/a?b=c&amp;d=%20\" rel=\"noreferrer\">xem</a></p>\n",
		"gọi <tel:156>":                             "<p>gọi <a href=\"tel:156\" rel=\"noreferrer\">tel:156</a></p>\n",
	} {
		if got, _ := render("a.md", []byte(source), 0, &finder{}); got != want {
			t.Errorf("%s\n got %s\nwant %s", source, got, want)
		}
	}
}

// TestRenderIsSafe: even what is a problem never comes out as it went in.
func TestRenderIsSafe(t *testing.T) {
	for _, source := range []string{
		"<script>x()</script>", "a <img src=x onerror=x()>", "[x](javascript:x())", "[x](JaVaScRiPt:x())", "[x](data:text/html,x)",
		"![x](https://evil.example/x.png)", "<svg/onload=x()>", "[x](<https://a\" onclick=\"x()>)", "<javascript:x()>", "<a@b.example>",
	} {
		got, _ := render("a.md", []byte(source), 0, &finder{})
		if bad := harm(got); bad != "" {
			t.Errorf("%s became %s, with %s", source, got, bad)
		}
	}
}

// harm finds a tag or attribute that a lesson may not have, as a browser reads it.
func harm(page string) string {
	plain := strings.Fields("h2 h3 p ul ol li strong em blockquote br a")
	tokens := nethtml.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case nethtml.ErrorToken:
			return ""
		case nethtml.CommentToken, nethtml.DoctypeToken:
			return string(tokens.Raw())
		case nethtml.StartTagToken, nethtml.EndTagToken, nethtml.SelfClosingTagToken:
			token := tokens.Token()
			if !slices.Contains(plain, token.Data) {
				return token.String()
			}
			for _, attr := range token.Attr {
				switch {
				case attr.Key == "rel" && attr.Val == "noreferrer", attr.Key == "start" && token.Data == "ol":
				case attr.Key == "href" && token.Data == "a" && safeLink(attr.Val):
				default:
					return token.String()
				}
			}
		}
	}
}
