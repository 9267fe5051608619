package faults

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   string
}

// client keeps no cookies and follows no redirect: tests look at each answer.
var client = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	// No answer may take longer than a person would wait before trying again.
	Timeout: 30 * time.Second,
}

// get asks for a page; an empty token is somebody not signed in.
func (p *process) get(token, path string) (*answer, error) {
	return p.ask(http.MethodGet, token, path, nil)
}

// post sends a form.
func (p *process) post(token, path string, form url.Values) (*answer, error) {
	return p.ask(http.MethodPost, token, path, form)
}

func (p *process) ask(method, token, path string, form url.Values) (*answer, error) {
	request, err := http.NewRequest(method, "http://"+p.addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		request.Header.Set("Cookie", "hocso_session="+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return &answer{response.StatusCode, response.Header, string(body)}, err
}

// decent checks what must hold for every answer, whatever is broken: it is
// expected, it shows nothing of our insides, and a failure is a whole page
// that says when to come back.
func (a *answer) decent(t *testing.T, statuses ...int) bool {
	t.Helper()
	for _, status := range statuses {
		if a.status != status {
			continue
		}
		if trace := insides(a.body); trace != "" || strings.Contains(a.body, "SQLSTATE") {
			t.Errorf("the answer (%d) shows our insides:\n%s", a.status, a.body)
			return false
		}
		if a.status == http.StatusServiceUnavailable && (a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "</html>")) {
			t.Errorf("503 is not a page that says when to come back: %v\n%s", a.header, a.body)
			return false
		}
		return true
	}
	t.Errorf("got %d, want one of %v:\n%s", a.status, statuses, a.body)
	return false
}
