package certificate

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// style is how a text is written: as large as it fits between size and least,
// in points, on at most so many lines; what fits not even then is broken
// smaller still, never cut.
type style struct {
	bold        bool
	size, least float64
	lines       int
	colour      rgb
}

// scaled is the style for a page on which there is less room.
func (s style) scaled(by float64) style {
	s.size *= by
	s.least = min(s.least, s.size)
	return s
}

const (
	// leading is the height of a line, in its size: room for two marks above a capital.
	leading = 1.34
	// smallest is a size below which nothing is written, in points.
	smallest   = 4.0
	millimetre = 25.4 / 72 // in points
)

// colour sets what is drawn and written.
func (p *paper) colour(c rgb) {
	p.SetTextColor(c.r, c.g, c.b)
	p.SetDrawColor(c.r, c.g, c.b)
	p.SetFillColor(c.r, c.g, c.b)
}

// centre writes a text across the page below y and gives where it ends.
func (p *paper) centre(y float64, text string, s style) float64 {
	return p.middle(margin, y, textWidth, text, s)
}

// middle writes a text in the middle of a width.
func (p *paper) middle(x, y, width float64, text string, s style) float64 {
	return p.write(x, y, width, text, s, 0.5)
}

// left writes a text from x on.
func (p *paper) left(x, y, width float64, text string, s style) float64 {
	return p.write(x, y, width, text, s, 0)
}

func (p *paper) write(x, y, width float64, text string, s style, align float64) float64 {
	lines, size := p.fit(text, width, s)
	p.colour(s.colour)
	for _, line := range lines {
		// A baseline lies about three quarters down its line.
		p.Text(x+(width-p.GetStringWidth(line))*align, y+size*millimetre*1.02, line)
		y += size * leading * millimetre
	}
	return y
}

// height is how much room a text takes across the page.
func (p *paper) height(text string, s style) float64 {
	lines, size := p.fit(text, textWidth, s)
	return float64(len(lines)) * size * leading * millimetre
}

// fit breaks a text into lines, in the largest size in which they are few
// enough, and leaves that size set.
func (p *paper) fit(text string, width float64, s style) ([]string, float64) {
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	if text == "" {
		return nil, s.size
	}
	weight := ""
	if s.bold {
		weight = "B"
	}
	for size := s.size; ; size -= 0.5 {
		p.SetFont("be", weight, size)
		lines := p.wrap(text, width)
		if len(lines) <= s.lines || size <= smallest {
			return lines, size
		}
	}
}

// wrap breaks a text between words, and a word that is wider than a line
// within it.
func (p *paper) wrap(text string, width float64) (lines []string) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if p.GetStringWidth(longer) <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; p.GetStringWidth(line) > width; {
			signs := []rune(line)
			n := len(signs) - 1
			for n > 1 && p.GetStringWidth(string(signs[:n])) > width {
				n--
			}
			lines, line = append(lines, string(signs[:n])), string(signs[n:])
		}
	}
	return append(lines, line)
}
