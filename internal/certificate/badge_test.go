package certificate

import (
	"encoding/xml"
	"os"
	"strings"
	"testing"
)

func TestABadgeSaysWhatAndNotWho(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("Sử dụng dịch vụ công trực tuyến & bảo vệ <thông tin> cá nhân ", 6))
	for name, title := range map[string]string{"usual": "An toàn thông tin cho cán bộ, công chức", "short": "Dùng Internet", "long": long} {
		s := example()
		s.Facts.Title, s.Facts.Province = title, "Thành phố Đà Nẵng"
		drawn := s.badge()
		var svg struct {
			Texts []string `xml:"g>text"`
		}
		if err := xml.Unmarshal(drawn, &svg); err != nil {
			t.Fatalf("%s: %v in %s", name, err, drawn)
		}
		said := strings.Join(svg.Texts, " ")
		for _, want := range []string{"HOÀN THÀNH", title, "27/11/2026", "Thành phố Đà Nẵng"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: it does not say %q: %s", name, want, said)
			}
		}
		if strings.Contains(string(drawn), s.Facts.Name) {
			t.Errorf("%s: it says whose it is", name)
		}
		if folder := os.Getenv("HOCSO_SHOTS"); folder != "" {
			if err := os.WriteFile(folder+"/badge-"+name+".svg", drawn, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
