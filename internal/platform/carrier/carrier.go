// Package carrier is the boundary to whoever carries a message to a person: a
// mail server, a gateway for SMS or Zalo. It says how handing one over ended.
//
// What it says must never hold an address or a word of the message: it stands
// in the database, on a page and in the log.
package carrier

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Message is what one person is told at once.
type Message struct {
	Key      string // the same at every try, so that a repeat is recognised
	To       string // an e-mail address or a phone number
	Subject  string
	Text     string // in full, as plain text
	HTML     string
	Short    string // in a sentence, for a telephone
	Settings string // address of the page on which the person chooses how to be told
	MadeAt   time.Time
}

// Carrier takes messages to people.
type Carrier interface {
	// Connect gets ready to hand messages over. An error is an *Error.
	Connect(ctx context.Context) (Line, error)
}

// Line is a connection over which messages go one after another. After an error
// it is of no more use.
type Line interface {
	// Send hands one message over. It calls handing right before the moment from
	// which the other side may have taken it, and gives up when that fails. Any
	// other error is an *Error; nil is the other side's word that it has taken it.
	Send(ctx context.Context, m Message, handing func() error) error
	Close()
}

// Outcome is what is known after an error.
type Outcome int

// The outcomes.
const (
	Later  Outcome = iota // it was not taken; another time it may be
	Never                 // it was not taken, and will not be
	Unsure                // nobody can tell whether it was taken
)

// Cause is what was wrong.
type Cause string

// The causes.
const (
	Unreachable Cause = "unreachable" // nobody answers there
	SignIn      Cause = "sign-in"     // we were not let in
	Busy        Cause = "busy"        // asked to come back later
	Slow        Cause = "slow"        // no answer in time
	Broken      Cause = "broken"      // the connection broke before anything was handed over
	Recipient   Cause = "recipient"   // there is no such address
	Refused     Cause = "refused"     // this message is not wanted
	NoAnswer    Cause = "no-answer"   // handed over, and then nothing was heard
	Killed      Cause = "killed"      // our worker ended while it handed the message over
)

// Error says how handing over ended when it did not end well.
type Error struct {
	Outcome Outcome
	Cause   Cause
	Code    string // what the other side calls it, digits only: "550 5.1.1"; "" when it said nothing
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("%s %s", e.Cause, e.Code) }

// Of finds the Error in err; one that is none may mean anything, so nobody can
// tell.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Outcome: Unsure, Cause: NoAnswer}
}
