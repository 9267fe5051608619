package authoring

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// answers is a network of our own.
type answers func(*http.Request) (*http.Response, error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

// TestDeadLinks: each address is asked once, and every place that names a dead
// one is told of.
func TestDeadLinks(t *testing.T) {
	t.Parallel()
	files := good(t)
	edit("lessons/chon-dat.md", "\n---\n", "\n---\nXem [đây](https://a.example/there), [kia](https://a.example/gone), [kia nữa](https://a.example/gone), [đó](https://off.example).\n\n")(t, files)
	shelf, problems := ReadAll(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var asked atomic.Int32
	client := &http.Client{Transport: answers(func(r *http.Request) (*http.Response, error) {
		asked.Add(1)
		answer := &http.Response{StatusCode: 200, Status: "200 OK", Body: io.NopCloser(strings.NewReader("")), Request: r}
		switch {
		case r.URL.Host == "off.example":
			return nil, errors.New("no route to host")
		case r.URL.Path == "/gone":
			answer.StatusCode, answer.Status = 404, "404 Not Found"
		}
		return answer, nil
	})}
	var places []string
	for _, dead := range shelf.DeadLinks(t.Context(), client) {
		places = append(places, dead.String())
	}
	all := strings.Join(places, "\n")
	if len(places) != 3 || strings.Count(all, "a.example/gone không mở được: 404") != 2 || !strings.Contains(all, "off.example không mở được: no route to host") || !strings.HasPrefix(all, "trong-rau/lessons/chon-dat.md:12:") {
		t.Errorf("%s", all)
	}
	if asked.Load() != 4 { // the course itself names one more, five times
		t.Errorf("asked %d times, want 4", asked.Load())
	}
}
