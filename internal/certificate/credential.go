package certificate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/i18n"
)

// Where the site shows a record to everybody, and where its status lists are.
// Both stand in what was signed, so they stay.
const (
	VerifyPath = "/v/"
	StatusPath = "/credentials/status"
)

// claim is what a record says in digital form, in Vietnamese as the paper is;
// body is who issues it.
//
// Of the holder it tells the name alone, as the paper does: whoever is given
// the file has to see whose it is, and a hash would hide nothing from somebody
// who can guess names. Where they live is left to the page that the file leads
// to, which forgets when it has to; copies of a file don't.
func (r *Record) claim(body string) credential.Claim {
	c := credential.Claim{
		Path: VerifyPath + r.Code, Issuer: body, Holder: r.Facts.Name, Name: r.Facts.Title,
		Description: "Ghi nhận hoàn thành, dùng trong nội bộ tỉnh; không phải văn bằng, chứng chỉ.",
		Narrative:   r.narrative(), From: r.IssuedAt,
	}
	if r.CourseID != nil {
		c.Achievement, c.Kind = r.CourseID.URN(), "Course"
		c.Criteria = "Học hết các bài của khóa học và tự mình làm đạt bài kiểm tra."
	} else {
		c.Achievement, c.Kind = r.ProgramID.URN(), "LearningProgram"
		c.Criteria = "Hoàn thành các khóa học mà chương trình yêu cầu"
		if r.Facts.Decision != "" {
			c.Criteria += " theo " + r.Facts.Decision
		}
		c.Criteria += "."
	}
	if r.Facts.Year != 0 {
		c.Name += fmt.Sprintf(" (năm %d)", r.Facts.Year)
	}
	if r.ValidUntil != nil {
		y, m, d := r.ValidUntil.Date()
		c.Until = time.Date(y, m, d, 23, 59, 59, 0, clock.Zone)
	}
	return c
}

// narrative tells what this holder did: "Hoàn thành ngày 27/11/2026, 4,5 tiết,
// gồm: Thư điện tử (20/11/2026); An toàn thông tin (27/11/2026, One Touch cấp)."
func (r *Record) narrative() string {
	text := fmt.Sprintf("Hoàn thành ngày %s, %s tiết", i18n.Date(r.CompletedOn), i18n.Decimal(context.Background(), r.Facts.Tiet()))
	if r.ProgramID == nil {
		return text + "."
	}
	parts := make([]string, len(r.Facts.Parts))
	for i, part := range r.Facts.Parts {
		how := i18n.Date(part.On)
		if part.Issuer != "" {
			how += ", " + part.Issuer + " cấp"
		}
		parts[i] = part.Title + " (" + how + ")"
	}
	return text + ", gồm: " + strings.Join(parts, "; ") + "."
}
