package faults

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/shortcode"
	"hocso/internal/worldtest"
)

// learner is somebody with a browser: signed in, with an attempt open and one
// form that they send until it is taken.
type learner struct {
	token      string
	attempt    uuid.UUID
	submission uuid.UUID
	right      int    // how many answers are right
	receipt    string // as their page showed it; "" before
}

// learners seats n learners, spread over the hamlets, who know more and more.
func (w *town) learners(t *testing.T, n int) []*learner {
	t.Helper()
	all := make([]*learner, n)
	for i := range all {
		person := w.world.Learner(t, w.world.Hamlets[i%len(w.world.Hamlets)])
		token := w.world.SignIn(t, person)
		attempt, err := w.world.Quiz.Begin(t.Context(), worldtest.Alone(person), worldtest.Slug)
		must(t, err)
		all[i] = &learner{token: token, attempt: attempt.ID, submission: worldtest.ID(), right: i % (worldtest.Questions + 1)}
	}
	return all
}

// score is what the right answers come to.
func (l *learner) score() int { return 100 * l.right / worldtest.Questions }

func (l *learner) path() string { return "/attempts/" + l.attempt.String() }

func attemptsOf(learners []*learner) []uuid.UUID {
	ids := make([]uuid.UUID, len(learners))
	for i, l := range learners {
		ids[i] = l.attempt
	}
	return ids
}

// form is what the browser sends.
func (l *learner) form(w *town) url.Values {
	form := url.Values{"submission": {l.submission.String()}}
	for question, options := range w.world.Answers(l.right) {
		form["q."+question] = options
	}
	return form
}

// persistence is how long a learner goes on trying.
const persistence = 30 * time.Second

// submit sends the form to the servers in turn, the same one again after a
// 503 or a broken connection, until it is taken; then it reads the receipt.
// It may run beside the test.
func (l *learner) submit(t *testing.T, w *town, servers ...*process) {
	form := l.form(w)
	taken := func(server *process) bool {
		got, err := server.post(l.token, l.path()+"/submit", form)
		if err != nil || !got.decent(t, http.StatusSeeOther, http.StatusServiceUnavailable) {
			return false
		}
		if location := got.header.Get("Location"); got.status == http.StatusSeeOther && location != l.path() {
			t.Errorf("submitting leads to %q, want %q", location, l.path())
		}
		return got.status == http.StatusSeeOther
	}
	read := func(server *process) bool {
		got, err := server.get(l.token, l.path())
		if err != nil || !got.decent(t, http.StatusOK, http.StatusServiceUnavailable) {
			return false
		}
		l.receipt = receiptOn(got.body)
		return l.receipt != ""
	}
	turn := 0
	for _, step := range []func(*process) bool{taken, read} {
		deadline := time.Now().Add(persistence)
		for ; !step(servers[turn%len(servers)]); turn++ {
			w.refused.Add(1)
			if t.Failed() {
				return // with a reason that was told already
			}
			if time.Now().After(deadline) {
				t.Errorf("attempt %s was not taken within %s", l.attempt, persistence)
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// codes are written "ABCD-EFGH"; the middle of a longer id is none.
var codes = regexp.MustCompile(`[^-\w]([2-9A-Z]{4}-[2-9A-Z]{4})[^-\w]`)

// receiptOn finds the receipt on a page.
func receiptOn(page string) string {
	for _, found := range codes.FindAllStringSubmatch(page, -1) {
		if code, ok := shortcode.Parse(found[1]); ok {
			return code
		}
	}
	return ""
}

// crowd is many learners who submit at once.
type crowd struct {
	town    *town
	servers []*process
	seats   chan struct{} // so many have a request under way
	all     sync.WaitGroup
	taken   atomic.Int64 // learners with a receipt
}

func (w *town) crowd(servers ...*process) *crowd {
	return &crowd{town: w, servers: servers, seats: make(chan struct{}, 16)}
}

// send lets learners submit beside the test.
func (c *crowd) send(t *testing.T, learners ...*learner) {
	for i, l := range learners {
		c.all.Go(func() {
			c.seats <- struct{}{}
			defer func() { <-c.seats }()
			// Each begins with another server.
			first := i % len(c.servers)
			servers := slices.Concat(c.servers[first:], c.servers[:first])
			l.submit(t, c.town, servers...)
			c.taken.Add(1)
		})
	}
}

// submitAll lets all learners submit and waits for them.
func (w *town) submitAll(t *testing.T, learners []*learner, servers ...*process) {
	t.Helper()
	c := w.crowd(servers...)
	c.send(t, learners...)
	c.all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// submissionOf is the submission that counted.
func (w *town) submissionOf(t *testing.T, l *learner) (id uuid.UUID) {
	t.Helper()
	must(t, w.world.DB.NewRaw("SELECT submission_id FROM attempts WHERE id = ?", l.attempt).Scan(t.Context(), &id))
	return id
}
