package credential

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strconv"
	"time"
)

// ListSize is the number of bits in a status list: the least that the standard
// allows, so that asking for a list does not tell whose bit is looked at.
const ListSize = 131_072

// StatusLife is how long verifiers may go on with a list that they fetched.
const StatusLife = 10 * time.Second

// purpose is what a set bit means: the credential does not stand any more.
const purpose = "revocation"

// StatusEntry says in a credential where its bit is (W3C Bitstring Status List
// 1.0).
type StatusEntry struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Index   string `json:"statusListIndex"`
	List    string `json:"statusListCredential"`
}

// StatusEntry is where the bit of the credential with a number, from 0, stands:
// in the list at lists + "/" + number of the list.
func (i *Issuer) StatusEntry(lists string, number int) StatusEntry {
	list, index := i.Address(lists)+"/"+strconv.Itoa(number/ListSize), strconv.Itoa(number%ListSize)
	return StatusEntry{ID: list + "#" + index, Type: "BitstringStatusListEntry", Purpose: purpose, Index: index, List: list}
}

// statusList is a BitstringStatusListCredential.
type statusList struct {
	Context []string   `json:"@context"`
	ID      string     `json:"id"`
	Type    []string   `json:"type"`
	Issuer  string     `json:"issuer"`
	From    string     `json:"validFrom"`
	Subject listOfBits `json:"credentialSubject"`
}

type listOfBits struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Bits    string `json:"encodedList"`
	TTL     int64  `json:"ttl"` // ms
}

// SignStatusList writes and signs a list, in which these numbers (of
// credentials, not of bits) don't stand any more.
func (i *Issuer) SignStatusList(lists string, list int, gone []int, at time.Time) ([]byte, error) {
	bits, err := encodeBits(gone)
	if err != nil {
		return nil, err
	}
	address := i.Address(lists) + "/" + strconv.Itoa(list)
	return i.Sign(statusList{
		Context: []string{contextCredentials},
		ID:      address,
		Type:    []string{"VerifiableCredential", "BitstringStatusListCredential"},
		Issuer:  i.id, From: Time(at),
		Subject: listOfBits{ID: address + "#list", Type: "BitstringStatusList", Purpose: purpose, Bits: bits, TTL: StatusLife.Milliseconds()},
	}, at)
}

// encodeBits writes a list as the standard wants it: the first bit is the
// leftmost, compressed, in base64url with a "u" before it.
func encodeBits(gone []int) (string, error) {
	bits := make([]byte, ListSize/8)
	for _, number := range gone {
		index := number % ListSize
		bits[index/8] |= 0x80 >> (index % 8)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(bits); err != nil {
		return "", err
	}
	if err := zip.Close(); err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}
