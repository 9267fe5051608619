package e2e

import (
	"context"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"hocso/internal/course"
)

// sheet finds the pages of a PDF as Chromium writes it.
var sheet = regexp.MustCompile(`/Type\s*/Page[^s]`)

// sheets prints the page on A4 and counts the sheets.
func (p *page) sheets() int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	printed, err := chromedp.Run(ctx, func(ctx context.Context, target *chromedp.Target) (cdppage.PrintToPDFResult, error) {
		return cdp.Call(ctx, target, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: new(true)})
	})
	must(p.t, err)
	return len(sheet.FindAll(printed.Data, -1))
}

// TestAHandoutIsOneSheet: what is stuck on a wall fits one side of A4, in every
// course that has it, whatever type its reader chose on the screen.
func TestAHandoutIsOneSheet(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	courses, err := course.NewStore(s.db).Courses(context.Background())
	must(t, err)
	p := browse(t, s, laptop, true)
	p.open("/")
	p.prefer("size", "l")
	printed := 0
	for _, c := range courses {
		if c.Track != course.Residents {
			continue
		}
		p.open("/courses/" + c.Slug + "/handout")
		if n := p.sheets(); n != 1 {
			t.Errorf("the handout of %s takes %d sheets", c.Slug, n)
		}
		printed++
	}
	if printed < 6 {
		t.Errorf("%d handouts, want one for each skill", printed)
	}
}
