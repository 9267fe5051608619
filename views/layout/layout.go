// Package layout is the frame around every page: head, header, the
// accessibility strip, notices and footer.
package layout

import (
	"context"
	"strconv"

	"hocso/internal/identity"
	"hocso/internal/platform/i18n"
)

// Chrome is what the frame shows beside the page itself; internal/web fills it
// for every request.
type Chrome struct {
	Lang      string // "vi" or "en"
	Theme     string // "light" or "contrast"
	Size      string // "s", "m" or "l"
	Saver     bool   // data saver: the phone's own letters, pictures only when asked for
	Tongue    string // what lessons are read in, "vi" unless the reader chose another
	Path      string // where the strip leads back to
	Viewer    *identity.Viewer
	Demo      bool
	Nav       []Link
	Notice    string // a catalogue key, or ""
	RequestID string
}

// Link is one entry of the navigation.
type Link struct {
	Href    string
	TextKey string
	Current bool
}

// Meta is what a page tells the frame.
type Meta struct {
	Title  string
	Live   bool   // parts of the page load themselves again
	Script string // file of a module that the page is better with, "" for none
	Wide   bool   // tables and charts: more than a reading column
}

// own tells whether the reader is registered and alone: nobody acts beside them.
func (c Chrome) own() bool { return c.Viewer != nil && !c.Viewer.Guest && c.Viewer.Assist == nil }

// count writes how many notices are new; the viewer's count ends at 100.
func count(unread int) string {
	if unread > 99 {
		return "99+"
	}
	return strconv.Itoa(unread)
}

type chromeKey struct{}

// With puts the chrome and its language into a context.
func With(ctx context.Context, chrome Chrome) context.Context {
	return context.WithValue(i18n.With(ctx, chrome.Lang), chromeKey{}, chrome)
}

// From is the chrome of a context; the plainest one when there is none, as for
// an error before the request was understood.
func From(ctx context.Context) Chrome {
	if chrome, ok := ctx.Value(chromeKey{}).(Chrome); ok {
		return chrome
	}
	return Chrome{Lang: i18n.Default, Theme: "light", Size: "m", Path: "/"}
}
