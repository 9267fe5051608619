// Package learner is a person's own data: what is kept, what they agreed to,
// what they asked, and how to be forgotten; and, for the commune, what was asked.
package learner

import (
	"time"

	"hocso/internal/identity"
	"hocso/internal/learner"
)

// MineData is one's own data.
type MineData struct {
	Data     *learner.Data
	Consents map[identity.Purpose]*identity.Consent
	Requests []*learner.Request
	Wish     string            // what was typed in vain
	Errors   map[string]string // field → catalogue key
	Now      time.Time
}

// erasing is the open request to be erased, or nil.
func (d MineData) erasing() *learner.Request {
	for _, request := range d.Requests {
		if request.Kind == learner.Erasure && request.State == learner.Open {
			return request
		}
	}
	return nil
}

// EraseData is the page that asks whether one really wants to be erased.
type EraseData struct {
	HasSecret bool   // they have a PIN or password to confirm with
	Error     string // catalogue key, or ""
}

// RequestsData is what people of a scope asked and nobody answered yet.
type RequestsData struct {
	Requests []*learner.Request
	Errors   map[string]string
	Failed   string // id of the request that the errors belong to
	Now      time.Time
}
