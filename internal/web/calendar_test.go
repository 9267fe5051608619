package web

import (
	"net/http"
	"testing"

	"hocso/internal/platform/config"
	"hocso/internal/worldtest"
)

// TestCalendarsAreNotAskedForTooOften: whoever tries addresses, or a program
// that went wild, is held up.
func TestCalendarsAreNotAskedForTooOften(t *testing.T) {
	t.Parallel()
	_, app := newSite(worldtest.New(t), &config.Config{})
	for i := range calendarAsks + 1 {
		want := http.StatusNotFound
		if i == calendarAsks {
			want = http.StatusTooManyRequests
		}
		if status, _, _ := ask(t, app, actor{name: "somebody"}, http.MethodGet, "/calendar/none.ics", nil); status != want {
			t.Fatalf("question %d: %d, want %d", i+1, status, want)
		}
	}
}
