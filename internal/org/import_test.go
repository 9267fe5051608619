package org_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/testkit"
)

var ctx = context.Background()

const (
	today = `[{"Code":"48","FullName":"Thành phố Đà Nẵng","Wards":[
		{"Code":"20938","FullName":"Xã Trà Leng","ProvinceCode":"48"},
		{"Code":"20944","FullName":"Xã Nam Trà My","ProvinceCode":"48"},
		{"Code":"20320","FullName":"Xã Hoà Vang","ProvinceCode":"48"}]},
		{"Code":"22","FullName":"Tỉnh Quảng Ninh","Wards":[{"Code":"06978","FullName":"Xã Ba Chẽ","ProvinceCode":"22"}]}]`
	before = `provinceCode,province,districtCode,district,wardCode,ward,isDividedWard,newProvinceCode,newProvince,newWardCode,newWard
49,Tỉnh Quảng Nam,516,Huyện Nam Trà My,20935.0,Xã Trà Leng,False,48,Thành phố Đà Nẵng,20938,Xã Trà Leng
49,Tỉnh Quảng Nam,516,Huyện Nam Trà My,20938.0,Xã Trà Dơn,False,48,Thành phố Đà Nẵng,20938,Xã Trà Leng
49,Tỉnh Quảng Nam,516,Huyện Nam Trà My,20950.0,Xã Trà Chia,True,48,Thành phố Đà Nẵng,20938,Xã Trà Leng
49,Tỉnh Quảng Nam,516,Huyện Nam Trà My,20950.0,Xã Trà Chia,True,48,Thành phố Đà Nẵng,20944,Xã Nam Trà My
22,Tỉnh Quảng Ninh,202,Huyện Ba Chẽ,6970.0,Thị trấn Ba Chẽ,False,22,Tỉnh Quảng Ninh,06970,Xã Ba Chẽ
`
)

