package credential

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/mr-tron/base58"
)

// Key is a private key (Ed25519) with which the site signs. It lives in a file
// of its own, never in the database: who reads a backup cannot sign.
type Key struct{ private ed25519.PrivateKey }

// PublicKey is the public half as a Multikey: "z6Mk…", 48 signs. It stands in
// the issuer's document for as long as credentials signed with it shall verify.
type PublicKey string

// multikeyEd25519 says before the bytes of a Multikey what they are.
var multikeyEd25519 = []byte{0xed, 0x01}

// Public is the half that everybody may know.
func (k *Key) Public() PublicKey {
	raw := k.private.Public().(ed25519.PublicKey)
	return PublicKey("z" + base58.Encode(append(multikeyEd25519[:2:2], raw...)))
}

const pemType = "PRIVATE KEY" // PKCS #8, as openssl genpkey -algorithm ed25519 writes it

// MakeKey makes a key and keeps it in a new file that only its owner reads. It
// never writes over a file.
func MakeKey(path string) (*Key, error) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	if err := writeNew(path, pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: raw})); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("%s is there already, and a key is never written over: name another file", path)
		}
		return nil, fmt.Errorf("keep the signing key: %w", err)
	}
	return &Key{private}, nil
}

// writeNew writes a file that is not there yet; one that could not be written
// whole does not stay.
func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		os.Remove(path)
	}
	return err
}

// ReadKey reads a key from its file, which strangers may not read.
func ReadKey(path string) (*Key, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the signing key: %w", err)
	}
	if about.Mode().Perm()&0o007 != 0 {
		return nil, fmt.Errorf("the signing key %s can be read by every user of this machine: chmod o= %[1]s", path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the signing key: %w", err)
	}
	block, _ := pem.Decode(content)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("%s holds no private key in PEM form; 'hocso credential key' makes one", path)
	}
	read, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: the private key cannot be read: %w", path, err)
	}
	private, ok := read.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds a key of another kind than Ed25519; 'hocso credential key' makes one", path)
	}
	return &Key{private}, nil
}
