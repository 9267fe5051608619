// Package static holds the built style sheet, fonts, scripts and pictures.
// views/assets builds them (make generate); they are committed, so that
// building the program needs no Node.
package static

import (
	"bytes"
	"embed"
	"encoding/json"
	"math/bits"
	"mime"
	"path"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed files
var files embed.FS

// names are the hashed names by plain name.
var names = func() map[string]string {
	raw, err := files.ReadFile("files/names.json")
	if err != nil {
		panic(err) // built and committed together
	}
	var n map[string]string
	if err := json.Unmarshal(raw, &n); err != nil {
		panic(err)
	}
	return n
}()

// Path is the address of a file by its plain name: Path("app.css") is
// "/static/app.<hash>.css". It panics on a name that was not built.
func Path(name string) string {
	hashed, ok := names[name]
	if !ok {
		panic("static: no file " + name)
	}
	return "/static/" + hashed
}

// File is a file as it is sent.
type File struct {
	Type   string // MIME
	Bytes  []byte
	Brotli []byte // nil when compressing gains nothing
}

var cache sync.Map // hashed name → *File

// Find gives a file by its hashed name; ok is false when there is none.
func Find(hashed string) (file *File, ok bool) {
	if found, ok := cache.Load(hashed); ok {
		return found.(*File), true
	}
	raw, err := files.ReadFile("files/" + path.Base(hashed))
	if err != nil || hashed == "names.json" {
		return nil, false
	}
	file = &File{Type: typeOf(hashed), Bytes: raw}
	if path.Ext(hashed) != ".woff2" { // compressed already
		var packed bytes.Buffer
		// A window wider than the file gains nothing and costs up to 32 MB.
		window := max(bits.Len(uint(len(raw))), 10)
		w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: window})
		w.Write(raw) // into memory: cannot fail
		w.Close()
		if packed.Len() < len(raw) {
			file.Brotli = packed.Bytes()
		}
	}
	cache.Store(hashed, file)
	return file, true
}

func typeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".woff2":
		return "font/woff2" // not every machine's table knows it
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}