func bring(t *testing.T, db *bun.DB, text string) *org.Plan {
	t.Helper()
	file, err := org.ReadFile(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := org.Import(ctx, db, file, false)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func count(t *testing.T, db *bun.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.NewRaw(query, args...).Scan(ctx, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTheTrapsOfTheReform takes the six traps of administrative codes one by one.
func TestTheTrapsOfTheReform(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	bring(t, db, today)
	plan := bring(t, db, before)
	store := org.NewStore(db)

	// 1: a code is reused; both units stand under it, each in its time.
	now, err := store.ByCode(ctx, "20938")
	if err != nil || now.Name != "Xã Trà Leng" {
		t.Errorf("20938 is %+v today, %v", now, err)
	}
	if n := count(t, db, "SELECT count(*) FROM units WHERE code = '20938'"); n != 2 {
		t.Errorf("%d units had the code 20938", n)
	}
	// 2: a code that a spreadsheet turned into a number.
	if n := count(t, db, "SELECT count(*) FROM units WHERE code = '06970'"); n != 1 {
		t.Errorf("6970.0 became %d units 06970", n)
	}
	// 3: tone placement: either way finds it, and it is no renaming.
	for _, typed := range []string{"hoa vang", "Hòa Vang", "Hoà Vang", "HOÀ VANG", "xã hoà  vang"} {
		if found, err := store.Search(ctx, typed); err != nil || len(found) == 0 || found[0].Code != "20320" {
			t.Errorf("%q finds %v, %v", typed, found, err)
		}
	}
	if again := bring(t, db, strings.ReplaceAll(today, "Hoà", "Hòa")); len(again.Changed) != 0 || len(again.New) != 0 {
		t.Errorf("other tone placement changed %+v", again.Changed)
	}
	// 4: a unit that was split counts where its parts meet, and nowhere twice.
	reaches := `SELECT count(*) FROM unit_reach r JOIN units a ON a.id = r.ancestor_id JOIN units u ON u.id = r.unit_id
		WHERE u.name = ? AND a.name = ? AND a.valid_to IS NULL`
	for _, test := range []struct {
		old, now string
		reached  int
	}{
		{"Xã Trà Dơn", "Xã Trà Leng", 1}, {"Xã Trà Dơn", "Thành phố Đà Nẵng", 1}, {"Xã Trà Dơn", "Xã Nam Trà My", 0},
		{"Xã Trà Chia", "Xã Trà Leng", 0}, {"Xã Trà Chia", "Xã Nam Trà My", 0}, {"Xã Trà Chia", "Thành phố Đà Nẵng", 1},
	} {
		if n := count(t, db, reaches, test.old, test.now); n != test.reached {
			t.Errorf("%s reaches %s %d times, want %d", test.now, test.old, n, test.reached)
		}
	}
	// 5: a wrong new code is mended by the name.
	if len(plan.Mended) == 0 || !strings.Contains(plan.Mended[len(plan.Mended)-1].What, "06978") {
		t.Errorf("mended %v", plan.Mended)
	}
	// 6: residents say the old name.
	if names, err := store.Predecessors(ctx, now.ID); err != nil || strings.Join(names, ", ") != "Xã Trà Chia, Xã Trà Dơn, Xã Trà Leng" {
		t.Errorf("before, Trà Leng was %q, %v", names, err)
	}
	found, err := store.Search(ctx, "tra don")
	if err != nil || len(found) == 0 || found[0].Name != "Xã Trà Dơn" || len(found[0].Successors) != 1 || found[0].Successors[0] != "Xã Trà Leng" {
		t.Errorf("Trà Dơn: %+v, %v", found, err)
	}
}

func TestImportingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	for range 2 {
		bring(t, db, today)
		bring(t, db, before)
	}
	if n := count(t, db, "SELECT count(*) FROM units"); n != 6+4+4 {
		t.Errorf("%d units", n)
	}
	renamed := bring(t, db, strings.ReplaceAll(today, "Xã Nam Trà My", "Xã Nam Trà Mới"))
	if len(renamed.Changed) != 1 || renamed.Changed[0].What != "renamed from Xã Nam Trà My" {
		t.Errorf("changed %+v", renamed.Changed)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	file, err := org.ReadFile(strings.NewReader(today))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := org.Import(ctx, db, file, true)
	if err != nil || len(plan.New) != 6 {
		t.Errorf("plan %+v, %v", plan, err)
	}
	if n := count(t, db, "SELECT count(*) FROM units"); n != 0 {
		t.Errorf("a dry run wrote %d units", n)
	}
}

func TestABadTreeIsRefusedWhole(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	head := "code,name,kind,parent_code,valid_from,valid_to\n48,Đà Nẵng,province,,2025-07-01,\n"
	for _, test := range []struct{ name, rows, want string }{
		{"a parent that is not there", "20242,Hải Châu,commune,49,2025-07-01,\n", "row 3: no unit above with the code \"49\""},
		{"a parent that did not stand yet", "20242,Hải Châu,commune,48,2025-06-30,\n", "row 3: no unit above"},
		{"a circle", "x,X,agency,y,2025-07-01,\ny,Y,agency,x,2025-07-01,\n", "form a circle"},
		{"its own parent", "x,X,agency,x,2025-07-01,\n", "form a circle"},
		{"two at one time", "20242,Hải Châu,commune,48,2025-07-01,\n20242,Hải Châu 2,commune,48,2025-08-01,\n", "row 4: the code 20242 is held"},
		{"twice in the file", "20242,Hải Châu,commune,48,2025-07-01,\n20242,Hải Châu,commune,48,2025-07-01,\n", "row 4: the code 20242 stands twice"},
	} {
		file, err := org.ReadFile(strings.NewReader(head + test.rows))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		_, err = org.Import(ctx, db, file, false)
		var problems org.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
		if n := count(t, db, "SELECT count(*) FROM units"); n != 0 {
			t.Fatalf("%s: %d units were written", test.name, n)
		}
	}
}

func TestBoundaries(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	bring(t, db, today)
	feature := func(code, geometry string) string {
		return `{"type":"Feature","properties":{"code":"` + code + `"},"geometry":` + geometry + `}`
	}
	square := `{"type":"Polygon","coordinates":[[[108,15],[108.1,15],[108.1,15.1],[108,15]]]}`
	collection := func(features ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	}
	for range 2 {
		if n, err := org.ImportBoundaries(ctx, db, strings.NewReader(collection(feature("20938", square), feature("20944", square)))); err != nil || n != 2 {
			t.Errorf("%d, %v", n, err)
		}
	}
	for text, want := range map[string]string{
		"nonsense": "not GeoJSON", `{"type":"Feature"}`: "FeatureCollection", collection(): "no feature",
		collection(feature("20938", square), feature("99999", square)):       `row 2, column code: no current unit has the code "99999"`,
		collection(feature("20938", `{"type":"Point","coordinates":[1,2]}`)): "row 1, column geometry",
	} {
		if _, err := org.ImportBoundaries(ctx, db, strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", text, err, want)
		}
	}
}

// TestTheWholeCountry imports the real lists where they lie beside the project.
func TestTheWholeCountry(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("HOCSO_UNITS_DATA")
	if dir == "" {
		dir = "../../../shared/data/units"
	}
	open := func(name string) *os.File {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Skip("the country's lists are not here; HOCSO_UNITS_DATA names their folder")
		}
		t.Cleanup(func() { file.Close() })
		return file
	}
	list, ways, outlines := open("units-2026-07.json"), open("legacy-to-2025.csv"), open("da-nang-2026-07.geojson")
	db := testkit.DB(t)
	for _, source := range []*os.File{list, ways} {
		file, err := org.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := org.Import(ctx, db, file, false); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := org.ImportBoundaries(ctx, db, outlines); err != nil || n != 94 {
		t.Errorf("%d outlines, %v", n, err)
	}
	for query, want := range map[string]int{
		"SELECT count(*) FROM units WHERE valid_to IS NULL AND kind = 'commune'":      3321,
		"SELECT count(*) FROM units WHERE valid_to IS NULL AND kind = 'province'":     34,
		"SELECT count(*) FROM units WHERE valid_to IS NOT NULL AND kind = 'province'": 63,
		"SELECT count(*) FROM units WHERE valid_to IS NOT NULL AND kind = 'district'": 696,
		"SELECT count(*) FROM units WHERE valid_to IS NOT NULL AND kind = 'commune'":  10035,
	} {
		if got := count(t, db, query); got != want {
			t.Errorf("%d, want %d: %s", got, want, query)
		}
	}
	if found, err := org.NewStore(db).Search(ctx, "đặc khu hoàng sa"); err != nil || len(found) == 0 || found[0].Code != "20333" {
		t.Errorf("Hoàng Sa: %v, %v", found, err)
	}
}
