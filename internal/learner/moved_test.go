package learner

import (
	"testing"
	"time"

	"hocso/internal/identity"
)

// TestWhatIsLeftOfALesson when a merge is taken back.
func TestWhatIsLeftOfALesson(t *testing.T) {
	t.Parallel()
	first, second, merged, since := time.Unix(100, 0), time.Unix(200, 0), time.Unix(300, 0), time.Unix(400, 0)
	lessonAt := func(at time.Time, support identity.Support, alone *time.Time) finished {
		return finished{FinishedAt: at, Support: support, AloneAt: alone}
	}
	doneFor, helped := lessonAt(second, identity.DoneFor, nil), lessonAt(first, identity.Helped, nil)
	alone := lessonAt(first, identity.Self, &since)
	for name, c := range map[string]struct {
		before     *finished
		after, now finished // as the merge left it, and now
		want       *finished
	}{
		"came along":                       {nil, helped, helped, nil},
		"both had it":                      {&doneFor, helped, helped, &doneFor},
		"came along, then alone":           {nil, helped, alone, &finished{since, identity.Self, nil, &since}},
		"both had it, then alone":          {&doneFor, helped, alone, &finished{second, identity.Self, nil, &since}},
		"came along done for, then helped": {nil, doneFor, lessonAt(second, identity.Helped, nil), &finished{merged, identity.Helped, nil, nil}},
	} {
		got := lesson{Before: c.before, After: c.after}.own(c.now, merged)
		if (got == nil) != (c.want == nil) || got != nil && !got.equal(*c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
