package certificate

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/shortcode"
	"hocso/internal/platform/testkit"
)

// example is a record of a programme, with every kind of fact.
func example() *Sheet {
	program, cycle, until := uuid.New(), 1, time.Date(2027, 11, 26, 0, 0, 0, 0, time.UTC)
	design := FirstDesign("Thành phố Đà Nẵng")
	design.Signatory, design.Position = "Nguyễn Văn Hồng", "Giám đốc Sở Khoa học và Công nghệ"
	on := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	return &Sheet{
		Record: &Record{
			Code: "AB3DE7GH", ProgramID: &program, Cycle: &cycle, ValidUntil: &until,
			CompletedOn: on.AddDate(0, 0, 7), IssuedAt: time.Date(2026, 11, 27, 23, 30, 0, 0, time.UTC),
			Facts: Facts{
				Name: "Nguyễn Thị Ánh Nguyệt", Unit: "Thôn 2, Xã Nam Trà My", Title: "An toàn thông tin cho cán bộ, công chức", Minutes: 112,
				Decision: "12/QĐ-UBND ngày 01/02/2026",
				Parts:    []Part{{Title: "An toàn thông tin cá nhân", On: on}, {Title: "Thư điện tử công vụ", On: on, Issuer: "One Touch"}},
			},
		},
		Design: design, Link: "https://hocso.example.vn/v/AB3DE7GH",
	}
}

// capitals are all of Vietnamese, the stacked marks included.
const capitals = "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ"

func TestAPaperSaysExactlyWhatTheRecordSays(t *testing.T) {
	t.Parallel()
	s := example()
	text := textOf(t, pdf(t, s))
	for _, want := range []string{
		"GIẤY GHI NHẬN HOÀN THÀNH", "(nội bộ)", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG", s.Facts.Name, s.Facts.Unit, s.Facts.Title,
		"2,5 tiết (112 phút)", "Hoàn thành ngày 27/11/2026", "Có giá trị đến hết ngày 26/11/2027", "Căn cứ 12/QĐ-UBND ngày 01/02/2026",
		"An toàn thông tin cá nhân (20/11/2026); Thư điện tử công vụ (20/11/2026, One Touch)", "AB3D-E7GH", "hocso.example.vn/v",
		"Đà Nẵng, ngày 28 tháng 11 năm 2026", // where it is issued the day has begun
		"Giám đốc Sở Khoa học và Công nghệ", "Nguyễn Văn Hồng", "không phải là văn bằng",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q; it says:\n%s", want, text)
		}
	}
	for _, claim := range []string{"chứng chỉ", "chứng nhận", "công nhận", "phổ cập"} {
		if strings.Contains(strings.ToLower(text), claim) {
			t.Errorf("the paper claims %q", claim)
		}
	}
}

func TestLongAndStackedNamesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	signs := []rune(capitals)
	name := strings.Repeat(capitals+" ", 4)
	name = string([]rune(name)[:299]) + "X"
	for what, change := range map[string]func(*Sheet){
		"every capital":                   func(s *Sheet) { s.Facts.Name = string(signs[:44]) + " " + string(signs[44:]) },
		"a name of 300 signs":             func(s *Sheet) { s.Facts.Name = name },
		"300 signs without a space":       func(s *Sheet) { s.Facts.Name = strings.Repeat("Ẫ", 300) },
		"a name written with loose marks": func(s *Sheet) { s.Facts.Name = "Nguyê\u0303n Thi\u0323 A\u0301nh" },
		"everything long": func(s *Sheet) {
			s.Facts.Name, s.Facts.Title, s.Facts.Unit = name, strings.Repeat("Kỹ năng số ", 18), strings.Repeat("Sở Khoa học ", 10)
			s.Design.Heading = []string{strings.Repeat("Tỉnh ủy ", 20), strings.Repeat("Ban chỉ đạo ", 12)}
			s.Design.Body, s.Design.Closing = strings.Repeat("SỞ KHOA HỌC ", 16), strings.Repeat("Cảm ơn bạn. ", 16)
			for range 40 {
				s.Facts.Parts = append(s.Facts.Parts, Part{Title: "Dịch vụ công trực tuyến và những việc cần biết", On: s.CompletedOn})
			}
		},
	} {
		s := example()
		change(s)
		file := pdf(t, s)
		bare := func(text string) string { return strings.Join(strings.Fields(text), "") }
		want := bare(s.Facts.Name)
		if what == "a name written with loose marks" {
			want = "NguyễnThịÁnh"
		}
		if text := bare(textOf(t, file)); !strings.Contains(text, want) {
			t.Errorf("%s: the name is not on the paper:\n%s", what, text)
		}
		if over := overlaps(t, file); over != "" {
			t.Errorf("%s: %s", what, over)
		}
		if len(file) > 60<<10 {
			t.Errorf("%s: %d bytes", what, len(file))
		}
	}
}

