package credential

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mr-tron/base58"
	"github.com/piprate/json-gold/ld"
)

// proof is a Data Integrity proof of the suite eddsa-rdfc-2022 (W3C
// vc-di-eddsa). While it is made it has a context and no value.
type proof struct {
	Context any    `json:"@context,omitempty"`
	Type    string `json:"type"`
	Suite   string `json:"cryptosuite"`
	Created string `json:"created"`
	Method  string `json:"verificationMethod"`
	Purpose string `json:"proofPurpose"`
	Value   string `json:"proofValue,omitempty"`
}

// Sign writes a credential, which has a context and encodes to a JSON object,
// with a proof that it came from the issuer and was not changed.
func (i *Issuer) Sign(credential any, at time.Time) ([]byte, error) {
	plain, err := encode(credential)
	if err != nil {
		return nil, err
	}
	var document map[string]any
	if err := json.Unmarshal(plain, &document); err != nil {
		return nil, fmt.Errorf("sign a credential: %w", err)
	}
	p := proof{
		Context: document["@context"], Type: "DataIntegrityProof", Suite: "eddsa-rdfc-2022",
		Created: Time(at), Method: i.method(i.key.Public()), Purpose: "assertionMethod",
	}
	signed, err := toSign(p, document)
	if err != nil {
		return nil, fmt.Errorf("sign a credential: %w", err)
	}
	p.Context, p.Value = nil, "z"+base58.Encode(ed25519.Sign(i.key.private, signed))
	with, err := encode(p)
	if err != nil {
		return nil, err
	}
	// The proof goes in as the last member, so that the rest keeps its order. Of
	// proofs Open Badges want a list.
	return fmt.Appendf(bytes.TrimSuffix(plain, []byte("}")), `,"proof":[%s]}`, with), nil
}

// toSign is what the suite signs: the hashes of how the proof and the document
// read in canonical form.
func toSign(p proof, document map[string]any) ([]byte, error) {
	encoded, err := encode(p)
	if err != nil {
		return nil, err
	}
	var options map[string]any
	if err := json.Unmarshal(encoded, &options); err != nil {
		return nil, err
	}
	var hashes []byte
	for _, part := range []map[string]any{options, document} {
		canonical, err := canonize(part)
		if err != nil {
			return nil, err
		}
		hash := sha256.Sum256([]byte(canonical))
		hashes = append(hashes, hash[:]...)
	}
	return hashes, nil
}

// canonize writes a document as RDF in canonical form (RDFC-1.0). Members that
// the vocabularies don't know are errors: nothing would protect them.
func canonize(document map[string]any) (string, error) {
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader, options.SafeMode = contexts, true
	options.Algorithm = ld.AlgorithmURDNA2015
	dataset, err := ld.NewJsonLdProcessor().ToRDF(document, options)
	if err != nil {
		return "", err
	}
	options.Format = "application/n-quads"
	canonical, err := ld.NewJsonLdApi().Normalize(dataset.(*ld.RDFDataset), options)
	if err != nil {
		return "", err
	}
	text := canonical.(string)
	// RDFC-1.0 writes control characters in another way than the URDNA2015 that
	// it came from, so a signature over them would not verify everywhere.
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
		return "", fmt.Errorf("a text holds a control character")
	}
	return text, nil
}

// encode writes JSON without escaping what matters in HTML only.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Time writes a moment as credentials do, to the second.
func Time(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }
