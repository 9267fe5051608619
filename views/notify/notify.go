// Package notify draws the pages of notices: somebody's inbox and how they want
// to be told, what each kind says, and what could not be delivered.
package notify

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hocso/internal/notify"
	"hocso/internal/platform/i18n"
	"hocso/views/text"
)

// PageRows is how many notices or failures one page lists.
const PageRows = 20

// InboxData is a page of what somebody was told.
type InboxData struct {
	*notify.Inbox
	From int64
	Now  time.Time
}

// SettingsData is how somebody wants to be told.
type SettingsData struct {
	Wishes   *notify.Wishes
	Ways     notify.Ways
	To       *notify.Addresses
	Email    string     // as typed
	Feed     *time.Time // when the calendar's address was made; nil when there is none
	FeedURL  string     // shown once, right after it was made
	Errors   map[string]string
	Province string
}

// offered are the channels that this installation has.
func (d SettingsData) offered() []notify.Channel {
	var channels []notify.Channel
	for _, channel := range notify.Channels {
		if d.Ways.Offers(channel) {
			channels = append(channels, channel)
		}
	}
	return channels
}

// channel is what a channel is called.
func (d SettingsData) channel(ctx context.Context, channel notify.Channel) string {
	return channelName(ctx, channel, d.Ways)
}

func channelName(ctx context.Context, channel notify.Channel, ways notify.Ways) string {
	if channel == notify.Text && ways.Gateway != "" {
		return ways.Gateway
	}
	return text.T(ctx, "notify.channel_"+string(channel))
}

// goesTo is where a channel reaches the person, "" for nowhere.
func (d SettingsData) goesTo(channel notify.Channel) string {
	if channel == notify.Email {
		return d.To.Email
	}
	return d.To.Phone
}

func hours() []string {
	all := make([]string, 24)
	for hour := range all {
		all[hour] = fmt.Sprintf("%02d:00", hour)
	}
	return all
}

// TemplatesData is every kind of notice.
type TemplatesData struct{ Editions []*notify.Edition }

// TemplateData is the form of what a kind says.
type TemplateData struct {
	Edition  *notify.Edition
	Original notify.Words
	Words    notify.Words // as typed
	Wrong    map[string]notify.Wrong
	Conflict bool // somebody else changed it meanwhile
}

// preview is what is typed, filled with examples.
func (d TemplateData) preview() notify.Words { return d.Words.Fill(d.Edition.Examples()) }

func (d TemplateData) wrong(ctx context.Context, field string) string {
	found, ok := d.Wrong[field]
	switch {
	case !ok:
		return ""
	case found.What == "":
		return text.T(ctx, found.Key)
	}
	return text.T(ctx, found.Key, found.What)
}

func templatePath(kind notify.Kind) string { return "/notices/templates/" + string(kind) }

// FailuresData is what could not be delivered.
type FailuresData struct {
	Queues   []*notify.Queue
	Tallies  []*notify.Tally
	Failures []*notify.Failure
	Wanted   notify.Wanted
	From     int64
	More     bool
	Ways     notify.Ways
	Now      time.Time
}

// age is how long the oldest that is due has waited, in words.
func (d FailuresData) age(ctx context.Context, q *notify.Queue) string {
	if q.Oldest == nil {
		return "–"
	}
	if waited := d.Now.Sub(*q.Oldest); waited >= time.Hour {
		return text.T(ctx, "notify.hours", i18n.Decimal(ctx, waited.Hours()))
	} else if waited >= time.Minute {
		return text.T(ctx, "notify.minutes", int(waited.Minutes()))
	}
	return text.T(ctx, "notify.moment")
}

// link is the page with another filter or from another place.
func (d FailuresData) link(w notify.Wanted, from int64) string {
	values := url.Values{}
	for name, value := range map[string]string{"state": string(w.State), "channel": string(w.Channel), "cause": string(w.Cause)} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if from > 0 {
		values.Set("from", strconv.FormatInt(from, 10))
	}
	if len(values) == 0 {
		return "/ops/notices"
	}
	return "/ops/notices?" + values.Encode()
}

func kindNames(ctx context.Context, kinds []notify.Kind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kindName(ctx, kind)
	}
	return strings.Join(names, ", ")
}

func kindName(ctx context.Context, kind notify.Kind) string {
	return text.T(ctx, "notify.kind_"+string(kind))
}

func when(t time.Time) string { return i18n.Clock(t) + " " + i18n.Date(t) }

// lines are the lines of a text, "" between paragraphs.
func lines(s string) []string { return strings.Split(s, "\n") }

func place(n int64) string { return strconv.FormatInt(n, 10) }
