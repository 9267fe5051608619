package notify_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"hocso/internal/audit"
	"hocso/internal/notify"
	"hocso/internal/platform/carrier"
	"hocso/internal/platform/config"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/gateway"
)

// TestTheAddressOfACalendar opens one person's, until there is a new one, it is
// switched off or its person is suspended.
func TestTheAddressOfACalendar(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := o.official("an@example.vn")
	closed := func(when, token string) {
		t.Helper()
		if _, err := o.Feed(ctx, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", when, err)
		}
	}
	closed("a guess", "none")
	first, err := o.NewFeed(ctx, audit.By{}, person.ID)
	must(t, err)
	second, err := o.NewFeed(ctx, audit.By{}, person.ID)
	must(t, err)
	closed("an earlier one", first)
	if of, err := o.Feed(ctx, second); err != nil || of != person.ID {
		t.Errorf("%v, %v", of, err)
	}
	o.run("UPDATE people SET suspended_at = now() WHERE id = ?", person.ID)
	closed("suspended", second)
	o.run("UPDATE people SET suspended_at = NULL WHERE id = ?", person.ID)
	must(t, o.EndFeed(ctx, audit.By{}, person.ID))
	closed("switched off", second)
}

// TestAShortMessage goes to the phone of who asked for it, and to nobody else's.
func TestAShortMessage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var mu sync.Mutex
	var posted []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ To, Text string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		posted = append(posted, body.To+" "+body.Text)
	}))
	defer server.Close()
	clock := func() time.Time { return o.now }
	ways := notify.Ways{
		Carriers: map[notify.Channel]carrier.Carrier{notify.Text: gateway.New(config.Gateway{URL: server.URL, Secret: strings.Repeat("k", 32)}, clock)}, URL: "https://hocso.example.vn",
	}
	service := notify.NewService(o.w.DB, o.w.Bell, ways, clock, slog.New(slog.NewTextHandler(io.Discard, nil)))
	asked, silent := o.official("an@example.vn"), o.official("binh@example.vn")
	o.run("UPDATE people SET phone = '0905123456'")
	wishes := notify.DefaultWishes(asked.ID)
	wishes.Channels[notify.Reminders], wishes.ChangedAt = []notify.Channel{notify.Text}, o.now
	must(t, notify.NewStore(o.w.DB).SaveWishes(ctx, wishes))
	o.tell(asked.ID, "due/1")
	o.tell(silent.ID, "due/1")
	o.workAs(service)
	o.is("sent", "sent:1", 0)
	if want := "0905123456 “An toàn thông tin” còn 7 ngày (hạn 04/12/2026), bạn đã xong 0/1 khóa. https://hocso.example.vn/me/programs"; len(posted) != 1 || posted[0] != want {
		t.Errorf("posted %q, want %q", posted, want)
	}
}
