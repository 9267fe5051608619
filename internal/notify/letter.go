package notify

import (
	"bytes"
	_ "embed"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"hocso/internal/platform/carrier"
)

// mostShort is how long the words of a short message may be, in characters; an
// address follows them. Vietnamese letters make an SMS of 70 characters each:
// this is three of them.
const mostShort = 150

//go:embed letter.txt
var letterText string

//go:embed letter.html
var letterHTML string

var (
	plain = template.Must(template.New("letter").Funcs(template.FuncMap{"cut": cut}).Parse(letterText))
	rich  = htmltemplate.Must(htmltemplate.New("letter").Funcs(htmltemplate.FuncMap{"paragraphs": paragraphs}).Parse(letterHTML))
)

// letter is what a message says, for its templates.
type letter struct {
	Name    string // of whom it is to; "" where nobody is addressed
	URL     string
	Subject string
	Notices []line
}

// line is one notice of a letter.
type line struct {
	Words
	Link string // path on the site; "" for none
}

// compose puts notices into a message; there is at least one.
func compose(to *contact, url string, notices []*Said) carrier.Message {
	l := letter{Name: to.FullName, URL: url}
	for _, said := range notices {
		l.Notices = append(l.Notices, line{said.Words, said.Link})
	}
	l.Subject = oneLine(write("subject", l))
	return carrier.Message{Subject: l.Subject, Text: write("text", l), HTML: writeHTML(l), Short: oneLine(write("short", l)), Settings: url + "/me/notices/settings"}
}

// composeConfirm writes the letter that asks to confirm an address. It names
// nobody: it may have come to the wrong person.
func composeConfirm(words Words, url, token string) carrier.Message {
	words = words.Fill(map[string]string{"link": url + confirmPath + token})
	l := letter{URL: url, Subject: words.Subject, Notices: []line{{Words: words}}}
	return carrier.Message{Subject: words.Subject, Text: words.Text + "\n", HTML: writeHTML(l), Short: words.Short}
}

// confirmPath is where a confirming link leads; its token follows.
const confirmPath = "/me/notices/email/"

func write(name string, l letter) string {
	var out bytes.Buffer
	if err := plain.ExecuteTemplate(&out, name, l); err != nil {
		panic(err) // the templates are part of the program; a test fills them
	}
	return out.String()
}

func writeHTML(l letter) string {
	var out bytes.Buffer
	if err := rich.Execute(&out, l); err != nil {
		panic(err) // as above
	}
	return out.String()
}

// paragraphs are the paragraphs of a text, with their lines.
func paragraphs(text string) [][]string {
	var all [][]string
	for _, paragraph := range strings.Split(text, "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" {
			all = append(all, strings.Split(paragraph, "\n"))
		}
	}
	return all
}

// cut shortens a text to mostShort.
func cut(text string) string {
	letters := []rune(text)
	if len(letters) <= mostShort {
		return text
	}
	return strings.TrimSpace(string(letters[:mostShort-1])) + "…"
}
