package program

import (
	"strings"
	"time"

	"hocso/internal/platform/fault"
)

// The most that a definition may hold.
const (
	maxCourses   = 40
	maxDays      = 3660
	maxTitle     = 200
	maxSummary   = 1000
	maxReminders = 10
)

// check tidies a definition and tells what is wrong with it, field by field.
// A draft may lack what publishing needs.
func (d *Definition) check(publishing bool, today time.Time) error {
	d.Title, d.Summary = strings.Join(strings.Fields(d.Title), " "), strings.TrimSpace(d.Summary)
	d.Decision.Number = strings.Join(strings.Fields(d.Decision.Number), " ")
	wrong := map[string]string{}
	say := func(is bool, field, key string) {
		if _, said := wrong[field]; is && !said {
			wrong[field] = "program." + key
		}
	}
	say(d.Title == "", "title", "title_missing")
	say(len([]rune(d.Title)) > maxTitle, "title", "too_long")
	say(len([]rune(d.Summary)) > maxSummary, "summary", "too_long")
	say(len([]rune(d.Decision.Number)) > 80, "decision_number", "too_long")
	say(d.Decision.Date != nil && d.Decision.Date.After(today), "decision_date", "decision_in_future")
	say(len(d.Courses) > maxCourses, "courses", "too_many_courses")
	say(d.Need < 0 || d.Need > len(d.Courses), "need", "need_wrong")
	say(d.Tiet < 0 || d.Tiet > 400, "tiet", "tiet_wrong")
	say(d.Tiet > 0 && d.Rhythm != Yearly, "tiet", "tiet_needs_year")
	say(d.DueDays < 0 || d.DueDays > maxDays, "due_days", "days_wrong")
	say(d.DueDays > 0 && d.DueOn != nil, "due_days", "two_deadlines")
	say(d.DueDays > 0 && d.Rhythm == Yearly, "due_days", "due_days_yearly")
	say(d.Newcomer < 0 || d.Newcomer > maxDays, "newcomer", "days_wrong")
	say(d.DueSoon < 0 || d.DueSoon > 365, "due_soon", "days_wrong")
	say(d.Rhythm == Renew && (d.ValidFor < 1 || d.ValidFor > 120), "valid_for", "months_wrong")
	say(d.Rhythm == Renew && (d.RenewAhead < 1 || d.RenewAhead > d.ValidFor*28), "renew_ahead", "window_wrong")
	say(len(d.Remind.Before) > maxReminders || len(d.Remind.After) > maxReminders, "remind_before", "too_many_reminders")
	say(outside(d.Remind.Before), "remind_before", "days_wrong")
	say(outside(d.Remind.After), "remind_after", "days_wrong")
	say(d.Remind.Escalate < 0 || d.Remind.Escalate > 365, "escalate", "days_wrong")
	say(d.Audience.From != nil && d.Audience.To != nil && d.Audience.From.After(*d.Audience.To), "appointed_to", "ends_before_start")
	for _, words := range d.Audience.Positions {
		say(len([]rune(words)) > 120, "positions", "too_long")
	}
	say(len(d.Audience.Positions) > 20, "positions", "too_long")
	for _, ref := range d.Audience.NotDone {
		for _, course := range d.Courses {
			say(ref.Course != nil && *ref.Course == course, "not_done", "circle_own_course")
		}
	}
	if publishing {
		say(len(d.Courses) == 0 && d.Tiet == 0, "courses", "courses_missing")
		say(d.Decision.Number == "", "decision_number", "decision_missing")
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong)
	}
	return nil
}

// outside tells whether a day of a reminder lies outside a year.
func outside(days []int) bool {
	for _, d := range days {
		if d < 0 || d > 365 {
			return true
		}
	}
	return false
}

// pastDeadline tells whether everybody would be late from the beginning.
func (d *Definition) pastDeadline(today time.Time) bool {
	return d.Rhythm != Yearly && d.DueOn != nil && d.DueOn.Before(today)
}
