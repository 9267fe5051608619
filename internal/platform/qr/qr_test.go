package qr

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnIndependentReaderReadsIt needs zbarimg and rsvg-convert (Debian's
// zbar-tools and librsvg2-bin); where they are missing the form is checked only.
func TestAnIndependentReaderReadsIt(t *testing.T) {
	const text = "https://hocso.example.vn/card/9vGm1aPzQkLr7TxYcWbEoN3hJ5sUdF0iKqRtVwXyZAa"
	svg, err := SVG(text)
	if err != nil || !strings.HasPrefix(svg, "<svg") || !strings.HasSuffix(svg, "</svg>") {
		t.Fatalf("%.40s…, %v", svg, err)
	}
	for _, tool := range []string{"zbarimg", "rsvg-convert"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "code.svg"), []byte(svg), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rsvg-convert", "-w", "300", "-o", dir+"/code.png", dir+"/code.svg").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	read, err := exec.Command("zbarimg", "--quiet", "--raw", dir+"/code.png").Output()
	if err != nil || strings.TrimSpace(string(read)) != text {
		t.Errorf("read %q, %v", read, err)
	}
}

func TestTooMuchForACode(t *testing.T) {
	if _, err := SVG(strings.Repeat("x", 5000)); err == nil {
		t.Error("5,000 signs fit into a code")
	}
}
