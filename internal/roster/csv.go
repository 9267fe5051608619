package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// linesOfCSV reads text with one row a line, whatever its letters are encoded
// in and whatever stands between its cells.
func linesOfCSV(raw []byte) lines {
	return func(each func(line) error) error {
		text, err := decode(raw)
		if err != nil {
			return ErrBroken
		}
		comma := separator(text)
		if first, rest, found := strings.Cut(text, "\n"); found && strings.HasPrefix(strings.ToLower(first), "sep=") {
			text = "\n" + rest // Excel's own hint; the line stays counted
		}
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = comma, true, -1
		for {
			cells, err := reader.Read()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				var wrong *csv.ParseError
				if errors.As(err, &wrong) {
					return ErrQuotes
				}
				return err
			}
			for _, cell := range cells {
				// A quote that is never closed swallows the people after it.
				if strings.Count(cell, "\n") > 20 {
					return ErrQuotes
				}
			}
			row, _ := reader.FieldPos(0)
			if err := each(line{row: row, cells: cells}); err != nil {
				return err
			}
		}
	}
}

// decode finds out how a text is encoded: by its mark, by its zeros, by being
// valid UTF-8; what is left is the Windows of the nineties.
func decode(raw []byte) (string, error) {
	if wide := wide(raw[:min(len(raw), 4096)]); wide != nil {
		text, err := wide.NewDecoder().Bytes(raw)
		return string(text), err
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	text, err := charmap.Windows1258.NewDecoder().Bytes(raw)
	return compose(string(text)), err
}

// wide is the encoding of a text of two bytes a letter; nil for other texts.
func wide(sample []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(sample, []byte{0xff, 0xfe}):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(sample, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	}
	var zeros [2]int // at even and odd places
	for i, b := range sample {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch few := len(sample) / 5; {
	case len(sample) < 8:
	case zeros[1] > few && zeros[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros[0] > few && zeros[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// separator is what stands between cells: the sign that splits the first lines
// into the most columns.
func separator(text string) rune {
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if hint := "sep=" + string(sign); len(text) >= len(hint) && strings.EqualFold(text[:len(hint)], hint) {
			return sign
		}
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord, reader.ReuseRecord = sign, true, -1, true
		columns := 0
		for range headerWithin {
			cells, err := reader.Read()
			if err != nil {
				break
			}
			known := knownIn(line{cells: cells})
			columns = max(columns, len(cells)+10*known)
		}
		if columns > most {
			best, most = sign, columns
		}
	}
	return best
}
