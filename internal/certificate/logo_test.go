package certificate

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"hocso/internal/platform/fault"
)

func picture(width, height int, noise bool) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if noise {
				p.Set(x, y, color.NRGBA{uint8(random.IntN(256)), uint8(random.IntN(256)), uint8(random.IntN(256)), 255})
			} else if x < width/2 {
				p.Set(x, y, color.NRGBA{200, 0, 0, 255}) // the rest is transparent
			}
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, p) // into memory it can't fail
	return b.Bytes()
}

func TestALogoIsMadeAnew(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string][]byte{"plain": picture(400, 200, false), "noise": picture(700, 700, true), "small": picture(20, 16, false), "wide": picture(1200, 120, false)} {
		logo, err := NewLogo(sent)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		made, err := jpeg.Decode(bytes.NewReader(logo.Bytes))
		if err != nil || len(logo.Bytes) > logoBytes || made.Bounds().Dy() > logoHeight {
			t.Errorf("%s: %d bytes, %v", name, len(logo.Bytes), err)
			continue
		}
		if name == "plain" {
			if r, g, b, _ := made.At(made.Bounds().Dx()-2, 2).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
				t.Error("what was transparent is not white")
			}
		}
		s := example()
		s.Design.LogoID, s.Logo = &logo.ID, logo.Bytes
		if file := pdf(t, s); len(file) > 60<<10 {
			t.Errorf("%s: the paper has %d bytes", name, len(file))
		} else if over := overlaps(t, file); over != "" {
			t.Errorf("%s: %s", name, over)
		}
	}
}

func TestWhatIsNoLogo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent []byte
		want string
	}{
		"nothing":   {nil, "certificate.logo_kind"},
		"a PDF":     {[]byte("%PDF-1.4"), "certificate.logo_kind"},
		"cut off":   {picture(100, 100, true)[:400], "certificate.logo_kind"},
		"tiny":      {picture(4, 4, false), "certificate.logo_size"},
		"a line":    {picture(2000, 20, false), "certificate.logo_size"},
		"too large": {make([]byte, MaxLogo+1), "certificate.logo_too_large"},
	} {
		_, err := NewLogo(test.sent)
		if got := fault.FieldsOf(err)["logo"]; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestADesignClaimsNothing(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*Design){
		"body":      func(d *Design) { d.Body = "TRUNG TÂM CẤP CHỨNG CHỈ" },
		"heading":   func(d *Design) { d.Heading = []string{"Cộng hòa  xã hội chủ nghĩa Việt Nam"} },
		"closing":   func(d *Design) { d.Closing = "Công nhận phổ cập kỹ năng số" },
		"position":  func(d *Design) { d.Position = "Người chứng nhận" },
		"place":     func(d *Design) { d.Place = strings.Repeat("Đà Nẵng ", 30) },
		"signatory": func(d *Design) { d.Signatory = "Văn bằng số 1" },
	} {
		d := FirstDesign("Tỉnh Gia Lai")
		change(&d)
		if wrong := d.tidy(); wrong[field] == "" || len(wrong) != 1 {
			t.Errorf("%s: %v", field, wrong)
		}
	}
	d := FirstDesign("Tỉnh Gia Lai")
	d.Accent, d.Frame = "pink", "gold"
	if wrong := d.tidy(); len(wrong) > 0 || d.Accent != Accents[0] || d.Frame != Frames[0] || d.Place != "Gia Lai" {
		t.Errorf("the first design: %v, %+v", wrong, d)
	}
}
