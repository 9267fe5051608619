package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// video writes a film of a QR code as a camera would see it: raw frames that
// Chromium plays as its camera (YUV4MPEG2).
func video(t *testing.T, text string) string {
	t.Helper()
	const width, height, module = 640, 480, 8
	code, err := qr.Encode(text, qr.M, qr.Auto)
	must(t, err)
	size := code.Bounds().Dx() * module
	left, top := (width-size)/2, (height-size)/2
	luma := bytes.Repeat([]byte{235}, width*height)
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x/module, y/module).RGBA(); r == 0 {
				luma[(top+y)*width+left+x] = 16
			}
		}
	}
	var film bytes.Buffer
	fmt.Fprintf(&film, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420\n", width, height)
	for range 5 {
		film.WriteString("FRAME\n")
		film.Write(luma)
		film.Write(bytes.Repeat([]byte{128}, width*height/2))
	}
	file := filepath.Join(t.TempDir(), "camera.y4m")
	must(t, os.WriteFile(file, film.Bytes(), 0o644))
	return file
}

// nameOnly is what some browsers have: a decoder that says it can and can't.
const nameOnly = `window.BarcodeDetector = class {
	static async getSupportedFormats() { return ["qr_code"] }
	async detect() { throw new DOMException("no service", "NotSupportedError") }
}`

// before runs a script ahead of each page's own.
func (p *page) before(script string) {
	p.t.Helper()
	must(p.t, chromedp.Do(p.ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return chromedp.Void{}, err
	}))
}

// arrives waits for an address to which the page goes by itself.
func (p *page) arrives(path string) {
	p.t.Helper()
	p.waits(20*time.Second, path, func() bool {
		// The page may leave while it is asked: that is no failure.
		at, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("location.pathname"))
		return err == nil && at == path
	})
}

// browseWithCamera opens a tab of a browser of its own, whose camera plays a
// film; "" stands for a phone without a camera.
func browseWithCamera(t *testing.T, s *site, film string) *page {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.DisableGPU, chromedp.NoSandbox,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true),
	}
	if film != "" {
		options = append(options, chromedp.Flag("use-fake-ui-for-media-stream", true),
			chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-file-for-fake-video-capture", film))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(phone.width, phone.height)))
	return &page{t: t, ctx: ctx, url: s.url, script: true}
}

func TestACardIsReadWithTheCamera(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	token := s.card(t)
	p := browseWithCamera(t, s, video(t, s.url+"/card/"+token))
	p.open("/sign-in/scan")
	p.arrives("/card/" + token)
	p.sees("Chào Hồ Thị Mai")
}

func TestACardIsReadWhereTheBrowsersDecoderIsMissing(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	token := s.card(t)
	for _, script := range []string{nameOnly, `window.BarcodeDetector = class { static async getSupportedFormats() { throw new DOMException("no service") } }`} {
		p := browseWithCamera(t, s, video(t, s.url+"/card/"+token))
		p.before(script)
		p.open("/sign-in/scan")
		p.arrives("/card/" + token)
	}
}

func TestTheCameraRests(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browseWithCamera(t, s, video(t, "https://example.com"))
	p.before(`{ const slow = setTimeout, now = Date.now, began = now();
		window.setTimeout = (f, ms) => slow(f, ms === 120_000 ? 300 : ms); Date.now = () => began + (now() - began) * 400 }`)
	p.open("/sign-in/scan")
	p.sees("Máy ảnh đã tắt")
	if eval[bool](p, `document.querySelector("video").srcObject?.active ?? false`) {
		t.Error("the camera is still on")
	}
}

func TestTheCameraRestsWhereNoDecoderComes(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browseWithCamera(t, s, video(t, "https://example.com"))
	p.before(`delete window.BarcodeDetector; window.Uint8Array = undefined`) // the decoder's module fails as it starts
	p.open("/sign-in/scan")
	p.sees("Mạng yếu", "Thử lại")
	if eval[bool](p, `document.querySelector("video").srcObject?.active ?? false`) {
		t.Error("the camera is still on")
	}
}

func TestACodeOfAnotherSiteIsNotFollowed(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browseWithCamera(t, s, video(t, "https://example.com/card/"+strings.Repeat("x", 40)))
	p.open("/sign-in/scan")
	p.waits(20*time.Second, "the refusal", func() bool { return strings.Contains(p.text(), "không phải thẻ Học Số") })
	if p.path() != "/sign-in/scan" {
		t.Errorf("led to %s", p.path())
	}
	p.isAccessible()
}

func TestAPhoneWithoutACamera(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browseWithCamera(t, s, "")
	p.open("/sign-in/scan")
	p.sees("Cách khác")
	p.waits(5*time.Second, "the reason", func() bool {
		return strings.Contains(p.text(), "không dùng được máy ảnh") || strings.Contains(p.text(), "chưa được cho phép")
	})
	p.isAccessible()
}
