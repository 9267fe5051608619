package faults

import (
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/testkit"
	"hocso/internal/worldtest"
)

// Someone whose every word would be known again wherever it turned up.
const (
	secretName     = "Zơrâm Thị Bí Mật"
	secretPhone    = "0912345678"
	secretLogin    = "zoram.bi.mat.1961"
	secretPIN      = "831947"
	secretPassword = "nương rẫy bốn mùa"
)

// TestWhoSomebodyIsStaysInTheDatabase walks one person, and the official who
// looks after them, through registering, signing in rightly and wrongly,
// learning, errors of every kind and a dashboard. Nothing of who they are may
// stand in a log, a figure, Redis or an address.
func TestWhoSomebodyIsStaysInTheDatabase(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	workAddr := testkit.FreeAddress(t)
	debug := append(w.environment(), "HOCSO_LOG_LEVEL=debug")
	server := start(t, w.name("serve"), debug, "serve")
	server.addr = server.says(t, serving)
	worker := start(t, w.name("work"), append(debug, "HOCSO_WORK_ADDR="+workAddr), "work")
	worker.says(t, working)
	worker.addr = workAddr

	learner, official := newVisitor(t, server), newVisitor(t, server)
	official.keep("hocso_session", w.world.SignIn(t, w.world.Person(t, w.world.Communes[1], identity.Coordinator)))
	learner.register(w, official)
	learner.signInAgain()
	attempt := learner.learn(w)
	learner.looksAround()
	official.looksAfter(learner)
	learner.meetsErrors(official)
	until(t, graceToGrade, "the figures hold the grade", func() bool {
		var graded int
		must(t, w.admin.NewRaw("SELECT coalesce(sum(graded), 0) FROM pilot_totals").Scan(t.Context(), &graded))
		return graded > 0
	})
	learner.get(attempt, http.StatusOK)
	official.get("/pilot/"+w.world.Communes[1].Code, http.StatusOK)

	places := map[string]string{
		"addresses":            strings.Join(append(learner.addresses, official.addresses...), "\n"),
		"the server's figures": learner.get("/metrics", http.StatusOK), "the worker's figures": figuresOf(t, worker),
	}
	w.withoutPostgres(t, learner)
	server.stop(t)
	worker.stop(t)
	w.stopRedis(t)
	places["the server's log"], places["the worker's log"] = server.log.String(), worker.log.String()
	places["Redis"] = textOf(t, filepath.Join(w.memory, "redis"), "") // every command since it began
	places["PostgreSQL's and Redis's logs"] = textOf(t, w.disk, ".log") + textOf(t, w.memory, ".log")
	// A place that holds what it must hold was really looked at.
	for place, holds := range map[string]string{
		"addresses": "/audit/find", "the server's figures": `route="/sign-in"`, "the worker's figures": "hocso_submit_to_graded_seconds",
		"the server's log": `"route":"/join/:code"`, "the worker's log": `"msg":"working"`, "Redis": "quiz:grade", "PostgreSQL's and Redis's logs": "ready to accept connections",
	} {
		if !strings.Contains(places[place], holds) {
			t.Errorf("%s lack %q:\n%.2000s", place, holds, places[place])
		}
	}
	for place, text := range places {
		text = strings.ToLower(text)
		for what, secret := range secrets(append(learner.tokens, official.tokens...)) {
			if at := strings.Index(text, strings.ToLower(secret)); at >= 0 {
				t.Errorf("%s stands in %s: …%s…", what, place, text[max(0, at-200):min(len(text), at+200)])
			}
		}
	}
}

// secrets are all that tells who somebody is or signs in as them, in each form
// it might take.
func secrets(tokens []string) map[string]string {
	secrets := map[string]string{
		"the name": secretName, "a part of the name": "Zơrâm", "another part": "Bí Mật", "the folded name": org.Fold(secretName), "its parts": "bi mat",
		"the escaped name": url.QueryEscape(secretName), "the name in a path": url.PathEscape(secretName), "the name in a JSON": `z\u01a1r\u00e2m`,
		"the phone": secretPhone, "the phone without its zero": secretPhone[1:], "the spaced phone": "0912 345 678",
		"the login": secretLogin, "the password": secretPassword, "the escaped password": url.QueryEscape(secretPassword),
	}
	for _, token := range tokens {
		secrets["the token "+token[:6]+"…"] = token
	}
	return secrets
}

// register goes the way of somebody who was told a code in their hamlet.
func (v *visitor) register(w *town, official *visitor) {
	v.t.Helper()
	hamlet := w.world.Hamlets[2].Code
	official.post("/join-codes", url.Values{"unit": {hamlet}, "label": {"Lớp tối"}}, http.StatusSeeOther)
	code := receiptOn(official.get("/join-codes", http.StatusOK)) // written like a receipt
	v.get("/join/"+code, http.StatusOK)
	form := url.Values{
		"id": {worldtest.ID().String()}, "name": {secretName}, "birth_year": {"1961"}, "phone": {secretPhone}, "unit": {hamlet},
		"pin": {secretPIN}, "pin_again": {"000000"}, "agreed": {"yes"}, "listed": {"yes"},
	}
	v.post("/join/"+code, form, http.StatusUnprocessableEntity)
	form.Set("pin_again", secretPIN)
	v.get(v.post("/join/"+code, form, http.StatusSeeOther), http.StatusOK)
	person, err := identity.NewStore(w.world.DB).PersonByLogin(v.t.Context(), secretPhone)
	must(v.t, err)
	if person.FullName != secretName {
		v.t.Fatalf("%q has registered", person.FullName)
	}
	must(v.t, w.world.Identity.SetPassword(v.t.Context(), w.world.DB, person.ID, secretLogin, secretPassword))
}

