package certificate

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // registers the decoder
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/fault"
)

// Logo is a picture of a template, always a JPEG that we made: what was sent in
// is never handed out.
type Logo struct {
	bun.BaseModel `bun:"table:certificate_logos,alias:cl"`

	ID     uuid.UUID `bun:",pk,type:uuid"`
	Bytes  []byte
	MadeBy *uuid.UUID `bun:",type:uuid"`
	MadeAt time.Time
}

const (
	// MaxLogo is how large a picture may be that is sent in, in bytes.
	MaxLogo = 2 << 20
	// mostPixels is how many a picture may have: small files can hold huge ones.
	mostPixels = 16 << 20
	// logoHeight is how many rows a logo is kept in: 16 mm at 400 dpi.
	logoHeight = 256
	// logoBytes is how large it may be then, so that a paper stays below 60 KB.
	logoBytes = 20 << 10
)

// NewLogo reads a PNG or a JPEG, puts it on white and makes it small. What is
// wrong with it is an Invalid on "logo".
func NewLogo(sent []byte) (*Logo, error) {
	if len(sent) > MaxLogo {
		return nil, fault.InvalidField("logo", "certificate.logo_too_large")
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(sent))
	if err != nil {
		return nil, fault.InvalidField("logo", "certificate.logo_kind")
	}
	if config.Width*config.Height > mostPixels || config.Width < 16 || config.Height < 16 || config.Width > 12*config.Height || config.Height > 12*config.Width {
		return nil, fault.InvalidField("logo", "certificate.logo_size")
	}
	picture, _, err := image.Decode(bytes.NewReader(sent))
	if err != nil {
		return nil, fault.InvalidField("logo", "certificate.logo_kind")
	}
	for height := min(logoHeight, config.Height); ; height = height * 3 / 4 {
		small := shrink(picture, height)
		for quality := 90; quality >= 60; quality -= 10 {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err != nil {
				return nil, err
			}
			if b.Len() <= logoBytes {
				return &Logo{ID: uuid.Must(uuid.NewV7()), Bytes: b.Bytes()}, nil
			}
		}
	}
}

// shrink puts a picture on white and averages it into so many rows.
func shrink(picture image.Image, height int) image.Image {
	from := picture.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, from.Dx(), from.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), picture, from.Min, draw.Over)
	width := max(1, from.Dx()*height/from.Dy())
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		top, bottom := y*from.Dy()/height, max((y+1)*from.Dy()/height, y*from.Dy()/height+1)
		for x := range width {
			left, right := x*from.Dx()/width, max((x+1)*from.Dx()/width, x*from.Dx()/width+1)
			small.SetRGBA(x, y, average(flat, image.Rect(left, top, right, bottom)))
		}
	}
	return small
}

func average(picture *image.RGBA, part image.Rectangle) color.RGBA {
	var r, g, b, n int
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			c := picture.RGBAAt(x, y)
			r, g, b, n = r+int(c.R), g+int(c.G), b+int(c.B), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}
