package account

import "hocso/internal/identity"

// IdentityData is what one has linked of accounts elsewhere.
type IdentityData struct {
	Name       string // what people call an account at the provider
	Issuer     string // the provider
	Identities []*identity.ExternalIdentity
	Error      string // a catalogue key that takes the name, or ""
}

// linked tells whether an account at the provider is among them.
func (d IdentityData) linked() bool {
	for _, identity := range d.Identities {
		if identity.Issuer == d.Issuer {
			return true
		}
	}
	return false
}

// name is what an account is called: by its provider's address where the
// province has since changed to another.
func (d IdentityData) name(identity *identity.ExternalIdentity) string {
	if identity.Issuer == d.Issuer {
		return d.Name
	}
	return identity.Issuer
}
