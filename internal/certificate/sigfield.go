package certificate

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

var errNoPDF = errors.New("not a PDF as fpdf writes it")

// addSignatureField appends an empty signature field to a file of one page, as
// an incremental update (ISO 32000-1, 7.5.6 and 12.7.4.5): programs with which
// offices sign find it and put the signature there. box is left, top, width
// and height in millimetres.
func addSignatureField(file []byte, box [4]float64) ([]byte, error) {
	page, isPage := objectWith(file, "/Type /Page\n")
	catalog, isCatalog := objectWith(file, "/Type /Catalog\n")
	at := bytes.LastIndex(file, []byte("\ntrailer\n"))
	if !isPage || !isCatalog || at < 0 {
		return nil, errNoPDF
	}
	trailer, xref, ok := bytes.Cut(file[at+len("\ntrailer\n<<\n"):], []byte(">>\nstartxref\n"))
	size, rest, ok2 := bytes.Cut(bytes.TrimPrefix(trailer, []byte("/Size ")), []byte("\n"))
	field, err := strconv.Atoi(string(size)) // the next free number
	if !ok || !ok2 || err != nil {
		return nil, errNoPDF
	}
	u := &update{Buffer: bytes.NewBuffer(bytes.Clone(file))}
	u.object(page.number, fmt.Sprintf("%s/Annots [%d 0 R]\n>>", page.content, field))
	u.object(catalog.number, fmt.Sprintf("%s/AcroForm <</Fields [%d 0 R]>>\n>>", catalog.content, field))
	left, bottom := box[0]/millimetre, (pageHeight-box[1]-box[3])/millimetre
	u.object(size, fmt.Sprintf("<</Type /Annot /Subtype /Widget /FT /Sig /T (ChuKySo) /F 4 /P %s 0 R /Rect [%.2f %.2f %.2f %.2f]>>",
		page.number, left, bottom, left+box[2]/millimetre, bottom+box[3]/millimetre))
	u.end(fmt.Sprintf("/Size %d\n%s/Prev %s", field+1, rest, bytes.TrimSuffix(xref, []byte("\n%%EOF\n"))))
	return u.Bytes(), nil
}

// object is one object of a file: its number and its dictionary, still open.
type object struct{ number, content []byte }

// objectWith finds the first object whose dictionary says what it is with the
// mark.
func objectWith(file []byte, mark string) (o object, ok bool) {
	at := bytes.Index(file, []byte(mark))
	if at < 0 {
		return o, false
	}
	begin := bytes.LastIndex(file[:at], []byte(" 0 obj\n"))
	end := bytes.Index(file[at:], []byte(">>\nendobj"))
	if begin < 0 || end < 0 {
		return o, false
	}
	line := bytes.LastIndexByte(file[:begin], '\n') + 1
	return object{file[line:begin], file[begin+len(" 0 obj\n") : at+end]}, true
}

// update gathers what is appended to a file.
type update struct {
	*bytes.Buffer
	xref bytes.Buffer
}

func (u *update) object(number []byte, content string) {
	fmt.Fprintf(&u.xref, "%s 1\n%010d 00000 n \n", number, u.Len())
	fmt.Fprintf(u, "%s 0 obj\n%s\nendobj\n", number, content)
}

func (u *update) end(trailer string) {
	at := u.Len()
	fmt.Fprintf(u, "xref\n%strailer\n<<\n%s\n>>\nstartxref\n%d\n%%%%EOF\n", u.xref.Bytes(), trailer, at)
}
