package certificate

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// badge draws what was completed as a picture to show around: an SVG of a
// hexagon in the colour of the province's papers. Whose it is stands only in
// what is baked into it, so that a picture alone tells of nobody.
func (s *Sheet) badge() []byte {
	b := &badge{measure: newPaper("", s.IssuedAt)}
	accent := accents[s.Design.Accent]
	title := s.title()
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" role="img" aria-label="%s">`, escaped("Hoàn thành: "+title))
	fmt.Fprintf(b, `<path d="M60 8l45 26v52L60 112 15 86V34z" fill="%[1]s" stroke="%[1]s" stroke-width="12" stroke-linejoin="round"/>`, accent.hex())
	b.WriteString(`<path d="M60 9l44 25.5v51L60 111 16 85.500V34.500z" fill="none" stroke="#fff" stroke-width=".8" stroke-linejoin="round"/>`)
	b.WriteString(`<circle cx="60" cy="25" r="9.5" fill="#f5b83d"/><path d="M55.5 25l3.3 3.3 6.5-6.5" fill="none" stroke="#23343a" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>`)
	b.write(42, 5, "HOÀN THÀNH", style{size: 10})
	b.write(63, 34, title, style{bold: true, size: 18})
	b.write(86, 5, dayText(s.CompletedOn), style{size: 10})
	b.write(96, 9, s.Facts.Province, style{size: 10})
	b.WriteString("</svg>")
	return []byte(b.String())
}

// badge is a picture while it is drawn, in millimetres.
type badge struct {
	strings.Builder
	measure *paper // knows how wide texts are
}

// badgeText is how wide texts may be: readers without our type have a wider one.
const badgeText = 66.0

// write writes a text in the middle of the picture, its lines around y, as
// large as it fits into a height.
func (b *badge) write(y, room float64, text string, s style) {
	s.lines = int(room) // at the size where it fits there are fewer
	lines, size := b.measure.fit(text, badgeText, s)
	for float64(len(lines))*size*leading*millimetre > room && size > 1 {
		s.size = size - 0.5
		lines, size = b.measure.fit(text, badgeText, s)
	}
	height, weight := size*millimetre, 400
	if s.bold {
		weight = 600
	}
	fmt.Fprintf(b, `<g fill="#fff" font-family="'Be Vietnam Pro', sans-serif" font-size="%.2f" font-weight="%d" text-anchor="middle">`, height, weight)
	for i, line := range lines {
		middle := y + (float64(i)-float64(len(lines)-1)/2)*height*leading
		fmt.Fprintf(b, `<text x="60" y="%.2f">%s</text>`, middle+height*0.36, escaped(line)) // half of a capital below its middle
	}
	b.WriteString("</g>")
}

func (c rgb) hex() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// escaped is a text inside of XML.
func escaped(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}
