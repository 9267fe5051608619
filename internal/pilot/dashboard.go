package pilot

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

// Service makes figures and reads them.
type Service struct {
	db      *bun.DB
	library *course.Library
	now     clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, library *course.Library, now clock.Clock) *Service {
	return &Service{db: db, library: library, now: now}
}

// View is what part of a unit's figures is asked for.
type View struct {
	Code   string // of the unit
	Course string // slug; "" for all courses together
	Days   int    // length of the trend, today included
}

// Dashboard reads the figures of a unit in the scope; a unit outside it is a
// fault.NotFound. It reads rollup rows only: its cost grows with units and
// courses, not with learners.
func (s *Service) Dashboard(ctx context.Context, scope org.Scope, view View) (*Dashboard, error) {
	unit, err := org.NewStore(s.db).Current(ctx, scope, view.Code)
	if err != nil {
		return nil, err
	}
	dashboard := &Dashboard{Kind: unit.Kind}
	dashboard.Unit.UnitID, dashboard.Unit.Code, dashboard.Unit.Name = unit.ID, unit.Code, unit.Name
	if err := s.courses(ctx, dashboard); err != nil {
		return nil, err
	}
	var only *uuid.UUID
	if view.Course != "" {
		version, err := s.library.Current(ctx, view.Course)
		if err != nil {
			return nil, err
		}
		only = &version.CourseID
	}
	for _, figures := range dashboard.Courses {
		if only == nil || *only == figures.CourseID {
			dashboard.Unit.Counts = dashboard.Unit.Counts.Add(figures.Counts)
		}
	}
	if dashboard.Units, err = s.below(ctx, unit.ID, only); err != nil {
		return nil, err
	}
	if dashboard.Days, err = s.days(ctx, unit.ID, only, view.Days); err != nil {
		return nil, err
	}
	dashboard.RolledAt, err = s.freshness(ctx)
	return dashboard, err
}

// courses reads every course's counts in the unit.
func (s *Service) courses(ctx context.Context, dashboard *Dashboard) error {
	shelf, err := s.library.Shelf(ctx)
	if err != nil {
		return err
	}
	var rows []CourseFigures
	err = s.db.NewSelect().TableExpr("pilot_totals").
		Column("course_id", "enrolled", "started", "completed", "passed", "graded", "score_sum").
		Where("unit_id = ?", dashboard.Unit.UnitID).Scan(ctx, &rows)
	if err != nil {
		return postgres.Wrap(err, "figures by course")
	}
	byCourse := make(map[uuid.UUID]Counts, len(rows))
	for _, row := range rows {
		byCourse[row.CourseID] = row.Counts
	}
	for _, version := range shelf {
		dashboard.Courses = append(dashboard.Courses, CourseFigures{
			CourseID: version.CourseID, Slug: version.Slug, Title: version.Title, Counts: byCourse[version.CourseID],
		})
	}
	return nil
}

// below reads the counts of the current units directly below, by name.
func (s *Service) below(ctx context.Context, parent uuid.UUID, only *uuid.UUID) ([]UnitFigures, error) {
	var units []UnitFigures
	err := s.db.NewRaw(`
		SELECT u.id AS unit_id, u.code, u.name,
		       coalesce(sum(enrolled), 0)::bigint AS enrolled, coalesce(sum(started), 0)::bigint AS started,
		       coalesce(sum(completed), 0)::bigint AS completed, coalesce(sum(passed), 0)::bigint AS passed,
		       coalesce(sum(graded), 0)::bigint AS graded, coalesce(sum(score_sum), 0)::bigint AS score_sum
		FROM units u LEFT JOIN pilot_totals t ON t.unit_id = u.id AND (?0::uuid IS NULL OR t.course_id = ?0)
		WHERE u.parent_id = ?1 AND u.valid_to IS NULL
		GROUP BY u.id ORDER BY u.name COLLATE "vi-x-icu"`, only, parent).Scan(ctx, &units)
	return units, postgres.Wrap(err, "figures of units below")
}

// days reads a row for each of the last n days, also the empty ones.
func (s *Service) days(ctx context.Context, unit uuid.UUID, only *uuid.UUID, n int) ([]DayFigures, error) {
	last := clock.Day(s.now())
	first := last.AddDate(0, 0, 1-n)
	var rows []DayFigures
	err := s.db.NewRaw(`
		SELECT day, sum(enrolled)::bigint AS enrolled, sum(started)::bigint AS started,
		       sum(completed)::bigint AS completed, sum(passed)::bigint AS passed,
		       sum(graded)::bigint AS graded, sum(score_sum)::bigint AS score_sum
		FROM pilot_days
		WHERE unit_id = ?0 AND day BETWEEN ?1 AND ?2 AND (?3::uuid IS NULL OR course_id = ?3)
		GROUP BY day`, unit, first.Format(time.DateOnly), last.Format(time.DateOnly), only).Scan(ctx, &rows)
	if err != nil {
		return nil, postgres.Wrap(err, "figures by day")
	}
	byDay := make(map[string]Counts, len(rows))
	for _, row := range rows {
		byDay[row.Day.Format(time.DateOnly)] = row.Counts
	}
	days := make([]DayFigures, n)
	for i := range days {
		day := first.AddDate(0, 0, i)
		days[i] = DayFigures{Day: day, Counts: byDay[day.Format(time.DateOnly)]}
	}
	return days, nil
}

// freshness is the moment up to which the figures are whole: now, when the
// last event has been added.
func (s *Service) freshness(ctx context.Context) (at time.Time, err error) {
	err = s.db.NewRaw(`
		SELECT CASE WHEN (last.xid, last.seq) > (w.xid, w.seq) THEN w.rolled_at ELSE now() END
		FROM pilot_watermark w LEFT JOIN LATERAL (
			SELECT xid, seq FROM progress_events ORDER BY xid DESC, seq DESC LIMIT 1) last ON true`).Scan(ctx, &at)
	return at, postgres.Wrap(err, "age of figures")
}

// Behind tells how many events the figures do not hold yet.
func (s *Service) Behind(ctx context.Context) (int, error) {
	count := 0
	err := s.db.NewRaw("SELECT count(*) FROM progress_events e WHERE "+pastWatermark).Scan(ctx, &count)
	return count, postgres.Wrap(err, "events not rolled up")
}