func TestThePaperIsReadByOthers(t *testing.T) {
	t.Parallel()
	s := example()
	file := pdf(t, s)
	if len(file) > 60<<10 {
		t.Errorf("%d bytes, at most 60 KB", len(file))
	}
	if again := pdf(t, s); !bytes.Equal(file, again) {
		t.Error("the same record made other bytes")
	}
	path := kept(t, file)
	if said := testkit.Run(t, "pdffonts", path); strings.Count(said, "yes no  yes") != 2 {
		t.Errorf("fonts are not embedded with a map to Unicode:\n%s", said)
	}
	picture := filepath.Join(t.TempDir(), "page")
	testkit.Run(t, "pdftoppm", "-r", "100", "-png", "-singlefile", path, picture)
	if link := strings.TrimSpace(testkit.Run(t, "zbarimg", "-q", "--raw", picture+".png")); link != s.Link {
		t.Errorf("the QR says %q", link)
	}
}

// TestThePaperCanBeSigned: another program puts a digital signature into the
// field that we leave, and finds the file whole.
func TestThePaperCanBeSigned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, signed := kept(t, pdf(t, example())), filepath.Join(dir, "signed.pdf")
	empty, _ := exec.Command("pdfsig", path).CombinedOutput() // it exits with 2 where nothing is signed yet
	if !bytes.Contains(empty, []byte("ChuKySo")) || !bytes.Contains(empty, []byte("is not signed")) {
		t.Errorf("the field for a signature: %s", empty)
	}
	noise, keys := filepath.Join(dir, "noise"), "sql:"+dir
	if err := os.WriteFile(noise, bytes.Repeat([]byte("noise"), 20), 0o600); err != nil {
		t.Fatal(err)
	}
	testkit.Run(t, "certutil", "-N", "-d", keys, "--empty-password")
	testkit.Run(t, "certutil", "-S", "-d", keys, "-n", "ky", "-s", "CN=Nguoi Ky", "-x", "-t", "CT,C,C", "-z", noise)
	_, _ = exec.Command("pdfsig", "-nssdir", keys, "-nick", "ky", "-nss-pwd", "", "-sign", "ChuKySo", path, signed).CombinedOutput() // NSS complains on its way out
	said := testkit.Run(t, "pdfsig", "-nssdir", keys, signed)
	for _, want := range []string{"Signature Field Name: ChuKySo", "Signature is Valid", "Total document signed"} {
		if !strings.Contains(said, want) {
			t.Errorf("after signing: no %q in:\n%s", want, said)
		}
	}
}

func TestAClassIsOneFile(t *testing.T) {
	t.Parallel()
	var sheets []*Sheet
	for range 30 {
		s := example()
		s.Code = shortcode.New()
		sheets = append(sheets, s)
	}
	var file bytes.Buffer
	told := 0
	if err := WritePDF(&file, sheets, sheets[0].IssuedAt, func(pages int) { told = pages }); err != nil {
		t.Fatal(err)
	}
	text := textOf(t, file.Bytes())
	for i, s := range sheets {
		if !strings.Contains(text, shortcode.Show(s.Code)) {
			t.Errorf("page %d is missing", i+1)
		}
	}
	if told != 30 || file.Len() > 30*20<<10 {
		t.Errorf("told of %d pages, %d bytes", told, file.Len())
	}
}

func BenchmarkPDF(b *testing.B) {
	s := example()
	for b.Loop() {
		if _, err := s.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}

func pdf(t *testing.T, s *Sheet) []byte {
	t.Helper()
	file, err := s.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func textOf(t *testing.T, file []byte) string {
	t.Helper()
	return testkit.Run(t, "pdftotext", "-layout", kept(t, file), "-")
}

// overlaps tells of two lines of the page that lie on each other, or of one
// that runs over its edge.
func overlaps(t *testing.T, file []byte) string {
	t.Helper()
	type box struct{ left, top, right, bottom float64 }
	var lines []box
	for _, line := range strings.Split(testkit.Run(t, "pdftotext", "-bbox-layout", kept(t, file), "-"), "\n") {
		var b box
		if !strings.Contains(line, "<line ") {
			continue
		}
		values := strings.Split(line, `"`)
		for i, into := range []*float64{&b.left, &b.top, &b.right, &b.bottom} {
			*into = number(t, values[1+2*i])
		}
		if b.left < 30 || b.right > 842-30 || b.top < 30 || b.bottom > 595-26 {
			return "a line runs over the frame"
		}
		for _, other := range lines {
			deep := min(b.bottom, other.bottom) - max(b.top, other.top)
			wide := min(b.right, other.right) - max(b.left, other.left)
			if wide > 1 && deep > 0.45*min(b.bottom-b.top, other.bottom-other.top) {
				return "two lines lie on each other"
			}
		}
		lines = append(lines, b)
	}
	if len(lines) < 10 {
		return "the page has hardly a line"
	}
	return ""
}

func kept(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "giay.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
