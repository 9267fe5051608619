package web

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"hocso/internal/identity"
	"hocso/internal/platform/config"
	"hocso/internal/worldtest"
)

// TestMetricsAreForOperatorsOnly asks over a real connection: the address that
// a request comes from decides.
func TestMetricsAreForOperatorsOnly(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	w.Submit(t, w.Learner(t, w.Hamlets[0]), 9)
	for _, test := range []struct {
		name, token string
		headers     map[string]string
		status      int
	}{
		{"this machine", "", nil, 200},
		{"through a proxy", "", map[string]string{"X-Forwarded-For": "203.0.113.7"}, 404},
		{"no token where one is set", "secret", nil, 404},
		{"a wrong token", "secret", map[string]string{"Authorization": "Bearer wrong"}, 404},
		{"the token", "secret", map[string]string{"Authorization": "Bearer secret", "X-Forwarded-For": "203.0.113.7"}, 200},
	} {
		_, app := newSite(w, &config.Config{MetricsToken: test.token})
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go app.Listener(listener)
		request, err := http.NewRequest("GET", "http://"+listener.Addr().String()+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range test.headers {
			request.Header.Set(name, value)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body := readAll(t, response)
		if response.StatusCode != test.status {
			t.Errorf("%s: %d, want %d", test.name, response.StatusCode, test.status)
		}
		if test.status == 200 && !strings.Contains(body, "hocso_attempts_waiting 1") {
			t.Errorf("%s: the waiting attempt is not shown", test.name)
		}
		app.Shutdown()
	}
}

func TestTheQueuePageWorksWithoutRedis(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	_, app := newSite(w, &config.Config{})
	who := newActor(t, w, identity.Operator, w.Province)
	w.Redis.Close()
	status, body, _ := ask(t, app, who, "GET", "/ops/queue", nil)
	if status != 200 || !strings.Contains(body, "Redis không trả lời") {
		t.Errorf("%d:\n%s", status, body)
	}
}
