package program

import (
	"slices"
	"time"

	"hocso/internal/notify"
)

// The kinds of notice that this room has to say.
const (
	NoticeAssigned   notify.Kind = "program-assigned"
	NoticeDue        notify.Kind = "program-due"
	NoticeOverdue    notify.Kind = "program-overdue"
	NoticeExpiring   notify.Kind = "program-expiring"
	NoticeReleased   notify.Kind = "program-released"
	NoticeReminder   notify.Kind = "program-reminder"   // by the head of the unit
	NoticeEscalation notify.Kind = "program-escalation" // to the head of the unit
	NoticeExtended   notify.Kind = "program-extended"
	NoticeExempted   notify.Kind = "program-exempted"
	NoticeExternal   notify.Kind = "program-external" // a certificate of another platform was decided on
)

// reminder is one reminder that is due.
type reminder struct {
	kind notify.Kind
	mark int // days before the deadline, negative after it: names the occasion
}

// reminder tells what somebody is to be reminded of today. It is the latest
// mark that has passed, so that a day without a worker loses nothing, and none
// from before they joined; the occasion keeps it from being said twice.
func (t *Terms) reminder(s *Standing, joined, today time.Time) (reminder, bool) {
	if !s.State.Open() || s.DueOn == nil {
		return reminder{}, false
	}
	passed := time.Time{}
	found := reminder{}
	for _, mark := range t.marks() {
		on := s.DueOn.AddDate(0, 0, -mark)
		if !on.After(today) && !on.Before(joined) && on.After(passed) {
			passed, found = on, reminder{kind: t.kindOf(s, mark), mark: mark}
		}
	}
	// What was to be said weeks ago, before the programme asked for it, is not said now.
	return found, !passed.IsZero() && today.Sub(passed) <= 7*24*time.Hour && (found.mark >= 0) == !today.After(*s.DueOn)
}

func (t *Terms) kindOf(s *Standing, mark int) notify.Kind {
	switch {
	case mark < 0:
		return NoticeOverdue
	case s.State == Expiring:
		return NoticeExpiring
	}
	return NoticeDue
}

// marks are the days before the deadline on which people are reminded,
// negative for after it.
func (t *Terms) marks() []int {
	marks := slices.Clone(t.Remind.Before)
	for _, days := range t.Remind.After {
		if days > 0 {
			marks = append(marks, -days)
		}
	}
	return marks
}

// nextReminder is the first day after today on which there is a reminder.
func (t *Terms) nextReminder(s *Standing, today time.Time) *time.Time {
	if !s.State.Open() || s.DueOn == nil {
		return nil
	}
	var next *time.Time
	for _, mark := range t.marks() {
		on := s.DueOn.AddDate(0, 0, -mark)
		if on.After(today) && (next == nil || on.Before(*next)) {
			next = &on
		}
	}
	return next
}
