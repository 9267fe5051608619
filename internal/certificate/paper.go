package certificate

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/qr"
	"hocso/internal/platform/shortcode"
)

// The type is under the OFL, see fonts/OFL.txt; a file carries only the signs
// that it needs.
var (
	//go:embed fonts/BeVietnamPro-Regular.ttf
	regular []byte
	//go:embed fonts/BeVietnamPro-SemiBold.ttf
	bold []byte
)

// Sheet is one page: a record as it is printed.
type Sheet struct {
	*Record
	Design Design
	Logo   []byte // JPEG; nil for none
	Link   string // to the page that checks it: "https://hocso.example.vn/v/ABCD2345"
}

// A4 across, in millimetres.
const (
	pageWidth  = 297.0
	pageHeight = 210.0
	margin     = 22.0 // to what is written
	textWidth  = pageWidth - 2*margin
)

// rgb is a colour of the page.
type rgb struct{ r, g, b int }

var (
	ink     = rgb{28, 33, 40}
	soft    = rgb{88, 96, 105}
	accents = map[Accent]rgb{"blue": {22, 70, 138}, "green": {18, 98, 66}, "wine": {124, 28, 52}, "slate": {52, 64, 80}}
)

// paper draws pages.
type paper struct {
	*fpdf.Fpdf
	accent rgb
}

// newPaper begins a document. The same records make the same bytes.
func newPaper(title string, at time.Time) *paper {
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "L", UnitStr: "mm", SizeStr: "A4"})
	f.SetCatalogSort(true)
	f.SetCreationDate(at.UTC())
	f.SetModificationDate(at.UTC())
	f.SetProducer("Học Số", true)
	f.SetTitle(title, true)
	f.SetLang("vi")
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes("be", "", regular)
	f.AddUTF8FontFromBytes("be", "B", bold)
	return &paper{Fpdf: f}
}

// WritePDF writes a page for each sheet; done is told how many there are so far.
func WritePDF(w io.Writer, sheets []*Sheet, at time.Time, done func(pages int)) error {
	p := newPaper("Giấy ghi nhận hoàn thành", at)
	for i, sheet := range sheets {
		if err := p.sheet(sheet); err != nil {
			return err
		}
		done(i + 1)
	}
	return p.Output(w)
}

// PDF makes the file of one record, with a field for a digital signature.
func (s *Sheet) PDF() ([]byte, error) {
	p := newPaper("Giấy ghi nhận hoàn thành: "+s.Facts.Title, s.IssuedAt)
	if err := p.sheet(s); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := p.Output(&file); err != nil {
		return nil, err
	}
	return addSignatureField(file.Bytes(), signatureBox)
}

// sheet draws one page: who issues above, what was completed in the middle,
// how to check it and who signs below.
func (p *paper) sheet(s *Sheet) error {
	p.accent = accents[s.Design.Accent]
	p.AddPage()
	p.frame(s.Design.Frame)
	top := p.head(s)
	p.body(s, top, bottomTop)
	if err := p.check(s); err != nil {
		return err
	}
	p.sign(s)
	p.foot(s)
	return p.Error()
}

const (
	bottomTop = 146.0 // where the lower part begins
	footLine  = 196.0 // baseline of the last line
)

// signatureBox is where a digital signature is shown: left, top, width, height.
var signatureBox = [4]float64{197, 159, 66, 18}

// head writes who issues, and the name of the paper; it gives where it ends.
func (p *paper) head(s *Sheet) float64 {
	y := 21.0
	if len(s.Logo) > 0 {
		y = p.logo(s, y)
	}
	for _, line := range s.Design.Heading {
		y = p.centre(y, line, style{size: 10.5, least: 7, lines: 1, colour: soft})
	}
	y = p.centre(y, s.Design.Body, style{bold: true, size: 12, least: 8, lines: 2, colour: ink})
	p.colour(p.accent)
	p.SetLineWidth(0.5)
	p.Line(pageWidth/2-16, y+1.2, pageWidth/2+16, y+1.2)
	y = p.centre(y+6, "GIẤY GHI NHẬN HOÀN THÀNH", style{bold: true, size: 27, least: 20, lines: 1, colour: p.accent})
	return p.centre(y, "(nội bộ)", style{size: 12, least: 10, lines: 1, colour: soft})
}

