package audit

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/fault"
)

func TestDays(t *testing.T) {
	for _, test := range []struct {
		from, to     string
		since, until string // UTC; "" for no limit
		wrong        string // field
	}{
		{},
		{from: "2026-01-31", since: "2026-01-30T17:00:00Z"},
		{to: "2026-01-31", until: "2026-01-31T17:00:00Z"}, // the whole last day
		{from: "2026-02-28", to: "2026-02-28", since: "2026-02-27T17:00:00Z", until: "2026-02-28T17:00:00Z"},
		{from: "2026-03-02", to: "2026-03-01", wrong: "to"},
		{from: "31/01/2026", wrong: "from"},
		{to: "2026-02-30", wrong: "to"},
	} {
		since, until, err := Days(test.from, test.to)
		if _, wrong := fault.FieldsOf(err)[test.wrong]; wrong != (test.wrong != "") {
			t.Errorf("%q to %q: %v", test.from, test.to, err)
		}
		if test.wrong == "" && (moment(since) != test.since || moment(until) != test.until) {
			t.Errorf("%q to %q: %s to %s", test.from, test.to, moment(since), moment(until))
		}
	}
}

func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func TestCursors(t *testing.T) {
	entry := &Entry{ID: uuid.Must(uuid.NewV7()), At: time.Date(2026, 1, 31, 23, 59, 59, 123_456_000, time.UTC)}
	at, id, ok := readCursor(cursor(entry))
	if !ok || !at.Equal(entry.At) || id != entry.ID {
		t.Errorf("%v, %v, %v", at, id, ok)
	}
	for _, text := range []string{"", "x", "2026-01-31", "2026-01-31T23:59:59.123456Z", "2026-01-31T23:59:59.123456Z_x", "_" + entry.ID.String()} {
		if _, _, ok := readCursor(text); ok {
			t.Errorf("%q is read as a cursor", text)
		}
	}
}
