package certificate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/fault"
)

// Signer gives records in digital form, signed. A site without a key or a name
// has none.
type Signer struct {
	records *Service
	store   *Store
	issuer  *credential.Issuer

	mu    sync.Mutex
	lists map[int]*StatusList // as they were signed last
}

// NewSigner makes a signer and its key known: from now on the key stands in the
// issuer's document, whoever else signs later. A key that was withdrawn is an
// error that says so.
func NewSigner(ctx context.Context, records *Service, issuer *credential.Issuer) (*Signer, error) {
	s := &Signer{records: records, store: NewStore(records.db), issuer: issuer, lists: map[int]*StatusList{}}
	withdrawn, err := s.store.knowKey(ctx, issuer.PublicKey(), records.now())
	if err == nil && withdrawn {
		err = fmt.Errorf("the signing key %s was withdrawn: make another with 'hocso credential key'", issuer.PublicKey())
	}
	return s, err
}

// Document says with which keys the site signs and has signed.
func (s *Signer) Document(ctx context.Context) (credential.Document, error) {
	keys, err := s.store.standingKeys(ctx)
	return s.issuer.Document(keys), err
}

// Credential signs one of a holder's records. fault.NotFound when the holder
// has no such record; fault.Conflict when it does not count (any more).
func (s *Signer) Credential(ctx context.Context, holder, id uuid.UUID) ([]byte, error) {
	sheet, err := s.sheet(ctx, holder, id)
	if err != nil {
		return nil, err
	}
	return s.sign(sheet)
}

// Picture is Credential as a picture (SVG) that has it baked in.
func (s *Signer) Picture(ctx context.Context, holder, id uuid.UUID) ([]byte, error) {
	sheet, err := s.sheet(ctx, holder, id)
	if err != nil {
		return nil, err
	}
	signed, err := s.sign(sheet)
	if err != nil {
		return nil, err
	}
	return credential.Bake(sheet.badge(), signed)
}

func (s *Signer) sheet(ctx context.Context, holder, id uuid.UUID) (*Sheet, error) {
	r, err := s.records.Own(ctx, holder, id)
	if err != nil {
		return nil, err
	}
	if r.State(clock.Day(s.records.now())) != Valid {
		return nil, fault.New(fault.Conflict, "sign a record that does not count")
	}
	templates, err := s.store.templatesOf(ctx, []*Record{r})
	if err != nil {
		return nil, err
	}
	return &Sheet{Record: r, Design: templates[edition{r.ProvinceID, r.Template}].Design, Link: Link(s.issuer.Address(""), r.Code)}, nil
}

func (s *Signer) sign(sheet *Sheet) ([]byte, error) {
	return s.issuer.Sign(s.issuer.Badge(sheet.claim(), s.issuer.StatusEntry(StatusPath, sheet.StatusIndex)), s.records.now())
}

// StatusList is a signed list that says which records don't count any more.
type StatusList struct {
	Signed []byte
	Tag    string // changes when the list does, or the key
}

// StatusList gives the list with a number, from 0. One that no record has a bit
// in is fault.NotFound. A list is signed anew only when it changes.
func (s *Signer) StatusList(ctx context.Context, list int) (*StatusList, error) {
	gone, err := s.store.gone(ctx, list)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(fmt.Append(nil, s.issuer.PublicKey(), gone))
	tag := hex.EncodeToString(hash[:16])
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.lists[list]; kept != nil && kept.Tag == tag {
		return kept, nil
	}
	signed, err := s.issuer.SignStatusList(StatusPath, list, gone, s.records.now())
	if err != nil {
		return nil, err
	}
	s.lists[list] = &StatusList{Signed: signed, Tag: tag}
	return s.lists[list], nil
}