// logo draws the picture above what is written, at most 16 mm high.
func (p *paper) logo(s *Sheet, y float64) float64 {
	name := s.Design.LogoID.String()
	info := p.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPEG"}, bytes.NewReader(s.Logo))
	if p.Err() {
		return y
	}
	height := min(16, 60*info.Height()/info.Width())
	width := height * info.Width() / info.Height()
	p.ImageOptions(name, (pageWidth-width)/2, y-3, width, height, false, fpdf.ImageOptions{ImageType: "JPEG"}, 0, "")
	return y + height
}

// body writes whose paper it is and what for, in the middle of what is left.
func (p *paper) body(s *Sheet, top, bottom float64) {
	f := &s.Facts
	what := "đã tự mình hoàn thành khóa học"
	if s.ProgramID != nil {
		what = "đã hoàn thành chương trình học"
	}
	parts := []block{
		{"Ghi nhận", style{size: 12, least: 12, lines: 1, colour: soft}, 0},
		{f.Name, style{bold: true, size: 30, least: 9, lines: 3, colour: ink}, 0.5},
		{f.Unit, style{size: 12.5, least: 9, lines: 2, colour: ink}, 0},
		{what, style{size: 12, least: 12, lines: 1, colour: soft}, 3.5},
		{f.Title, style{bold: true, size: 20, least: 9, lines: 3, colour: p.accent}, 1},
		{s.span(), style{size: 12, least: 9, lines: 2, colour: ink}, 2},
		{s.how(), style{size: 9.5, least: 6.5, lines: 4, colour: soft}, 1.5},
	}
	// Whatever is long makes the rest smaller, until all of it has its place.
	for scale := 1.0; ; scale -= 0.05 {
		height := 0.0
		for i := range parts {
			height += parts[i].gap + p.height(parts[i].text, parts[i].style.scaled(scale))
		}
		if height > bottom-top && scale > 0.4 {
			continue
		}
		y := top + max(0, (bottom-top-height)/2)
		for _, part := range parts {
			y = p.centre(y+part.gap, part.text, part.style.scaled(scale))
		}
		return
	}
}

// block is a text with the room above it.
type block struct {
	text  string
	style style
	gap   float64
}

// span says how long it took, when it was completed, and until when it holds.
func (s *Sheet) span() string {
	parts := []string{}
	if s.Facts.Minutes > 0 {
		parts = append(parts, "Thời lượng: "+tietText(s.Facts.Minutes))
	}
	if s.Facts.Year > 0 {
		parts = append(parts, fmt.Sprintf("Năm học: %d", s.Facts.Year))
	}
	parts = append(parts, "Hoàn thành ngày "+dayText(s.CompletedOn))
	if s.ValidUntil != nil {
		parts = append(parts, "Có giá trị đến hết ngày "+dayText(*s.ValidUntil))
	}
	return strings.Join(parts, "   ·   ")
}

