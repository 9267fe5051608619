// Package status is the page that says what went wrong and what to do.
package status

import "hocso/internal/platform/fault"

// Data is what the page shows.
type Data struct {
	Kind      fault.Kind
	RequestID string // what the log holds
}