// signInAgain leaves and comes back in every way, wrongly first.
func (v *visitor) signInAgain() {
	v.t.Helper()
	for _, login := range []string{secretPhone, secretLogin} {
		v.post("/sign-out", nil, http.StatusSeeOther)
		next := v.get("/me/account", http.StatusSeeOther)
		v.get(next, http.StatusOK)
		v.post("/sign-in", url.Values{"login": {login}, "password": {"sai " + secretPIN}}, http.StatusUnprocessableEntity)
		v.post("/sign-in", url.Values{"login": {secretName}, "password": {secretPassword}}, http.StatusUnprocessableEntity)
		secret := secretPIN
		if login == secretLogin {
			secret = secretPassword
		}
		v.post("/sign-in", url.Values{"login": {login}, "password": {secret}, "next": {"/me"}}, http.StatusSeeOther)
	}
}

// learn reads the course and submits its quiz; it gives the attempt's address.
func (v *visitor) learn(w *town) (attempt string) {
	v.t.Helper()
	course := "/courses/" + worldtest.Slug
	v.post(course+"/enrol", nil, http.StatusSeeOther)
	for _, lesson := range []string{"bai-1", "bai-2"} {
		v.get(course+"/lessons/"+lesson, http.StatusOK)
		v.post(course+"/lessons/"+lesson+"/finish", nil, http.StatusSeeOther)
	}
	attempt = v.post(course+"/quiz", nil, http.StatusSeeOther)
	v.get(attempt, http.StatusOK)
	form := url.Values{"submission": {worldtest.ID().String()}}
	v.post(attempt+"/submit", form, http.StatusUnprocessableEntity)
	for question, options := range w.world.Answers(worldtest.Questions) {
		form["q."+question] = options
	}
	v.post(attempt+"/submit", form, http.StatusSeeOther)
	v.get(attempt, http.StatusOK)
	return attempt
}

// looksAround opens the learner's own pages.
func (v *visitor) looksAround() {
	v.t.Helper()
	for _, path := range []string{"/", "/me", "/me/account", "/me/secret", "/switch", "/courses/" + worldtest.Slug} {
		v.get(path, http.StatusOK)
	}
	v.post("/preferences", url.Values{"size": {"l"}}, http.StatusSeeOther)
}

// looksAfter is the official who finds, corrects and helps the learner.
func (v *visitor) looksAfter(learner *visitor) {
	v.t.Helper()
	v.get("/people", http.StatusOK)
	found := v.post("/people/find", url.Values{"typed": {secretName}}, http.StatusOK)
	v.post("/people/find", url.Values{"typed": {secretPhone}}, http.StatusOK)
	person := regexp.MustCompile(`/people/[0-9a-f-]{36}`).FindString(found)
	v.get(person, http.StatusOK)
	v.post(person, url.Values{"name": {secretName}, "birth_year": {"x"}, "phone": {secretPhone}, "unit": {"20944-01"}}, http.StatusUnprocessableEntity)
	v.post(person, url.Values{"name": {secretName}, "birth_year": {"1962"}, "phone": {secretPhone}, "unit": {"20944-01"}}, http.StatusSeeOther)
	v.post(person+"/assist", url.Values{"support": {"helped"}}, http.StatusSeeOther)
	v.get("/me", http.StatusOK)
	v.post("/assist/end", nil, http.StatusSeeOther)
	v.get("/pilot/20944", http.StatusOK)
	v.get("/audit", http.StatusOK)
	v.post("/audit/find", url.Values{"person": {secretName}}, http.StatusOK)
	v.post("/audit/export", url.Values{"person": {secretName}}, http.StatusOK)
}

// meetsErrors sends what no page would: the answers and the log say what is
// wrong, not what was sent.
func (v *visitor) meetsErrors(official *visitor) {
	v.t.Helper()
	wrong := []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusForbidden, http.StatusTooManyRequests, http.StatusBadRequest}
	v.get("/nowhere", wrong...)
	v.get("/pilot/20944", wrong...)
	v.get("/attempts/1", wrong...)
	v.get("/people/1", wrong...)
	orFine := append(slices.Clone(wrong), http.StatusOK)
	for _, broken := range []string{secretName + "\x00", secretName + "\xff", strings.Repeat(secretName, 500)} {
		v.post("/sign-in", url.Values{"login": {broken}, "password": {secretPIN}}, wrong...)
		official.post("/people/find", url.Values{"typed": {broken}}, orFine...)
		official.post("/audit/find", url.Values{"person": {broken}}, orFine...)
		official.post("/people", url.Values{
			"id": {worldtest.ID().String()}, "name": {broken}, "unit": {"20944-01"}, "agreed": {"yes"}, "how": {"written"},
		}, orFine...)
	}
}

// withoutPostgres meets a site whose database is gone in the middle of it.
func (w *town) withoutPostgres(t *testing.T, v *visitor) {
	t.Helper()
	w.stopPostgres(t)
	v.get("/me", http.StatusServiceUnavailable)
	v.post("/sign-in", url.Values{"login": {secretLogin}, "password": {secretPassword}}, http.StatusServiceUnavailable)
	w.startPostgres(t)
	until(t, 10*time.Second, "the site is back", func() bool { return w.ready(t, v.server) == "" })
}

func figuresOf(t *testing.T, p *process) string {
	t.Helper()
	got, err := p.get("", "/metrics")
	must(t, err)
	return got.body
}

// textOf is what stands in a folder's files of an ending.
func textOf(t *testing.T, folder, ending string) string {
	t.Helper()
	var all strings.Builder
	must(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !entry.Type().IsRegular() || !strings.HasSuffix(path, ending) {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	}))
	return all.String()
}
