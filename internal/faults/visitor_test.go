package faults

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// visitor is somebody with a browser that keeps cookies and notes every
// address: those it asked for and those that pages and redirects lead to.
type visitor struct {
	t         *testing.T
	server    *process
	cookies   map[string]string
	tokens    []string // that came in cookies so far
	addresses []string
}

func newVisitor(t *testing.T, server *process) *visitor {
	return &visitor{t: t, server: server, cookies: map[string]string{}}
}

func (v *visitor) keep(name, value string) {
	v.cookies[name] = value
	if value != "" && slices.Contains([]string{"hocso_session", "hocso_device", "hocso_guest"}, name) {
		v.tokens = append(v.tokens, value)
	}
}

func (v *visitor) get(path string, statuses ...int) string {
	v.t.Helper()
	return v.ask(http.MethodGet, path, nil, statuses...)
}

func (v *visitor) post(path string, form url.Values, statuses ...int) string {
	v.t.Helper()
	return v.ask(http.MethodPost, path, form, statuses...)
}

var linked = regexp.MustCompile(`(?:href|src|action|formaction)="([^"]*)"`)

// ask gives the page, or the address that an answer redirects to.
func (v *visitor) ask(method, path string, form url.Values, statuses ...int) string {
	v.t.Helper()
	request, err := http.NewRequest(method, "http://"+v.server.addr+path, strings.NewReader(form.Encode()))
	must(v.t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range v.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	v.addresses = append(v.addresses, path)
	response, err := client.Do(request)
	must(v.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(v.t, err)
	for _, cookie := range response.Cookies() {
		v.keep(cookie.Name, cookie.Value)
	}
	for _, link := range linked.FindAllStringSubmatch(string(body), -1) {
		if !strings.HasPrefix(link[1], "tel:") { // that one goes to the phone's dialler
			v.addresses = append(v.addresses, html.UnescapeString(link[1]))
		}
	}
	got := answer{response.StatusCode, response.Header, string(body)}
	if !got.decent(v.t, statuses...) {
		v.t.Errorf("%s %s", method, path)
	}
	if to := response.Header.Get("Location"); to != "" {
		v.addresses = append(v.addresses, to)
		return to
	}
	return string(body)
}
