package static

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestEveryBuiltFileIsServed(t *testing.T) {
	for name := range names {
		hashed := strings.TrimPrefix(Path(name), "/static/")
		file, ok := Find(hashed)
		if !ok || len(file.Bytes) == 0 || file.Type == "" {
			t.Errorf("%s: %v, %+v", name, ok, file)
			continue
		}
		if file.Brotli == nil {
			continue
		}
		back, err := io.ReadAll(brotli.NewReader(bytes.NewReader(file.Brotli)))
		if err != nil || !bytes.Equal(back, file.Bytes) {
			t.Errorf("%s does not unpack to itself: %v", name, err)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, name := range []string{"", ".", "..", "names.json", "../static.go", "app.css", "files"} {
		if _, ok := Find(name); ok {
			t.Errorf("%q is served", name)
		}
	}
}

func TestTheStyleSheetNamesFontsThatExist(t *testing.T) {
	css, _ := Find(strings.TrimPrefix(Path("app.css"), "/static/"))
	for name, hashed := range names {
		if strings.HasSuffix(name, ".woff2") && !strings.Contains(string(css.Bytes), hashed) {
			t.Errorf("the style sheet does not use %s", hashed)
		}
	}
}
