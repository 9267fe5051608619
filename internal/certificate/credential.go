package certificate

import (
	"fmt"
	"strings"
	"time"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/credential"
)

// StatusPath is where the status lists of records are. Like the address of a
// record it stands in what was signed, so it stays.
const StatusPath = "/credentials/status"

// claim is what a record says in digital form, in the words of the paper.
//
// Of the holder it tells the name alone, in plain text: whoever is given the
// file has to see whose it is, and a hash would hide nothing from somebody who
// can guess names. Where they live is left to the page that the file leads to,
// which forgets when it has to; copies of a file don't.
func (s *Sheet) claim() credential.Claim {
	c := credential.Claim{
		ID: s.Link, Issuer: s.Design.Body, Holder: s.Facts.Name, Name: s.title(),
		Description: "Ghi nhận việc học trong nội bộ tỉnh; không phải là văn bằng và không thay cho giấy tờ do pháp luật quy định.",
		Narrative:   strings.Join(strings.Fields(s.span()), " ") + ".", From: s.IssuedAt,
	}
	if s.CourseID != nil {
		c.Achievement, c.Kind, c.Criteria = s.CourseID.URN(), "Course", s.how()
	} else {
		c.Achievement, c.Kind, c.Criteria = s.ProgramID.URN(), "LearningProgram", "Hoàn thành các khóa học mà chương trình yêu cầu."
		c.Narrative += " " + s.how()
	}
	if s.ValidUntil != nil {
		y, m, d := s.ValidUntil.Date()
		c.Until = time.Date(y, m, d, 23, 59, 59, 0, clock.Zone)
	}
	return c
}

// title names what was completed, and the year of what comes every year.
func (s *Sheet) title() string {
	if s.Facts.Year == 0 {
		return s.Facts.Title
	}
	return fmt.Sprintf("%s (năm %d)", s.Facts.Title, s.Facts.Year)
}
