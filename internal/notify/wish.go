package notify

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
)

// Channel is a way of telling beside the inbox.
type Channel string

// The channels.
const (
	Email Channel = "email"
	Text  Channel = "text" // SMS or Zalo, through a gateway
)

// Channels lists them in the order in which pages show them.
var Channels = []Channel{Email, Text}

// mostADay is how many messages a person gets in a day over one channel; what
// is more waits for the next morning and comes in one.
var mostADay = map[Channel]int{Email: 5, Text: 2}

// digestHour is when those are told who want one message a day.
const digestHour = 8

// Wishes are how somebody wants to be told. The inbox tells everything at once.
type Wishes struct {
	bun.BaseModel `bun:"table:notice_wishes,alias:nw"`

	PersonID   uuid.UUID           `bun:",pk,type:uuid"`
	Channels   map[Group][]Channel `bun:"type:jsonb"`
	Daily      bool                // one message a day instead of at once
	QuietFrom  int                 // hours of Asia/Ho_Chi_Minh, 0 to 23
	QuietUntil int                 // the same as QuietFrom for no quiet at all
	ChangedAt  time.Time
}

// DefaultWishes are those of somebody who chose nothing: e-mail at once, and
// quiet from 21:00 to 7:00. A telephone may be a household's: nobody is told
// things there who did not ask for it.
func DefaultWishes(person uuid.UUID) *Wishes {
	w := &Wishes{PersonID: person, Channels: map[Group][]Channel{}, QuietFrom: 21, QuietUntil: 7}
	for _, group := range Groups {
		w.Channels[group] = []Channel{Email}
	}
	return w
}

// Wants tells whether a group is to be told over a channel.
func (w *Wishes) Wants(group Group, channel Channel) bool {
	return slices.Contains(w.Channels[group], channel)
}

// Due is when something that is so since a time may be sent.
func (w *Wishes) Due(at time.Time) time.Time {
	if w.Daily {
		at = next(at, digestHour)
	}
	return w.Open(at)
}

// Open is the first moment from a time on that is not in the quiet hours.
func (w *Wishes) Open(at time.Time) time.Time {
	hour := at.In(clock.Zone).Hour()
	quiet := hour >= w.QuietFrom && hour < w.QuietUntil
	if w.QuietFrom > w.QuietUntil { // over midnight
		quiet = hour >= w.QuietFrom || hour < w.QuietUntil
	}
	if !quiet {
		return at
	}
	return next(at, w.QuietUntil)
}

// Tomorrow is when somebody is told again who was told enough today.
func (w *Wishes) Tomorrow(at time.Time) time.Time {
	y, m, d := at.In(clock.Zone).Date()
	return w.Open(time.Date(y, m, d+1, digestHour, 0, 0, 0, clock.Zone))
}

// next is the first time after at when a clock in Zone shows that hour.
func next(at time.Time, hour int) time.Time {
	y, m, d := at.In(clock.Zone).Date()
	found := time.Date(y, m, d, hour, 0, 0, 0, clock.Zone)
	if !found.After(at) {
		found = time.Date(y, m, d+1, hour, 0, 0, 0, clock.Zone)
	}
	return found
}
