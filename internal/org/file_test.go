package org

import (
	"errors"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for name, want := range map[string]string{
		"Xã Hoà Vang": "xa hoa vang", "Huyện Hòa Vang": "huyen hoa vang", "ĐẮK  Lắk": "dak lak", "La Êê": "la ee",
		"Phường Thuỷ Biều": "phuong thuy bieu", "A Vương-2": "a vuong 2", "Hoa\u0300 Vang": "hoa vang", "": "",
	} {
		if got := Fold(name); got != want {
			t.Errorf("Fold(%q) = %q, want %q", name, got, want)
		}
	}
}

const legacyHead = "provinceCode,province,districtCode,district,wardCode,ward,isDividedWard,newProvinceCode,newProvince,newWardCode,newWard\n"

func TestReadFile(t *testing.T) {
	for _, test := range []struct {
		name, text string
		entries    int
		links      int
		mended     string // part of what was mended
	}{
		{"the list", `[{"Code":"48","FullName":"Thành phố Đà Nẵng","Wards":[{"Code":"20242","FullName":"Phường Hải Châu","ProvinceCode":"48"}]}]`, 2, 0, ""},
		{"our own", "code,name,kind,parent_code,valid_from,valid_to\n48,Đà Nẵng,province,,2025-07-01,\n20242,Hải Châu,commune,48,2025-07-01,\n", 2, 0, ""},
		{"with a byte order mark and headings in another order", "\ufeffName, CODE ,kind,parent_code,valid_from\nĐà Nẵng,48,province,,2025-07-01\n", 1, 0, ""},
		{"lost zeros and decimals", "code,name,kind,parent_code,valid_from\n1,Hà Nội,province,,2025-07-01\n4.0,Ba Đình,commune,1,2025-07-01\n", 2, 0, "column code: 2 codes"},
		{"the way from before", legacyHead + "49,Tỉnh Quảng Nam,516,Huyện Nam Trà My,20938.0,Xã Trà Dơn,False,48,Thành phố Đà Nẵng,20938,Xã Trà Leng\n", 3, 1, "column wardCode: 1 codes"},
		{"an island district without communes", legacyHead + "22,Tỉnh Quảng Ninh,207,Huyện Cô Tô,,,False,22,Tỉnh Quảng Ninh,07192,Đặc khu Cô Tô\n", 2, 1, ""},
	} {
		file, err := ReadFile(strings.NewReader(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if len(file.Entries) != test.entries || len(file.Links) != test.links {
			t.Errorf("%s: %d entries, %d links", test.name, len(file.Entries), len(file.Links))
		}
		mended := ""
		for _, m := range file.Mended {
			mended += m.String()
		}
		if !strings.Contains(mended, test.mended) || test.mended == "" && mended != "" {
			t.Errorf("%s: mended %q", test.name, mended)
		}
	}
}

func TestReadFileSaysWhatIsWrongAndWhere(t *testing.T) {
	own := "code,name,kind,parent_code,valid_from,valid_to\n"
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "row 1: the file has no row of headings"},
		{"broken JSON", "[{", "not the JSON list"},
		{"a heading missing", "code,name,kind,valid_from\n", "row 1, column parent_code: this column is missing"},
		{"a kind that is none", own + "48,Đà Nẵng,city,,2025-07-01,\n", `row 2, column kind: "city"`},
		{"a code that is none", own + "48a,Đà Nẵng,province,,2025-07-01,\n", `row 2, column code: "48a"`},
		{"a code too long", own + "480,Đà Nẵng,province,,2025-07-01,\n", `row 2, column code: "480"`},
		{"no name", own + "48,  ,province,,2025-07-01,\n", "row 2, column name: is empty"},
		{"a day that is none", own + "48,Đà Nẵng,province,,1/7/2025,\n", `row 2, column valid_from: "1/7/2025"`},
		{"an end before the beginning", own + "48,Đà Nẵng,province,,2025-07-01,2025-07-01\n", "row 2, column valid_to: is not after"},
		{"a row too long", own + "48,Đà Nẵng,province,,2025-07-01,,x\n", "row 2: record on line 2: wrong number of fields"},
	} {
		_, err := ReadFile(strings.NewReader(test.text))
		var problems Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add(`[{"Code":"48","FullName":"Đà Nẵng","Wards":[]}]`)
	f.Add(legacyHead + "49,Quảng Nam,516,Nam Trà My,20938.0,Trà Dơn,False,48,Đà Nẵng,20938,Trà Leng\n")
	f.Add("code,name,kind,parent_code,valid_from,valid_to\n48,Đà Nẵng,province,,2025-07-01,\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ReadFile(strings.NewReader(text))
		if err != nil {
			return
		}
		// Whatever is read can be planned or is refused; it never panics.
		if plan, err := NewPlan(nil, file); err == nil && len(plan.New)+plan.Same+len(plan.Changed) != len(file.Entries) {
			t.Errorf("%d entries became %d units", len(file.Entries), len(plan.New))
		}
	})
}
