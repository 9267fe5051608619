package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Screens that every page must fit.
var (
	phone  = screen{"phone", 360, 740}
	narrow = screen{"narrow", 320, 640} // also a page of 640 zoomed to 200%, of 1280 to 400% (WCAG 1.4.10)
	laptop = screen{"laptop", 1280, 800}
)

type screen struct {
	name          string
	width, height int64
}

// patience is how long a page may take before a test gives up on it.
const patience = 20 * time.Second

// chromium is one browser process for all tests; each test has its own profile in it.
var chromium = sync.OnceValues(func() (context.Context, error) {
	allocator, _ := chromedp.NewExecAllocator(context.Background(),
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true))
	browser, _ := chromedp.NewContext(allocator)
	return browser, chromedp.Do(browser)
})

// page is one tab of a browser with cookies of its own.
type page struct {
	t   *testing.T
	ctx context.Context
	url string // of the site

	script bool // scripts may run on the pages
}

// browse opens a tab on a screen; without script it is a phone on which scripts are off.
func browse(t *testing.T, s *site, on screen, script bool) *page {
	t.Helper()
	browser, err := chromium()
	must(t, err)
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx, url: s.url, script: script}
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(on.width, on.height)))
	if !script {
		must(t, chromedp.Do(ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return chromedp.Void{}, err
		}))
	}
	return p
}

// open goes to an address of the site.
func (p *page) open(path string) {
	p.t.Helper()
	p.load("open "+path, chromedp.Navigate(p.url+path))
}

// click clicks what a CSS selector finds and waits for the page that follows.
func (p *page) click(css string) {
	p.t.Helper()
	p.load("click "+css, chromedp.Click(chromedp.CSS(css)))
}

func (p *page) load(what string, action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, action); err != nil {
		p.t.Fatalf("%s: %v\npage:\n%s", what, err, p.text())
	}
}

// text is what the page shows.
func (p *page) text() string {
	p.t.Helper()
	text, err := tryEval[string](p, "document.body ? document.body.innerText : ''")
	if err != nil && strings.Contains(err.Error(), "navigated") { // between two pages there is nothing to read
		return ""
	}
	must(p.t, err)
	return text
}

// path is where the tab is.
func (p *page) path() string { return eval[string](p, "location.pathname") }

// sees fails the test unless the page shows every text, within a moment.
func (p *page) sees(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.waits(5*time.Second, text, func() bool { return strings.Contains(p.text(), text) })
	}
}

// waits until something holds.
func (p *page) waits(within time.Duration, what string, holds func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(within); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("not within %v on %s: %s\npage:\n%s", within, p.path(), what, p.text())
		}
	}
}

func eval[T any](p *page, expression string) T {
	p.t.Helper()
	value, err := tryEval[T](p, expression)
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

func tryEval[T any](p *page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

//go:embed testdata/axe.min.js
var axe string

// violation is what axe finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// isAccessible lets axe-core look at the page for WCAG 2.2 AA and its own best
// practices. axe is itself a script: where scripts are off, the same page is
// looked at by the walk in which they are on.
func (p *page) isAccessible() {
	p.t.Helper()
	if !p.script {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if !eval[bool](p, "typeof axe === 'object'") { // half a megabyte, once a page
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](axe+"\n;true"))
		must(p.t, err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		"axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))", chromedp.EvalAwaitPromise))
	must(p.t, err)
	var violations []violation
	must(p.t, json.Unmarshal([]byte(found), &violations))
	for _, v := range violations {
		for _, node := range v.Nodes {
			p.t.Errorf("%s: axe %s: %s\n  %s\n  %s", p.path(), v.ID, v.Help, node.HTML, node.Summary)
		}
	}
}

// fits fails the test when the page can be scrolled sideways, or the drawn
// device cuts something off, and names what reaches furthest.
func (p *page) fits() {
	p.t.Helper()
	for _, frame := range []string{"html", ".screen"} {
		over := eval[string](p, `(frame => {
			if (!frame || frame.scrollWidth <= frame.clientWidth) return "";
			const seen = (e) => { while ((e = e.parentElement) !== frame) if (getComputedStyle(e).overflowX !== "visible") return e === document.body; return true };
			const furthest = [...frame.querySelectorAll("body *, :scope *")].filter(seen).map((e) => [e.getBoundingClientRect().right, e]).reduce((a, b) => (b[0] > a[0] ? b : a))[1];
			return frame.scrollWidth - frame.clientWidth + " px: " + furthest.outerHTML.slice(0, 200);
		})(document.querySelector("`+frame+`"))`)
		if over != "" {
			p.t.Errorf("%s is wider than %s by %s", p.path(), frame, over)
		}
	}
}

// shoot keeps a picture of the whole page where HOCSO_SHOTS names a folder.
func (p *page) shoot(name string) {
	p.t.Helper()
	dir := os.Getenv("HOCSO_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(p.t, err)
	must(p.t, os.MkdirAll(dir, 0o755))
	must(p.t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}

// press goes to an element by the keyboard's focus and presses Enter.
func (p *page) press(css string) {
	p.t.Helper()
	if focused := eval[bool](p, "(e => { e?.focus(); return e !== null && document.activeElement === e; })(document.querySelector("+quoted(css)+"))"); !focused {
		p.t.Fatalf("%s can't be reached by keyboard on %s\npage:\n%s", css, p.path(), p.text())
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	must(p.t, chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)))
}

func quoted(text string) string {
	out, _ := json.Marshal(text) // strings always encode
	return string(out)
}
