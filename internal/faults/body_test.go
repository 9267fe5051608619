package faults

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOverlongRequests sends more than anybody reads. The answer must arrive
// although the server does not read on, and the server must stay well.
func TestOverlongRequests(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server, learners := w.serve(t), w.learners(t, 1)
	l := learners[0]
	head := "POST " + l.path() + "/submit HTTP/1.1\r\nHost: hocso\r\nCookie: hocso_session=" + l.token +
		"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	log := strings.Replace(head, l.path()+"/submit", "/practice/runs/01900000-0000-7000-8000-000000000000/log", 1)
	chunks := strings.Repeat("1000\r\n"+strings.Repeat("a", 0x1000)+"\r\n", 64) + "0\r\n\r\n"
	tooLarge := []int{http.StatusRequestEntityTooLarge}
	refused := []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestHeaderFieldsTooLarge}
	for _, bad := range []struct {
		name     string
		request  string
		statuses []int
	}{
		{"a byte too many", head + body(64<<10+1), tooLarge},
		{"a megabyte", head + body(1<<20), tooLarge},
		{"twenty megabytes", head + body(20<<20), tooLarge},
		{"a practice's log of ten megabytes", log + body(10<<20), tooLarge},
		{"a length that nobody sends", head + "Content-Length: 99999999999\r\n\r\n", tooLarge},
		{"in chunks", head + "Transfer-Encoding: chunked\r\n\r\n" + chunks, tooLarge},
		{"headers without end", head + "X-Long: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", refused},
		{"a length that is none", head + "Content-Length: nhiều\r\n\r\n", refused},
		{"no request at all", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03 GET / \r\n\r\n", refused},
	} {
		t.Run(bad.name, func(t *testing.T) {
			got := converse(t, server, bad.request)
			got.decent(t, bad.statuses...)
			if !strings.Contains(got.body, "</html>") && got.status != http.StatusBadRequest {
				t.Errorf("%d is no page: %q", got.status, got.body)
			}
		})
	}
	w.work(t)
	w.submitAll(t, learners, server)
	w.settle(t, time.Now(), learners)
}

func body(n int) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", n, strings.Repeat("a", n))
}

// converse writes a request as it is and reads the answer, beside each other
// as browsers do.
func converse(t *testing.T, server *process, request string) *answer {
	t.Helper()
	connection, err := net.Dial("tcp", server.addr)
	must(t, err)
	defer connection.Close()
	must(t, connection.SetDeadline(time.Now().Add(20*time.Second)))
	go io.WriteString(connection, request) // it may break off when the server has heard enough
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	must(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(t, err)
	return &answer{response.StatusCode, response.Header, string(text)}
}
