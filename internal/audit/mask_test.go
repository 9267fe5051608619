package audit

import "testing"

func TestMasks(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"", ""}, {"Hồ Thị Nguyệt", "H. T. N."}, {"  đinh  văn ", "đ. v."}, {"Ơ", "Ơ."}, {"Zơrâm Thị Bí Mật", "Z. T. B. M."},
	} {
		if got := MaskName(test.name); got != test.want {
			t.Errorf("MaskName(%q) = %q, want %q", test.name, got, test.want)
		}
	}
	for _, test := range []struct{ number, want string }{
		{"", ""}, {"0905123456", "…456"}, {"1234", "…234"}, {"123", "…"}, {"12", "…"}, {"CB-ĐỖ", "…-ĐỖ"},
	} {
		if got := MaskNumber(test.number); got != test.want {
			t.Errorf("MaskNumber(%q) = %q, want %q", test.number, got, test.want)
		}
	}
}
