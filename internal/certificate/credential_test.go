package certificate

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/credential"
)

func TestWhatARecordSaysInDigitalForm(t *testing.T) {
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }
	id := uuid.MustParse("0197a6a0-0000-7000-8000-000000000001")
	end, issued := day(time.December, 31), time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC)
	course := &Record{
		Code: "7KQM2XWA", CourseID: &id, CompletedOn: day(time.November, 26), IssuedAt: issued,
		Facts: Facts{Name: "Hồ Thị Nguyệt", Unit: "Thôn 1, Xã Nam Trà My", Title: "Dùng Internet", Minutes: 60, Parts: []Part{{Title: "Dùng Internet", On: day(time.November, 26)}}},
	}
	program := &Record{
		Code: "7KQM2XWA", ProgramID: &id, CompletedOn: day(time.November, 26), IssuedAt: issued, ValidUntil: &end,
		Facts: Facts{
			Name: "Hồ Thị Nguyệt", Title: "An toàn thông tin", Minutes: 450, Year: 2026, Decision: "12/QĐ-UBND ngày 01/02/2026",
			Parts: []Part{{Title: "Thư điện tử", On: day(time.March, 1)}, {Title: "An toàn", On: day(time.November, 26), Issuer: "One Touch"}},
		},
	}
	same := credential.Claim{
		Path: "/v/7KQM2XWA", Issuer: "UBND THÀNH PHỐ", Holder: "Hồ Thị Nguyệt", From: issued, Achievement: "urn:uuid:0197a6a0-0000-7000-8000-000000000001",
		Description: "Ghi nhận hoàn thành, dùng trong nội bộ tỉnh; không phải văn bằng, chứng chỉ.",
	}
	ofCourse, ofProgram := same, same
	ofCourse.Kind, ofCourse.Name = "Course", "Dùng Internet"
	ofCourse.Criteria = "Học hết các bài của khóa học và tự mình làm đạt bài kiểm tra."
	ofCourse.Narrative = "Hoàn thành ngày 26/11/2026, 1,3 tiết."
	ofProgram.Kind, ofProgram.Name = "LearningProgram", "An toàn thông tin (năm 2026)"
	ofProgram.Criteria = "Hoàn thành các khóa học mà chương trình yêu cầu theo 12/QĐ-UBND ngày 01/02/2026."
	ofProgram.Narrative = "Hoàn thành ngày 26/11/2026, 10,0 tiết, gồm: Thư điện tử (01/03/2026); An toàn (26/11/2026, One Touch cấp)."
	ofProgram.Until = time.Date(2026, 12, 31, 16, 59, 59, 0, time.UTC) // the last second of the day in Vietnam
	for _, x := range []struct {
		record *Record
		want   credential.Claim
	}{{course, ofCourse}, {program, ofProgram}} {
		got := x.record.claim("UBND THÀNH PHỐ")
		if !got.Until.Equal(x.want.Until) {
			t.Errorf("%s ends %v", got.Kind, got.Until)
		}
		got.Until = x.want.Until
		if got != x.want {
			t.Errorf("says\n%+v, want\n%+v", got, x.want)
		}
	}
}
