package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hocso/internal/certificate"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/shortcode"
)

// completions is how many people complete a course at once.
const completions = 20_000

// issuing measures how many records a second the worker issues, and how many
// papers one core draws and how large they are.
func issuing(ctx context.Context, r *rig, o Options) (Results, error) {
	before, err := r.db.NewSelect().Table("certificates").Count(ctx)
	if err != nil {
		return nil, err
	}
	course, version := uuid.New(), uuid.New()
	began := time.Now()
	if err := execAll(ctx, r.db,
		`WITH c AS (INSERT INTO courses (id, slug, skill, position, version_id) VALUES (?0, 'do-giay', 'safety', 999, ?1))
			INSERT INTO course_versions (id, course_id, number, checksum, title, summary, minutes, cover, cover_alt, imported_at)
			VALUES (?1, ?0, 1, 'giay', 'Khóa đo giấy', '', 90, '', '', now())`,
		`INSERT INTO enrolments (id, person_id, course_id, version_id, unit_id, enrolled_at, started_at, passed_at, completed_at, independent_at)
			SELECT gen_random_uuid(), id, ?0, ?1, home_unit_id, now(), now(), now(), now(), now() FROM people WHERE registered_at IS NOT NULL LIMIT ?2`,
	)(course, version, completions); err != nil {
		return nil, err
	}
	if err := r.drained(ctx, "certificate_touched"); err != nil {
		return nil, err
	}
	took := time.Since(began)
	after, err := r.db.NewSelect().Table("certificates").Count(ctx)
	if err != nil {
		return nil, err
	}
	if after-before != completions {
		return nil, fmt.Errorf("%d records of %d completions", after-before, completions)
	}
	rate, size, err := drawing(o.Span)
	return Results{
		figure("records of completion issued", completions/took.Seconds(), "1/s"),
		atLeast("records drawn as PDF on one core", rate, "1/s", 50),
		atMost("a record as PDF", size, "KB", 60),
	}, err
}

// drawing draws one paper after another for a while.
func drawing(span time.Duration) (rate, size float64, err error) {
	now := clock.System()
	program, cycle, until := uuid.New(), 1, clock.Day(now).AddDate(1, 0, 0)
	sheet := &certificate.Sheet{
		Record: &certificate.Record{
			Code: shortcode.New(), ProgramID: &program, Cycle: &cycle, CompletedOn: clock.Day(now), ValidUntil: &until, IssuedAt: now,
			Facts: certificate.Facts{
				Name: "Nguyễn Thị Ánh Nguyệt", Unit: "Thôn 2, Xã Nam Trà My", Title: "An toàn thông tin cho cán bộ, công chức", Minutes: 112, Decision: "12/QĐ-UBND",
				Parts: []certificate.Part{{Title: "An toàn thông tin cá nhân", On: clock.Day(now)}, {Title: "Thư điện tử công vụ", On: clock.Day(now), Issuer: "One Touch"}},
			},
		},
		Design: certificate.FirstDesign("Thành phố Đà Nẵng"),
	}
	sheet.Link = certificate.Link("https://hocso.example.vn", sheet.Code)
	drawn := 0
	began := time.Now()
	for ; time.Since(began) < span; drawn++ {
		file, err := sheet.PDF()
		if err != nil {
			return 0, 0, err
		}
		size = float64(len(file)) / 1024
	}
	return float64(drawn) / time.Since(began).Seconds(), size, nil
}
