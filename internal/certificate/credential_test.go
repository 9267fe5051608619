package certificate

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/credential"
)

func TestWhatARecordSaysInDigitalForm(t *testing.T) {
	t.Parallel()
	program, course := example(), example()
	id := uuid.MustParse("0197a6a0-0000-7000-8000-000000000001")
	program.ProgramID, program.Facts.Year = &id, 2026
	course.ProgramID, course.Cycle, course.CourseID, course.ValidUntil = nil, nil, &id, nil
	same := credential.Claim{
		ID: "https://hocso.example.vn/v/AB3DE7GH", Issuer: "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG", Holder: "Nguyễn Thị Ánh Nguyệt",
		From: program.IssuedAt, Achievement: "urn:uuid:0197a6a0-0000-7000-8000-000000000001",
		Description: "Ghi nhận việc học trong nội bộ tỉnh; không phải là văn bằng và không thay cho giấy tờ do pháp luật quy định.",
	}
	ofProgram, ofCourse := same, same
	ofProgram.Kind, ofProgram.Name = "LearningProgram", "An toàn thông tin cho cán bộ, công chức (năm 2026)"
	ofProgram.Criteria = "Hoàn thành các khóa học mà chương trình yêu cầu."
	ofProgram.Narrative = "Thời lượng: 2,5 tiết (112 phút) · Năm học: 2026 · Hoàn thành ngày 27/11/2026 · Có giá trị đến hết ngày 26/11/2027. " +
		"Căn cứ 12/QĐ-UBND ngày 01/02/2026. Gồm: An toàn thông tin cá nhân (20/11/2026); Thư điện tử công vụ (20/11/2026, One Touch)."
	ofProgram.Until = time.Date(2027, 11, 26, 16, 59, 59, 0, time.UTC) // the last second of the day in Vietnam
	ofCourse.Kind, ofCourse.Name = "Course", "An toàn thông tin cho cán bộ, công chức"
	ofCourse.Criteria = "Tự học hết các bài, tự làm các bài thực hành và đạt bài kiểm tra, không có người làm thay."
	ofCourse.Narrative = "Thời lượng: 2,5 tiết (112 phút) · Hoàn thành ngày 27/11/2026."
	for _, x := range []struct {
		sheet *Sheet
		want  credential.Claim
	}{{program, ofProgram}, {course, ofCourse}} {
		got := x.sheet.claim()
		if !got.Until.Equal(x.want.Until) {
			t.Errorf("%s ends %v", got.Kind, got.Until)
		}
		got.Until = x.want.Until
		if got != x.want {
			t.Errorf("says\n%+v, want\n%+v", got, x.want)
		}
	}
}
