// Package qr draws QR codes as SVG.
package qr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the width of the white border that readers need, in modules (ISO/IEC 18004).
const quiet = 4

var errTooMuch = errors.New("the text is too long for a QR code")

// Modules gives the dark modules of a QR code of a text as rows of a square,
// without the quiet border of 4 modules that whoever draws it leaves around.
// Error correction is M: a creased or stained card still reads.
func Modules(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, errTooMuch // the library's own error repeats the text, which may be a secret
	}
	rows := make([][]bool, code.Bounds().Dy())
	for y := range rows {
		rows[y] = make([]bool, code.Bounds().Dx())
		for x := range rows[y] {
			r, _, _, _ := code.At(x, y).RGBA()
			rows[y][x] = r == 0
		}
	}
	return rows, nil
}

// SVG draws a QR code of a text, black on white, as an <svg> element to write
// into a page.
func SVG(text string) (string, error) {
	rows, err := Modules(text)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y, row := range rows {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges" role="img" aria-label="QR">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, len(rows)+2*quiet, path.String()), nil
}
