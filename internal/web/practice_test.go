package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/worldtest"
)

// TestWhatIsTypedIsNotKept: a number that looks real is refused beside its
// field and appears nowhere; any other text is kept only as right or wrong.
func TestWhatIsTypedIsNotKept(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	who := actor{token: w.SignIn(t, person)}
	run := w.Run(t, person.ID, "honest")
	step := func(at string, form url.Values) (int, string) {
		form.Set("at", at)
		status, body, _ := ask(t, app, who, "POST", "/practice/runs/"+run.ID.String()+"/step", form)
		return status, body
	}
	step("0", url.Values{"e": {"go"}})
	for _, typed := range []string{"0912 345 678", "048199012345", "4111-1111-1111-1111"} {
		status, body := step("1", url.Values{"e": {"pay"}, "f.amount": {typed}})
		if status != 422 || !strings.Contains(body, "giống số thật") || strings.Contains(body, typed) {
			t.Errorf("%s: %d", typed, status)
		}
	}
	if status, _ := step("1", url.Values{"e": {"pay"}, "f.amount": {"bí mật của tôi"}}); status != 303 {
		t.Errorf("a wrong text: %d", status)
	}
	var kept string
	if err := w.DB.NewRaw("SELECT steps::text FROM practice_runs WHERE id = ?", run.ID).Scan(context.Background(), &kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept, "bí mật") || strings.Contains(kept, "0912") || strings.Count(kept, `"e"`) != 3 {
		t.Errorf("kept %s", kept)
	}
}

// TestLogsThatCannotBeRead are said to be so, and change nothing.
func TestLogsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	person := w.Person(t, w.Hamlets[0], identity.Resident)
	who := actor{token: w.SignIn(t, person)}
	run := w.Run(t, person.ID, "honest")
	for name, test := range map[string]struct{ log, says string }{
		"no log":         {"", "Không đọc được các bước"},
		"cut off":        {`[{"e":"go","t":1},{"e":"am`, "Không đọc được các bước"},
		"another shape":  {`{"e":"go"}`, "Không đọc được các bước"},
		"no steps":       {`[]`, "Chưa có bước nào"},
		"too many steps": {"[" + strings.Repeat(`{"e":"go","t":1},`, 400) + `{"e":"go","t":1}]`, "dài quá 400 bước"},
	} {
		status, body, _ := ask(t, app, who, "POST", "/practice/runs/"+run.ID.String()+"/log", url.Values{"log": {test.log}})
		if status != 422 || !strings.Contains(body, test.says) {
			t.Errorf("%s: %d, want 422 and %q", name, status, test.says)
		}
	}
	var state string
	if err := w.DB.NewRaw("SELECT state FROM practice_runs WHERE id = ?", run.ID).Scan(context.Background(), &state); err != nil || state != "open" {
		t.Errorf("%s, %v", state, err)
	}
}
