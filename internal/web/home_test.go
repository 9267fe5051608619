package web

import (
	"context"
	"strings"
	"testing"

	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/practice"
	"hocso/internal/worldtest"
)

// TestTheHomePageHasOneThingToDo: whoever comes, one button says what is next:
// a course for who is new, a drill that comes back after 7 days, or at once for
// whom a scam caught, and first of all the course that was begun.
func TestTheHomePageHasOneThingToDo(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	ran := func(outcome practice.Outcome, days int) *identity.Person {
		person := w.Person(t, w.Hamlets[0], identity.Resident)
		run := w.Run(t, person.ID, "fraud")
		if _, err := w.DB.NewRaw(`UPDATE practice_runs SET state = 'graded', outcome = ?, submitted_at = now(), graded_at = now() - ? * interval '1 day' WHERE id = ?`,
			string(outcome), days, run.ID).Exec(context.Background()); err != nil {
			t.Fatal(err)
		}
		return person
	}
	const drill = `href="/practice/` + worldtest.Scenario + `"`
	for name, test := range map[string]struct {
		person *identity.Person
		drill  bool
	}{
		"nobody":               {nil, false},
		"new":                  {w.Person(t, w.Hamlets[0], identity.Resident), false},
		"avoided a scam today": {ran(practice.Done, 0), false},
		"six days ago":         {ran(practice.Done, 6), false},
		"eight days ago":       {ran(practice.Done, 8), true},
		"caught today":         {ran(practice.Caught, 0), true},
		"in a course":          {w.Learner(t, w.Hamlets[0]), false},
	} {
		who := actor{}
		if test.person != nil {
			who.token = w.SignIn(t, test.person)
		}
		_, body, _ := ask(t, app, who, "GET", "/", nil)
		_, main, _ := strings.Cut(body, "<main")
		main, _, _ = strings.Cut(main, `id="khoa-hoc"`)
		if n := strings.Count(main, "button-primary"); n != 1 {
			t.Errorf("%s: %d things to do next", name, n)
		}
		if got := strings.Contains(main, drill); got != test.drill {
			t.Errorf("%s: the drill is offered: %v", name, got)
		}
	}
}
