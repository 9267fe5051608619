// Package text holds every word that pages show, in Vietnamese and English: a
// file for each area in vi/ and in en/.
package text

import (
	"context"
	"embed"

	"hocso/internal/platform/i18n"
)

//go:embed vi en
var files embed.FS

var catalogue = must(i18n.Load(files, "vi", "en"))

// T gives the words for a key in the reader's language; args are put in as
// fmt.Sprintf does.
func T(ctx context.Context, key string, args ...any) string {
	return catalogue.Text(i18n.Lang(ctx), key, args...)
}

func must(c i18n.Catalogue, err error) i18n.Catalogue {
	if err != nil {
		panic(err) // the files are part of the program; a test reads them
	}
	return c
}
