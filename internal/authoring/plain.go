package authoring

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var byteOrderMark = []byte("\ufeff")

// plain makes the bytes of a file into text with "\n" line ends and without a
// byte order mark, which Windows editors add. It gives nil when they are not
// text that can be shown: not UTF-8, or with characters that cannot be seen.
func plain(name string, raw []byte, found *finder) []byte {
	text := append([]byte{}, bytes.ReplaceAll(bytes.TrimPrefix(raw, byteOrderMark), []byte("\r\n"), []byte("\n"))...)
	sound := true
	for offset := 0; offset < len(text); {
		r, size := utf8.DecodeRune(text[offset:])
		switch {
		case r == utf8.RuneError && size <= 1:
			found.add(name, placeAt(text, offset), "tệp không phải UTF-8", "Mở tệp, chọn lưu với bảng mã UTF-8")
			return nil
		case unseen(r):
			found.add(name, placeAt(text, offset), fmt.Sprintf("có ký tự ẩn %U", r), "Xóa ký tự này rồi gõ lại chỗ đó")
			sound = false
		}
		offset += size
	}
	if !sound {
		return nil
	}
	// A decomposed "ệ" looks right but is not found by search, and breaks in PDF.
	line := 1
	for rest := text; len(rest) > 0; line++ {
		var this []byte
		this, rest, _ = bytes.Cut(rest, []byte("\n"))
		if at := norm.NFC.QuickSpan(this); at < len(this) && !norm.NFC.IsNormal(this) {
			found.add(name, place{line, utf8.RuneCount(this[:at]) + 1}, "chữ Việt ở dạng tổ hợp (NFD)",
				"Chuyển sang chữ dựng sẵn (NFC): trong Unikey chọn bảng mã Unicode rồi gõ lại dòng này")
		}
	}
	return text
}

// unseen tells of characters that change a text without being seen in it:
// control characters, those that turn the direction of writing, and blanks of
// no width that come with copied text.
func unseen(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\ufeff' || r == '\u2028' || r == '\u2029'
}
