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
	p.waits(20*time.Second, "the card's page", func() bool { return p.path() == "/card/"+token })
	p.sees("Chào Hồ Thị Mai")
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
