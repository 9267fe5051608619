package roster

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"hocso/internal/org"
)

// town is a province of two communes with hamlets of the same names, one
// commune that has told none, and two agencies.
func town() (province *org.Unit, all []*org.Unit, byCode map[string]*org.Unit) {
	byCode = map[string]*org.Unit{}
	add := func(code, name string, kind org.Kind, parent *org.Unit) *org.Unit {
		unit := &org.Unit{ID: uuid.New(), Code: code, Name: name, Kind: kind}
		if parent != nil {
			unit.ParentID = &parent.ID
		}
		all, byCode[code] = append(all, unit), unit
		return unit
	}
	province = add("04", "Tỉnh Cao Bằng", org.Province, nil)
	for _, c := range [][2]string{{"01273", "Phường Thục Phán"}, {"01290", "Xã Hoà An"}} {
		commune := add(c[0], c[1], org.Commune, province)
		add(c[0]+"-01", "Tổ dân phố 1", org.Hamlet, commune)
		add(c[0]+"-02", "Thôn 2", org.Hamlet, commune)
	}
	add("01300", "Xã Trùng Khánh", org.Commune, province)
	add("04-SNV", "Sở Nội vụ", org.Agency, province)
	add("04-STC", "Sở Tài chính", org.Agency, province)
	return province, all, byCode
}

func TestHomeOf(t *testing.T) {
	province, all, byCode := town()
	commune := byCode["01290"]
	inCommune := []*org.Unit{commune, byCode["01290-01"], byCode["01290-02"]}
	type cells = map[Field]string
	for _, test := range []struct {
		name    string
		places  *Places
		kind    Kind
		cells   cells
		want    string // code, "" for a problem
		problem string
		mended  string
	}{
		{"by code", NewPlaces(province, all), Residents, cells{UnitCode: "01290-02"}, "01290-02", "", ""},
		{"a code that lost its zero", NewPlaces(province, all), Residents, cells{UnitCode: "1290"}, "01290", "", "roster.unit_code_mended"},
		{"a code that became a decimal", NewPlaces(province, all), Residents, cells{UnitCode: "1290.0"}, "01290", "", "roster.unit_code_mended"},
		{"a code in small letters", NewPlaces(province, all), Officials, cells{UnitCode: "04-snv"}, "04-SNV", "", ""},
		{"a code of somewhere else", NewPlaces(commune, inCommune), Residents, cells{UnitCode: "01273"}, "", "roster.unit_code_unknown", ""},
		{"nobody lives in a province", NewPlaces(province, all), Residents, cells{UnitCode: "04"}, "", "roster.unit_too_wide", ""},
		{"commune and hamlet", NewPlaces(province, all), Residents, cells{Commune: "Hòa An", Hamlet: "thon 2"}, "01290-02", "", ""},
		{"a hamlet by its number", NewPlaces(province, all), Residents, cells{Commune: "P. Thục Phán", Hamlet: "1"}, "01273-01", "", ""},
		{"a hamlet shortened", NewPlaces(commune, inCommune), Residents, cells{Hamlet: "TDP 1"}, "01290-01", "", ""},
		{"a hamlet that several communes have", NewPlaces(province, all), Residents, cells{Hamlet: "Thôn 2"}, "", "roster.unit_several", ""},
		{"a hamlet that the commune lacks", NewPlaces(province, all), Residents, cells{Commune: "Xã Hoà An", Hamlet: "Thôn 9"}, "", "roster.unit_unknown", ""},
		{"a commune without hamlets", NewPlaces(province, all), Residents, cells{Commune: "Trùng Khánh", Hamlet: "Thôn 9"}, "01300", "", "roster.commune_taken"},
		{"an address", NewPlaces(province, all), Residents, cells{Address: "Số 5 Lê Lợi, Tổ 1, Phường Thục Phán"}, "01273-01", "", ""},
		{"an address without its hamlet", NewPlaces(province, all), Residents, cells{Address: "Số 5 Lê Lợi, P. Thục Phán"}, "01273", "", "roster.commune_taken"},
		{"a commune alone", NewPlaces(province, all), Residents, cells{Commune: "XÃ HÒA AN"}, "01290", "", ""},
		{"nothing, for a commune's list", NewPlaces(commune, inCommune), Residents, cells{}, "01290", "", ""},
		{"nothing, for a province's list", NewPlaces(province, all), Residents, cells{}, "", "roster.unit_missing", ""},
		{"an unknown commune", NewPlaces(province, all), Residents, cells{Commune: "Xã Đâu Đâu"}, "", "roster.unit_unknown", ""},
		{"an agency", NewPlaces(province, all), Officials, cells{Agency: "SỞ NỘI VỤ"}, "04-SNV", "", ""},
		{"a commune's office", NewPlaces(province, all), Officials, cells{Agency: "UBND xã Hòa An"}, "01290", "", ""},
		{"an office that only its commune tells", NewPlaces(province, all), Officials, cells{Agency: "Văn phòng", Commune: "Hoà An"}, "01290", "", ""},
		{"an unknown agency", NewPlaces(province, all), Officials, cells{Agency: "Sở Mây"}, "", "roster.unit_unknown", ""},
		{"an official of nowhere", NewPlaces(province, all), Officials, cells{}, "", "roster.unit_missing", ""},
	} {
		unit, mended, problems := test.places.homeOf(test.kind, test.cells)
		switch {
		case test.problem != "":
			if len(problems) != 1 || problems[0].Key != test.problem {
				t.Errorf("%s: %v, %v; want %s", test.name, unit, problems, test.problem)
			}
		case unit == nil || unit.Code != test.want || len(problems) > 0:
			t.Errorf("%s: %v, %v; want %s", test.name, unit, problems, test.want)
		case test.mended != "" && (len(mended) != 1 || mended[0].Key != test.mended) || test.mended == "" && len(mended) > 0:
			t.Errorf("%s: mended %v, want %q", test.name, mended, test.mended)
		}
	}
}

func TestAnAmbiguousUnitNamesTheCandidates(t *testing.T) {
	province, all, _ := town()
	_, _, problems := NewPlaces(province, all).homeOf(Residents, map[Field]string{Hamlet: "Thôn 2"})
	if said := strings.Join(problems[0].Args, " "); !strings.Contains(said, "01273-02") || !strings.Contains(said, "01290-02") {
		t.Errorf("it says %q", said)
	}
}
