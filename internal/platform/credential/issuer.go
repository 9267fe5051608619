package credential

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Issuer signs in the name of a site.
type Issuer struct {
	id      string // did:web:…
	address string // without a slash at its end
	key     *Key
}

// NewIssuer is the site that people reach at an address, which becomes its
// name for ever: a credential leads verifiers there for the keys and the status.
// So the address needs HTTPS; only localhost, to try it out, does without.
func NewIssuer(address string, key *Key) (*Issuer, error) {
	address = strings.TrimRight(address, "/")
	id, err := did(address)
	if err != nil {
		return nil, err
	}
	return &Issuer{id: id, address: address, key: key}, nil
}

// did names a site by its host, as the method did:web says; its document is
// at DocumentPath.
func did(address string) (string, error) {
	site, err := url.Parse(address)
	switch {
	case err != nil || site.Hostname() == "" || site.User != nil || site.Path != "" || site.RawQuery != "" || site.Fragment != "":
		return "", fmt.Errorf("%q is not the address of a site, such as https://hocso.example.vn", address)
	case site.Hostname() == "localhost":
	case site.Scheme != "https":
		return "", fmt.Errorf("%q has no HTTPS, without which nobody can trust the keys that stand there", address)
	case net.ParseIP(site.Hostname()) != nil:
		return "", fmt.Errorf("%q is a number; signed credentials need a name that stays", address)
	}
	return "did:web:" + strings.ReplaceAll(strings.ToLower(site.Host), ":", "%3A"), nil
}

// ID is the issuer's name: "did:web:hocso.example.vn".
func (i *Issuer) ID() string { return i.id }

// Address is where a path of the site is found.
func (i *Issuer) Address(path string) string { return i.address + path }

// PublicKey is the key that the issuer signs with now.
func (i *Issuer) PublicKey() PublicKey { return i.key.Public() }

// DocumentPath is where verifiers look for a site's Document.
const DocumentPath = "/.well-known/did.json"

// Document says which keys sign in the issuer's name (W3C DID 1.0).
type Document struct {
	Context []string `json:"@context"`
	ID      string   `json:"id"`
	Methods []Method `json:"verificationMethod"`
	Assert  []string `json:"assertionMethod"` // the ids of all Methods
}

// Method is one key (W3C Controlled Identifiers 1.0, Multikey).
type Method struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	Controller string    `json:"controller"`
	Key        PublicKey `json:"publicKeyMultibase"`
}

// Document lists the keys that were ever signed with and still stand.
func (i *Issuer) Document(keys []PublicKey) Document {
	d := Document{
		Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"},
		ID:      i.id, Methods: []Method{}, Assert: []string{},
	}
	for _, key := range keys {
		id := i.method(key)
		d.Methods = append(d.Methods, Method{ID: id, Type: "Multikey", Controller: i.id, Key: key})
		d.Assert = append(d.Assert, id)
	}
	return d
}

// method names a key of the issuer.
func (i *Issuer) method(key PublicKey) string { return i.id + "#" + string(key) }
