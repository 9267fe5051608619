// Package fault names the few ways in which a request can go wrong that
// somebody outside can do something about. internal/web maps each kind to a
// status and a sentence in one place; every other error is our own mistake.
package fault

import (
	"errors"
	"fmt"
)

// Kind is a way of going wrong.
type Kind string

// The kinds, with the HTTP status that internal/web gives them.
const (
	Invalid     Kind = "invalid"     // 422: the input is wrong; Fields says where
	SignIn      Kind = "sign_in"     // 401: nobody is signed in
	Forbidden   Kind = "forbidden"   // 403: signed in, but without the role
	NotFound    Kind = "not_found"   // 404: not there, or not for this viewer
	Conflict    Kind = "conflict"    // 409: somebody was first
	TooLarge    Kind = "too_large"   // 413: more bytes than we read
	TooMany     Kind = "too_many"    // 429: slow down
	Unavailable Kind = "unavailable" // 503: a part that we need does not answer
	Internal    Kind = "internal"    // 500: our mistake
)

// Error is an error of a known kind.
type Error struct {
	Kind   Kind
	What   string            // for the log: what was being done; never personal data
	Fields map[string]string // Invalid only: field name → message key of the catalogue
	Cause  error
}

// New makes an error of a kind; what says for the log what was being done.
func New(kind Kind, what string) *Error { return &Error{Kind: kind, What: what} }

// InvalidField says that one field is wrong; message is a catalogue key.
func InvalidField(field, message string) *Error {
	return &Error{Kind: Invalid, What: "field " + field, Fields: map[string]string{field: message}}
}

// InvalidFields says that several fields are wrong: field name → catalogue key.
func InvalidFields(fields map[string]string) *Error {
	return &Error{Kind: Invalid, What: "fields", Fields: fields}
}

// Error implements error.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.What, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.What)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf finds the kind of an error, however deeply it is wrapped; Internal
// when it has none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// FieldsOf gives the fields of an Invalid error, or nil.
func FieldsOf(err error) map[string]string {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