// how says how it was earned. A course says it of itself.
func (s *Sheet) how() string {
	if s.ProgramID == nil {
		return "Tự học hết các bài, tự làm các bài thực hành và đạt bài kiểm tra, không có người làm thay."
	}
	var b strings.Builder
	if s.Facts.Decision != "" {
		b.WriteString("Căn cứ " + s.Facts.Decision + ". ")
	}
	b.WriteString("Gồm: ")
	for i, part := range s.Facts.Parts {
		if i == partsMost && len(s.Facts.Parts) > partsMost+1 {
			fmt.Fprintf(&b, "; và %d khóa khác", len(s.Facts.Parts)-partsMost)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s (%s", part.Title, dayText(part.On))
		if part.Issuer != "" {
			b.WriteString(", " + part.Issuer)
		}
		b.WriteString(")")
	}
	return b.String() + "."
}

// partsMost is how many courses a paper names; the page that checks it names all.
const partsMost = 10

// check draws how anybody can check the paper.
func (p *paper) check(s *Sheet) error {
	rows, err := qr.Modules(s.Link)
	if err != nil {
		return err
	}
	const left, size = margin + 2, 34.0
	module, top := size/float64(len(rows)), bottomTop+4
	p.SetFillColor(0, 0, 0)
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			run := x
			for run < len(row) && row[run] {
				run++
			}
			p.Rect(left+float64(x)*module, top+float64(y)*module, float64(run-x)*module, module, "F")
			x = run
		}
	}
	x, y := left+size+5, top+6.0
	y = p.left(x, y, 70, "Mã kiểm tra", style{size: 9.5, least: 9, lines: 1, colour: soft})
	y = p.left(x, y, 70, shortcode.Show(s.Code), style{bold: true, size: 17, least: 15, lines: 1, colour: ink})
	y = p.left(x, y+1, 70, "Quét mã, hoặc mở trang dưới đây rồi gõ mã, và so với tờ giấy này:", style{size: 8.5, least: 7, lines: 3, colour: soft})
	p.left(x, y, 70, shortAddress(s.Link), style{bold: true, size: 9, least: 5, lines: 2, colour: ink})
	return nil
}

// shortAddress is where a code is typed in: "hocso.example.vn/v".
func shortAddress(link string) string {
	parsed, err := url.Parse(link)
	if err != nil {
		return link
	}
	return parsed.Host + parsed.Path[:strings.LastIndex(parsed.Path, "/")]
}

// sign leaves the place for a signature, by hand or digital.
func (p *paper) sign(s *Sheet) {
	x, width := signatureBox[0]-12, signatureBox[2]+24
	y := bottomTop - 1.0
	place := s.Design.Place
	if place != "" {
		place += ", "
	}
	day := s.IssuedAt.In(clock.Zone)
	y = p.middle(x, y, width, fmt.Sprintf("%sngày %02d tháng %02d năm %d", place, day.Day(), day.Month(), day.Year()), style{size: 10, least: 7, lines: 1, colour: soft})
	p.middle(x, y, width, s.Design.Position, style{bold: true, size: 10.5, least: 7, lines: 1, colour: ink})
	p.colour(rgb{190, 196, 203})
	p.SetLineWidth(0.2)
	p.SetDashPattern([]float64{0.8, 0.8}, 0)
	p.Rect(signatureBox[0], signatureBox[1], signatureBox[2], signatureBox[3], "D")
	p.SetDashPattern(nil, 0)
	p.middle(x, signatureBox[1]+signatureBox[3]-4.6, width, "Chỗ ký", style{size: 7, least: 7, lines: 1, colour: rgb{120, 127, 135}})
	p.middle(x, signatureBox[1]+signatureBox[3]+1, width, s.Design.Signatory, style{bold: true, size: 11, least: 7, lines: 1, colour: ink})
}

// foot writes the province's sentence and what the paper is not.
func (p *paper) foot(s *Sheet) {
	p.centre(footLine-9, s.Design.Closing, style{size: 9, least: 6, lines: 1, colour: p.accent})
	p.centre(footLine-4.4, "Giấy này ghi nhận việc học trong nội bộ tỉnh, không phải là văn bằng và không thay cho giấy tờ do pháp luật quy định.", style{size: 7, least: 6, lines: 1, colour: soft})
}

// tietText writes minutes as lesson periods: "2,5 tiết (112 phút)".
func tietText(minutes int) string {
	f := Facts{Minutes: minutes}
	tiet := strings.TrimSuffix(strings.ReplaceAll(fmt.Sprintf("%.1f", f.Tiet()), ".", ","), ",0")
	return fmt.Sprintf("%s tiết (%d phút)", tiet, minutes)
}

func dayText(d time.Time) string { return d.Format("02/01/2006") }
