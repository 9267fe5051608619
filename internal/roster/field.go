package roster

import (
	"regexp"
	"strings"

	"hocso/internal/org"
)

// Field is what a column is about.
type Field string

// The fields that we know.
const (
	Name      Field = "name"
	LastNames Field = "last_names" // "Họ, đệm", where the given name stands in a column of its own
	GivenName Field = "given_name"
	Born      Field = "born" // a date or a year; the year is kept
	Phone     Field = "phone"
	Email     Field = "email"
	Hamlet    Field = "hamlet"
	Address   Field = "address"
	Commune   Field = "commune"
	Agency    Field = "agency"
	UnitCode  Field = "unit_code"
	Position  Field = "position"
	StaffCode Field = "staff_code"
	Code      Field = "code" // the learner's own code

	ignored Field = "ignored" // known and of no use: STT, Giới tính
	sexes   Field = "sexes"   // "Nam" and "Nữ" below "Năm sinh": the year stands in one of two columns
)

// titles are what columns are called, folded (see org.Fold). A column that is
// called otherwise is told of and never kept.
var titles = map[Field][]string{
	Name:      {"ho va ten", "ho ten", "ho va ten khai sinh", "ho va ten can bo", "ho ten can bo", "ho va ten hoc vien", "ho va ten nguoi hoc", "ten nguoi hoc", "hoc vien", "ho ten hoc vien", "full name", "name"},
	LastNames: {"ho", "ho dem", "ho va dem", "ho va ten dem", "ho va chu dem", "ho lot", "ho va ten lot", "ho chu lot"},
	GivenName: {"ten"},
	Born:      {"ngay sinh", "nam sinh", "ngay thang nam sinh", "ngay thang nam", "sinh ngay", "sinh nam", "ngay sinh nam sinh", "nam sinh ngay sinh", "ns", "date of birth", "birth year", "year of birth", "born"},
	Phone:     {"dien thoai", "so dien thoai", "sdt", "so dt", "dt", "di dong", "so di dong", "dien thoai di dong", "so dien thoai di dong", "dtdd", "dien thoai lien he", "so dien thoai lien he", "sdt lien he", "phone", "mobile", "tel"},
	Email:     {"email", "e mail", "mail", "thu dien tu", "dia chi email", "dia chi thu dien tu", "thu cong vu", "email cong vu", "thu dien tu cong vu"},
	Hamlet:    {"thon", "to", "to dan pho", "tdp", "thon to", "to thon", "thon to dan pho", "to dan pho thon", "thon ban", "ban", "ap", "khoi", "khoi pho", "khu pho", "khu dan cu", "thon ban to dan pho", "thon tdp", "hamlet"},
	Address:   {"dia chi", "noi o", "cho o", "cho o hien nay", "noi o hien nay", "dia chi thuong tru", "noi thuong tru", "thuong tru", "noi cu tru", "dia chi lien he", "address"},
	Commune:   {"xa", "phuong", "xa phuong", "phuong xa", "xa phuong dac khu", "xa phuong thi tran", "ten xa", "ten xa phuong", "commune"},
	Agency:    {"co quan", "don vi", "co quan don vi", "don vi co quan", "don vi cong tac", "co quan cong tac", "noi cong tac", "co quan don vi cong tac", "phong ban", "phong ban don vi", "ten don vi", "ten co quan", "agency", "unit"},
	UnitCode:  {"ma don vi", "ma xa", "ma phuong", "ma xa phuong", "ma phuong xa", "ma co quan", "ma thon", "ma dvhc", "unit code"},
	Position:  {"chuc vu", "chuc danh", "chuc vu chuc danh", "chuc danh chuc vu", "vi tri viec lam", "vi tri cong tac", "position", "title"},
	StaffCode: {"ma can bo", "ma cb", "ma cbcc", "ma cbccvc", "ma nv", "ma nhan vien", "ma cong chuc", "ma can bo cong chuc", "ma so can bo", "so hieu cong chuc", "so hieu cbcc", "staff code"},
	Code:      {"ma hoc", "ma hoc vien", "ma nguoi hoc", "ma ca nhan", "learner code"},
	ignored:   {"stt", "tt", "so tt", "so thu tu", "no", "gioi tinh", "gioi", "phai", "nam nu", "ghi chu", "note", "notes", "loi", "errors"},
	sexes:     {"nam", "nu"},
}

var fieldOf = func() map[string]Field {
	index := map[string]Field{}
	for field, names := range titles {
		for _, name := range names {
			index[name] = field
		}
	}
	return index
}()

var (
	bracketed = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]`)
	either    = regexp.MustCompile(`[/,;\n]| hoặc `)
)

// fieldCalled finds what a column of a title is about; "" when we don't know.
// "Chức vụ/Chức danh" is what its parts agree on.
func fieldCalled(title string) Field {
	title = bracketed.ReplaceAllString(title, " ")
	if field, ok := fieldOf[org.Fold(title)]; ok {
		return field
	}
	var agreed Field
	for _, part := range either.Split(title, -1) {
		switch field := fieldOf[org.Fold(part)]; {
		case field == "":
		case agreed != "" && agreed != field:
			return ""
		default:
			agreed = field
		}
	}
	return agreed
}

// clean writes a cell in one line, composed, without the invisible characters
// that copying from Word brings.
func clean(cell string) string {
	return strings.Join(strings.Fields(invisible.Replace(compose(cell))), " ")
}

var invisible = strings.NewReplacer("\u00a0", " ", "\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "", "\x00", "")
