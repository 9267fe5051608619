package notify

import (
	"context"
	"fmt"
	"time"

	ical "github.com/arran4/golang-ical"

	"hocso/internal/program"
	"hocso/views/text"
)

// alarms are how long before the first minute of its last day a deadline is
// called to mind: at nine in the morning three days and one day ahead.
var alarms = []string{"-P2DT15H", "-PT15H"}

// Calendar writes open deadlines for calendar programs (RFC 5545). The same
// deadlines make the same bytes, so that whoever has them is sent nothing.
// site is the site's address; host, its name, makes ids that stay.
func Calendar(ctx context.Context, site, host string, deadlines []*program.Row) []byte {
	cal := ical.NewCalendarFor("-//Hoc So//" + host + "//VI")
	cal.SetMethod(ical.MethodPublish)
	name := text.T(ctx, "notify.calendar_name")
	cal.SetName(name)
	cal.SetXWRCalName(name)
	cal.SetXWRTimezone("Asia/Ho_Chi_Minh")
	cal.SetRefreshInterval("PT6H", ical.WithValue(string(ical.ValueDataTypeDuration)))
	cal.SetXPublishedTTL("PT6H")
	for _, d := range deadlines {
		// Whole days belong to no time zone: the deadline is that day wherever the phone is.
		event := cal.AddEvent(fmt.Sprintf("%s-%d@%s", d.ID, d.Cycle, host))
		event.SetDtStampTime(d.Since)
		event.SetSequence(int(d.DueOn.Unix() / int64(24*time.Hour/time.Second))) // a later deadline is a later edition
		event.SetAllDayStartAt(*d.DueOn)
		event.SetAllDayEndAt(d.DueOn.AddDate(0, 0, 1))
		event.SetSummary(text.T(ctx, "notify.calendar_event", d.Title))
		event.SetURL(site + "/me/programs")
		event.SetTimeTransparency(ical.TransparencyTransparent)
		for _, trigger := range alarms {
			alarm := event.AddAlarm()
			alarm.SetAction(ical.ActionDisplay)
			alarm.SetTrigger(trigger)
			alarm.SetProperty(ical.ComponentPropertyDescription, text.T(ctx, "notify.calendar_event", d.Title))
		}
	}
	return []byte(cal.Serialize())
}
