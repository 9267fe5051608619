// Package gateway posts short messages to a province's gateway for SMS or Zalo.
//
// What is posted is signed: X-Hocso-Signature is "sha256=" and the hexadecimal
// HMAC-SHA256, with the shared secret, of X-Hocso-Timestamp (seconds since
// 1970), a dot and the body. The gateway refuses what is older than five
// minutes, and answers a repeated Idempotency-Key as it did the first time
// without sending again.
package gateway

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
)

// patience is how long the gateway may take to answer.
const patience = 30 * time.Second

// Gateway is where short messages are posted to.
type Gateway struct {
	cfg    config.Gateway
	client *http.Client
	now    clock.Clock
}

// New makes a Gateway.
func New(cfg config.Gateway, now clock.Clock) *Gateway {
	client := &http.Client{
		Timeout: patience,
		// A message with somebody's number goes where it was meant to go.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Gateway{cfg: cfg, client: client, now: now}
}

// Connect is nothing yet: each message is a request of its own.
func (g *Gateway) Connect(context.Context) (carrier.Line, error) { return g, nil }

// Close does nothing.
func (g *Gateway) Close() {}

// body is what is posted.
type body struct {
	ID   string `json:"id"`   // also the Idempotency-Key
	To   string `json:"to"`   // ten digits from 0
	Text string `json:"text"` // at most 320 characters
}

// Send posts one message.
func (g *Gateway) Send(ctx context.Context, m carrier.Message, handing func() error) error {
	raw, err := json.Marshal(body{ID: m.Key, To: m.To, Text: m.Short})
	if err != nil {
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Refused}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.cfg.URL, bytes.NewReader(raw))
	if err != nil {
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Unreachable}
	}
	request.GetBody = nil // else Go itself posts again when a kept connection breaks
	stamp := strconv.FormatInt(g.now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", m.Key)
	request.Header.Set("X-Hocso-Timestamp", stamp)
	request.Header.Set("X-Hocso-Signature", "sha256="+Sign(g.cfg.Secret, stamp, raw))
	if err := handing(); err != nil {
		return err
	}
	response, err := g.client.Do(request)
	if err != nil {
		return failed(err)
	}
	response.Body.Close()
	return outcome(response.StatusCode)
}

// Sign is the signature of a body that is posted at a time.
func Sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// failed tells a gateway that nobody reached from one that did not answer.
func failed(err error) error {
	var operation *net.OpError
	if errors.As(err, &operation) && operation.Op == "dial" {
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Unreachable}
	}
	return &carrier.Error{Outcome: carrier.Unsure, Cause: carrier.NoAnswer}
}

// outcome reads an answer. A gateway that is down says 503; of every other
// answer from 500 on, or one that leads elsewhere, nobody can tell.
func outcome(status int) error {
	code := fmt.Sprint(status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.SignIn, Code: code}
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Busy, Code: code}
	case status == http.StatusUnprocessableEntity:
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Recipient, Code: code}
	case status >= 400 && status < 500:
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Refused, Code: code}
	}
	return &carrier.Error{Outcome: carrier.Unsure, Cause: carrier.NoAnswer, Code: code}
}
