package credential

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/piprate/json-gold/ld"
)

// The vocabularies that our credentials are written in.
const (
	contextCredentials = "https://www.w3.org/ns/credentials/v2"
	contextOpenBadges  = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
)

//go:embed contexts/credentials-v2.jsonld
var credentialsV2 []byte

//go:embed contexts/open-badges-3.0.3.jsonld
var openBadges3 []byte

// contexts are the vocabularies by their address. Signing asks no network: who
// answers there could change what our signatures mean.
var contexts = vocabularies{
	contextCredentials: mustRead(credentialsV2),
	contextOpenBadges:  mustRead(openBadges3),
}

// vocabularies implement ld.DocumentLoader.
type vocabularies map[string]any

// LoadDocument gives one of our vocabularies and no other.
func (v vocabularies) LoadDocument(address string) (*ld.RemoteDocument, error) {
	document, ok := v[address]
	if !ok {
		return nil, fmt.Errorf("the vocabulary %s is not among those that come with the program", address)
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: document}, nil
}

func mustRead(document []byte) any {
	var read any
	if err := json.Unmarshal(document, &read); err != nil {
		panic(err) // it is part of the program
	}
	return read
}
