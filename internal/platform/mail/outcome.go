package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"strings"

	"hocso/internal/platform/carrier"
)

// connecting says why we could not connect or sign in.
func connecting(err error) error {
	code, text := answer(err)
	switch {
	case code >= 500:
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.SignIn, Code: text}
	case code >= 400:
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Busy, Code: text}
	case timedOut(err):
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Slow}
	}
	return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Unreachable}
}

// before says what went wrong before the letter's end: it was not taken.
// refused is what a lasting refusal means.
func before(err error, refused carrier.Outcome) error {
	code, text := answer(err)
	switch {
	case code >= 500:
		return &carrier.Error{Outcome: refused, Cause: carrier.Refused, Code: text}
	case code >= 400:
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Busy, Code: text}
	case timedOut(err):
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Slow}
	}
	return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Broken}
}

// recipient says what is wrong with an address. A refusal for reasons of policy
// (X.7.X, such as "relaying denied") is about us and not about the address.
func recipient(err error) error {
	code, text := answer(err)
	if code >= 500 && !strings.Contains(text, ".7.") {
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Recipient, Code: text}
	}
	return before(err, carrier.Later)
}

// after says what became of a letter that was handed over.
func after(err error) error {
	code, text := answer(err)
	switch {
	case err == nil:
		return nil
	case code >= 500:
		return &carrier.Error{Outcome: carrier.Never, Cause: carrier.Refused, Code: text}
	case code >= 400:
		return &carrier.Error{Outcome: carrier.Later, Cause: carrier.Busy, Code: text}
	}
	return &carrier.Error{Outcome: carrier.Unsure, Cause: carrier.NoAnswer}
}

// enhanced is a status code of RFC 3463 at the beginning of an answer.
var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// answer reads the code of a server's refusal, and the same as text with its
// enhanced code. The words behind it may name the person: they are dropped.
func answer(err error) (code int, text string) {
	var refusal *textproto.Error
	if !errors.As(err, &refusal) {
		return 0, ""
	}
	return refusal.Code, strings.TrimSpace(fmt.Sprint(refusal.Code) + " " + enhanced.FindString(refusal.Msg))
}

func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout()
}
