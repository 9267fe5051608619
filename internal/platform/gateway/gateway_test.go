package gateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/config"
	"hocso/internal/platform/gateway"
)

const secret = "0123456789abcdef0123456789abcdef"

var now = time.Date(2026, 11, 27, 5, 0, 0, 0, time.UTC)

func send(t *testing.T, url string, handing func() error) error {
	t.Helper()
	g := gateway.New(config.Gateway{URL: url, Secret: secret}, func() time.Time { return now })
	line, err := g.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	return line.Send(t.Context(), carrier.Message{Key: "key-1", To: "0905123456", Short: "“An toàn” còn 7 ngày"}, handing)
}

func well() error { return nil }

// TestWhatIsPostedIsSigned reads what a gateway gets as its maker would from
// the documentation alone.
func TestWhatIsPostedIsSigned(t *testing.T) {
	var handed, posted atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posted.Add(1)
		if handed.Load() != 1 {
			t.Error("it was posted before it was marked as being handed over")
		}
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mac := hmac.New(sha256.New, []byte(secret))
		io.WriteString(mac, "1795755600."+string(raw))
		if got, want := r.Header.Get("X-Hocso-Signature"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
			t.Errorf("signature %s, want %s", got, want)
		}
		var body map[string]string
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Error(err)
		}
		if body["to"] != "0905123456" || body["text"] != "“An toàn” còn 7 ngày" || body["id"] != "key-1" || len(body) != 3 {
			t.Errorf("%s", raw)
		}
		for name, want := range map[string]string{"X-Hocso-Timestamp": "1795755600", "Idempotency-Key": "key-1", "Content-Type": "application/json"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	if err := send(t, server.URL, func() error { handed.Add(1); return nil }); err != nil {
		t.Error(err)
	}
	if err := send(t, server.URL, func() error { return errors.New("not ours") }); err == nil || posted.Load() != 1 {
		t.Errorf("posted %d times, %v", posted.Load(), err)
	}
}

// TestAnswersOfAGateway: nothing that may have been sent is taken for refused.
func TestAnswersOfAGateway(t *testing.T) {
	for status, want := range map[int]carrier.Error{
		302: {Outcome: carrier.Unsure, Cause: carrier.NoAnswer, Code: "302"},
		400: {Outcome: carrier.Never, Cause: carrier.Refused, Code: "400"},
		401: {Outcome: carrier.Later, Cause: carrier.SignIn, Code: "401"},
		422: {Outcome: carrier.Never, Cause: carrier.Recipient, Code: "422"},
		429: {Outcome: carrier.Later, Cause: carrier.Busy, Code: "429"},
		500: {Outcome: carrier.Unsure, Cause: carrier.NoAnswer, Code: "500"},
		502: {Outcome: carrier.Unsure, Cause: carrier.NoAnswer, Code: "502"},
		503: {Outcome: carrier.Later, Cause: carrier.Busy, Code: "503"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		if got := carrier.Of(send(t, server.URL, well)); *got != want {
			t.Errorf("%d: %+v", status, got)
		}
		server.Close()
	}
}

// TestAGatewayThatIsGone was never reached; one that hangs up may have sent.
func TestAGatewayThatIsGone(t *testing.T) {
	var posted atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		posted.Add(1)
		panic(http.ErrAbortHandler)
	}))
	if got := carrier.Of(send(t, server.URL, well)); got.Outcome != carrier.Unsure || posted.Load() != 1 {
		t.Errorf("cut off: %+v after %d posts", got, posted.Load())
	}
	server.Close()
	if got := carrier.Of(send(t, server.URL, well)); got.Outcome != carrier.Later || got.Cause != carrier.Unreachable {
		t.Errorf("gone: %+v", got)
	}
	if got := carrier.Of(send(t, strings.Replace(server.URL, "127.0.0.1", "256.0.0.1", 1), well)); got.Outcome != carrier.Later {
		t.Errorf("no such host: %+v", got)
	}
}
