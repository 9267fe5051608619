// Package i18n finds the words for a key in the reader's language, and writes
// numbers and times as that language does.
package i18n

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"hocso/internal/platform/clock"
)

// Default is the language of somebody who chose none.
const Default = "vi"

// Catalogue holds texts by language and key.
type Catalogue map[string]map[string]string

// Load reads every <lang>/*.yaml: flat maps of key to text. A key stands in one
// file only.
func Load(fsys fs.FS, langs ...string) (Catalogue, error) {
	catalogue := Catalogue{}
	for _, lang := range langs {
		files, err := fs.Glob(fsys, lang+"/*.yaml")
		if err != nil {
			return nil, err
		}
		texts := map[string]string{}
		for _, file := range files {
			if err := addTexts(texts, fsys, file); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
		catalogue[lang] = texts
	}
	return catalogue, nil
}

func addTexts(texts map[string]string, fsys fs.FS, file string) error {
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	area := map[string]string{}
	if err := yaml.Unmarshal(raw, &area); err != nil {
		return err
	}
	for key, text := range area {
		if _, twice := texts[key]; twice {
			return fmt.Errorf("%s stands in another file too", key)
		}
		texts[key] = text
	}
	return nil
}

// Text gives the words for a key, with args put in as fmt.Sprintf does. A key
// that is missing shows as itself, so that it is noticed and nothing breaks.
func (c Catalogue) Text(lang, key string, args ...any) string {
	text, ok := c[lang][key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

type langKey struct{}

// With puts the reader's language into a context.
func With(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang is the reader's language.
func Lang(ctx context.Context) string {
	if lang, ok := ctx.Value(langKey{}).(string); ok {
		return lang
	}
	return Default
}

// Number writes a whole number: 1.234 in Vietnamese, 1,234 in English.
func Number(ctx context.Context, n int64) string {
	separator := "."
	if Lang(ctx) == "en" {
		separator = ","
	}
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}

// Decimal writes a number with one decimal: 71,4 in Vietnamese, 71.4 in English.
func Decimal(ctx context.Context, x float64) string {
	text := strconv.FormatFloat(x, 'f', 1, 64)
	if Lang(ctx) == "en" {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// Clock writes the time of day: "14:03".
func Clock(t time.Time) string { return t.In(clock.Zone).Format("15:04") }

// Date writes a day: "23/11/2026".
func Date(t time.Time) string { return t.In(clock.Zone).Format("02/01/2006") }

// FileDay writes a day as names of files hold it: "2026-11-23".
func FileDay(t time.Time) string { return t.In(clock.Zone).Format(time.DateOnly) }

// Day writes a day without its year, for axes: "23/11". The day is midnight UTC, as clock.Day gives it.
func Day(t time.Time) string { return t.Format("02/01") }

// ClockSeconds writes the time of day to the second: "14:03:22".
func ClockSeconds(t time.Time) string { return t.In(clock.Zone).Format("15:04:05") }
