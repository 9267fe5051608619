package practice

import "hocso/internal/practice"

// chrome is what an app shows around its content, so that a screen looks like
// one of a telephone: drawn only, and hidden from screen readers.
type chrome struct {
	face   bool     // the contact's portrait before the title
	tools  []string // glyphs after the title
	tabs   []string // glyphs of the bar at the bottom
	writes bool     // the line where an answer would be written
}

var chromes = map[practice.Look]chrome{
	"bank":  {tools: []string{"bell"}, tabs: []string{"home", "money", "qr", "person"}},
	"state": {tools: []string{"bell"}, tabs: []string{"home", "file", "search", "person"}},
	"shop":  {tools: []string{"search"}, tabs: []string{"home", "shop", "box", "person"}},
	"store": {tools: []string{"search"}, tabs: []string{"store", "star", "search"}},
	"mail":  {tools: []string{"search"}, tabs: []string{"mail", "star", "person"}},
	"sms":   {face: true, tools: []string{"phone"}, writes: true},
	"chat":  {face: true, tools: []string{"phone", "video"}, writes: true},
	"web":   {tabs: []string{"back", "forward", "plus", "menu"}},
}

// endGlyph stands above the last screen of a run.
func endGlyph(outcome practice.Outcome) string {
	if outcome == practice.Done {
		return "check"
	}
	return "warning"
}
