package qr

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hocso/internal/platform/testkit"
)

func TestAnIndependentReaderReadsIt(t *testing.T) {
	const text = "https://hocso.example.vn/card/9vGm1aPzQkLr7TxYcWbEoN3hJ5sUdF0iKqRtVwXyZAa"
	svg, err := SVG(text)
	if err != nil || !strings.HasPrefix(svg, "<svg") || !strings.HasSuffix(svg, "</svg>") {
		t.Fatalf("%.40s…, %v", svg, err)
	}
	path := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(path+".svg", []byte(svg), 0o600); err != nil {
		t.Fatal(err)
	}
	testkit.Run(t, "rsvg-convert", "-w", "300", "-o", path+".png", path+".svg")
	if read := strings.TrimSpace(testkit.Run(t, "zbarimg", "--quiet", "--raw", path+".png")); read != text {
		t.Errorf("read %q", read)
	}
}

func TestTooMuchForACode(t *testing.T) {
	if _, err := SVG(strings.Repeat("x", 5000)); err == nil {
		t.Error("5,000 signs fit into a code")
	}
}
