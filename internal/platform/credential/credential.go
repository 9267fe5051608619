// Package credential signs what is said of somebody, so that software anywhere
// can tell that this site said it, that nobody changed it and that it still
// stands: Open Badges 3.0, which are W3C Verifiable Credentials (Data Model 2.0)
// with a Data Integrity proof and a bit in a Bitstring Status List.
//
// It knows the standards, and nothing of who learns what. It reads nothing but
// key files, asks no network, and never lets a private key out of its hands.
package credential

import "time"

// Badge is an OpenBadgeCredential (Open Badges 3.0, B.1.1).
type Badge struct {
	Context []string    `json:"@context"`
	ID      string      `json:"id"` // where the site shows it to people
	Type    []string    `json:"type"`
	Issuer  Profile     `json:"issuer"`
	From    string      `json:"validFrom"`
	Until   string      `json:"validUntil,omitempty"`
	Name    string      `json:"name"`
	Subject Subject     `json:"credentialSubject"`
	Status  StatusEntry `json:"credentialStatus"`
}

// Profile is who vouches (B.1.15).
type Profile struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	URL  string   `json:"url"`
}

// Subject is who achieved what (B.1.3).
type Subject struct {
	Type        []string    `json:"type"`
	Identifier  []Identity  `json:"identifier"`
	Narrative   string      `json:"narrative"`
	Achievement Achievement `json:"achievement"`
}

// Identity is one way of telling who somebody is (B.1.12).
type Identity struct {
	Type   string `json:"type"`
	Hashed bool   `json:"hashed"`
	Value  string `json:"identityHash"`
	Kind   string `json:"identityType"`
}

// Achievement is what many people can achieve (B.1.2).
type Achievement struct {
	ID          string   `json:"id"`
	Type        []string `json:"type"`
	Kind        string   `json:"achievementType"` // of the vocabulary's, such as "Course"
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Criteria    Criteria `json:"criteria"`
}

// Criteria say what one does for an achievement (B.1.4).
type Criteria struct {
	Narrative string `json:"narrative"`
}

// Claim is what a badge says.
type Claim struct {
	ID     string // the address at which the site shows it to people
	Issuer string // who vouches, by name

	Holder    string // the name of whom it is about
	Narrative string // what they did, and when

	Achievement string // its URI
	Kind        string // of the vocabulary's, such as "Course"
	Name        string
	Description string
	Criteria    string // what everybody does for it

	From  time.Time
	Until time.Time // zero: it does not end
}

// Badge writes a claim as a badge, whose bit in the status list is at an index.
func (i *Issuer) Badge(c Claim, status StatusEntry) Badge {
	badge := Badge{
		Context: []string{contextCredentials, contextOpenBadges},
		ID:      c.ID,
		Type:    []string{"VerifiableCredential", "OpenBadgeCredential"},
		Issuer:  Profile{ID: i.id, Type: []string{"Profile"}, Name: c.Issuer, URL: i.address},
		From:    Time(c.From), Name: c.Name,
		Subject: Subject{
			Type:       []string{"AchievementSubject"},
			Identifier: []Identity{{Type: "IdentityObject", Value: c.Holder, Kind: "name"}},
			Narrative:  c.Narrative,
			Achievement: Achievement{
				ID: c.Achievement, Type: []string{"Achievement"}, Kind: c.Kind,
				Name: c.Name, Description: c.Description, Criteria: Criteria{c.Criteria},
			},
		},
		Status: status,
	}
	if !c.Until.IsZero() {
		badge.Until = Time(c.Until)
	}
	return badge
}
