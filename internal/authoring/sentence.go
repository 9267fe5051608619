package authoring

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"hocso/internal/course"
)

// Words are syllables, as Vietnamese is written. A sentence that is longer, or
// texts whose sentences are longer on the average, are lost on who reads slowly.
const (
	longestSentence         = 32
	longestMean             = 18
	longestOfficialSentence = 45
	longestOfficialMean     = 26
)

var (
	sentenceEnd = regexp.MustCompile(`[.!?…:;]+["”’)*]*(\s|$)`)
	linkTarget  = regexp.MustCompile(`\]\([^)]*\)`)
	lineMark    = regexp.MustCompile(`^(#+|>|-|\*|[0-9]+\.)\s+`)
)

// checkSentences measures the sentences of Markdown from start on.
func checkSentences(file string, text []byte, start int, track course.Track, found *finder) {
	longest, longestAverage := longestSentence, longestMean
	if track == course.Officials {
		longest, longestAverage = longestOfficialSentence, longestOfficialMean
	}
	words, sentences := 0, 0
	for offset := start; offset < len(text); {
		line := text[offset:]
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
		}
		plain := lineMark.ReplaceAllString(linkTarget.ReplaceAllString(string(line), "]"), "")
		for _, sentence := range sentenceEnd.Split(plain, -1) {
			length := len(strings.Fields(sentence))
			if length == 0 {
				continue
			}
			words, sentences = words+length, sentences+1
			if length > longest {
				found.add(file, placeAt(text, offset), fmt.Sprintf("câu dài %d chữ, tối đa %d: “%s…”", length, longest, opening(sentence)), "Tách thành hai ba câu ngắn")
			}
		}
		offset += len(line) + 1
	}
	if sentences > 0 && words > longestAverage*sentences {
		found.add(file, placeAt(text, start), fmt.Sprintf("các câu dài trung bình %d chữ, tối đa %d", words/sentences, longestAverage), "Viết câu ngắn hơn: mỗi câu một ý")
	}
}

// opening is how a sentence begins.
func opening(sentence string) string {
	words := strings.Fields(sentence)
	return strings.Join(words[:min(5, len(words))], " ")
}
