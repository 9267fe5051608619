// Package ticket makes secrets that stand in a cookie or an address. The
// database keeps their hash alone: a copy of it opens nothing.
package ticket

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// New makes a token that can't be guessed: 256 bits as base64url.
func New() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Hash is what is kept of a token: its SHA-256.
func Hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
