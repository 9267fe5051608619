package roster

import (
	"archive/zip"
	"bytes"
	"strings"
	"unicode/utf8"
)

const (
	zipMagic = "PK\x03\x04"
	oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" // .xls, or an .xlsx with a password
)

// Look tells in a moment, without unpacking anything, whether a file can be a
// list; the error is a FileError.
func Look(raw []byte) error {
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return ErrEmpty
	case len(raw) > MaxFile:
		return ErrTooLarge
	case bytes.HasPrefix(raw, []byte(oleMagic)):
		if bytes.Contains(raw, utf16LE("EncryptedPackage")) {
			return ErrEncrypted
		}
		return ErrOldExcel
	case bytes.HasPrefix(raw, []byte(zipMagic)):
		return lookZip(raw)
	case isBinary(raw):
		return ErrNotTable
	}
	return nil
}

// lookZip reads the table of contents, which says how much there is to unpack;
// unpacking stops where an entry turns out to be longer than it says.
func lookZip(raw []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return ErrBroken
	}
	var total uint64
	workbook := false
	for _, file := range archive.File {
		if file.Flags&1 != 0 {
			return ErrEncrypted
		}
		if total += file.UncompressedSize64; total > maxUnzipped || file.UncompressedSize64 > maxUnzipped {
			return ErrUnzipped
		}
		workbook = workbook || strings.EqualFold(strings.ReplaceAll(file.Name, `\`, "/"), "xl/workbook.xml")
	}
	if !workbook {
		return ErrNotTable
	}
	return nil
}

// isBinary tells pictures and programs from text; UTF-16 is full of zeros.
func isBinary(raw []byte) bool {
	sample := raw[:min(len(raw), 4096)]
	if bytes.HasPrefix(raw, []byte("%PDF")) || bytes.HasPrefix(raw, []byte("{\\rtf")) {
		return true
	}
	if wide(sample) != nil || utf8.Valid(sample) && bytes.IndexByte(sample, 0) < 0 {
		return false
	}
	control := 0
	for _, b := range sample {
		if b < ' ' && b != '\t' && b != '\r' && b != '\n' {
			control++
		}
	}
	return control > len(sample)/100
}

func utf16LE(s string) []byte {
	var wide []byte
	for _, b := range []byte(s) {
		wide = append(wide, b, 0)
	}
	return wide
}
