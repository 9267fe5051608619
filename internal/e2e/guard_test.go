package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"hocso/internal/identity"
	"hocso/internal/platform/qr"
	"hocso/views/static"
)

// spied keeps what a page sends, and lets a long wait pass at once.
const spied = `window.sent = [];
	const real = window.fetch, wait = window.setTimeout;
	window.fetch = (address, how) => { sent.push(String(how?.body)); return real(address, how) };
	window.setTimeout = (then, after, ...rest) => wait(then, window.hurry && after > 20000 ? 0 : after, ...rest);`

// TestRealNumbersStayOnTheDevice types what looks like a card, an account, a
// telephone and a citizen's number: each is refused at once, is nowhere on the
// device and is never sent.
func TestRealNumbersStayOnTheDevice(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	p.before(spied)
	p.signIn(identity.Resident)
	run := s.beginRun(t, s.signedIn(t, p), "quet-ma-qr", "dung-ma")
	p.open("/practice/runs/" + run.String())
	p.play("touch", []string{"lay-may", "ngan-hang", "quet", "thay-ma", "tiep"})
	for _, typed := range []string{"4111 1111 1111 1111", "4111/1111/1111/1111", "0101234567890", "0912.345.678", "048199012345"} {
		p.play("touch", []string{"tien=" + typed, "tiep"})
		p.sees("giống số thật")
		if left := eval[string](p, `document.querySelector('.screen input').value + JSON.stringify(localStorage) + JSON.stringify(sent)`); strings.Contains(left, typed[:4]) {
			t.Errorf("%s is kept: %s", typed, left)
		}
	}
	p.play("touch", []string{"tien=30.000", "tiep", "pin=2468", "tra"})
	p.waits(10*time.Second, "the outcome", func() bool { return s.outcome(t, run) != "" })
	var kept string
	must(t, s.db.NewRaw("SELECT steps::text FROM practice_runs WHERE id = ?", run).Scan(context.Background(), &kept))
	if strings.Contains(kept, "30.000") || strings.Contains(kept, "2468") || strings.Contains(kept, "4111") {
		t.Errorf("what was typed is in the log: %s", kept)
	}
}

// TestAHintComesByItself: after two mistakes on a screen, and after a while
// without a step.
func TestAHintComesByItself(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	p.before(spied)
	p.signIn(identity.Resident)
	person := s.signedIn(t, p)
	hinted := func() bool { return strings.Contains(p.text(), "Gợi ý:") }

	p.open("/practice/runs/" + s.beginRun(t, person, "quet-ma-qr", "dung-ma").String())
	p.play("touch", []string{"lay-may", "may-anh"})
	if hinted() {
		t.Error("one mistake brings a hint")
	}
	p.play("touch", []string{"may-anh"})
	p.waits(time.Second, "the hint after two mistakes", hinted)

	p.open("/practice/runs/" + s.beginRun(t, person, "quet-ma-qr", "dung-ma").String())
	if hinted() {
		t.Error("a hint at once")
	}
	eval[bool](p, "window.hurry = true")
	p.play("touch", []string{"lay-may"})
	p.waits(time.Second, "the hint after hesitation", hinted)
}

// TestTheDrawnCodeIsNone reads the code of the drawn phone with a reader that
// does read a real one: there must be nothing in it that could be paid.
func TestTheDrawnCodeIsNone(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	must(t, chromedp.Do(p.ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true}) // the picture goes through a canvas
		return chromedp.Void{}, err
	}))
	p.signIn(identity.Resident)
	run := s.beginRun(t, s.signedIn(t, p), "quet-ma-qr", "dung-ma")
	p.open("/practice/runs/" + run.String())
	p.play("touch", []string{"lay-may", "ngan-hang", "quet"})
	real, err := qr.SVG("00020101021138540010A00000072701")
	must(t, err)
	eval[bool](p, fmt.Sprintf(`(document.body.insertAdjacentHTML("beforeend", %q), document.body.lastElementChild.id = "real") !== ""`, real))
	read := func(css string) string {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`(async () => {
			const { BarcodeDetector } = await import(%q);
			const drawn = document.querySelector(%q).cloneNode(true), picture = new Image(), canvas = document.createElement("canvas");
			drawn.setAttribute("width", 500); drawn.setAttribute("height", 500);
			picture.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(drawn));
			await picture.decode();
			canvas.width = canvas.height = 600;
			const pen = canvas.getContext("2d");
			pen.fillStyle = "#fff"; pen.fillRect(0, 0, 600, 600); pen.drawImage(picture, 50, 50, 500, 500);
			return (await new BarcodeDetector({ formats: ["qr_code"] }).detect(canvas)).map((code) => code.rawValue).join();
		})()`, static.Path("barcode.js"), css), chromedp.EvalAwaitPromise))
		must(t, err)
		return found
	}
	if got := read("#real"); !strings.HasPrefix(got, "000201") {
		t.Fatalf("the reader reads %q in a real code", got)
	}
	if got := read(".mock-code"); got != "" {
		t.Errorf("the drawn code says %q", got)
	}
}
