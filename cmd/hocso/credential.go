package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"hocso/internal/certificate"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/config"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/fault"
)

type credentialCmd struct {
	Key      makeKeyCmd     `cmd:"" help:"Make a key to sign records with, in a new file."`
	Keys     listKeysCmd    `cmd:"" help:"List the keys that records were signed with."`
	Withdraw withdrawKeyCmd `cmd:"" help:"Let a key that others may have vouch for nothing any more. What it signed stops to verify."`
}

type makeKeyCmd struct {
	File string `arg:"" optional:"" help:"Where to keep the key (default: what HOCSO_CREDENTIAL_KEY names)."`
}

// Run makes the key; it needs no database.
func (m makeKeyCmd) Run(cfg *config.Config) error {
	if m.File == "" {
		m.File = cfg.CredentialKey
	}
	if m.File == "" {
		return errors.New("name the file to keep the key in, or set HOCSO_CREDENTIAL_KEY")
	}
	key, err := credential.MakeKey(m.File)
	if err == nil {
		fmt.Printf("%s is in %s; set HOCSO_CREDENTIAL_KEY to it and restart the site\n", key.Public(), m.File)
	}
	return err
}

type listKeysCmd struct{}

// Run lists the keys.
func (listKeysCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	keys, err := certificate.NewStore(a.db).Keys(ctx)
	for _, key := range keys {
		state := "stands"
		if key.WithdrawnAt != nil {
			state = "withdrawn " + key.WithdrawnAt.Format("2006-01-02 15:04")
		}
		fmt.Printf("%s  first used %s  %s\n", key.PublicKey, key.KnownAt.Format("2006-01-02 15:04"), state)
	}
	return err
}

type withdrawKeyCmd struct {
	Key credential.PublicKey `arg:"" help:"The public key, as 'hocso credential keys' lists it."`
}

// Run withdraws the key.
func (w withdrawKeyCmd) Run(ctx context.Context, cfg *config.Config, log *slog.Logger) error {
	a, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	err = certificate.NewStore(a.db).WithdrawKey(ctx, w.Key, clock.System())
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("nothing was signed with %q; 'hocso credential keys' lists the keys", w.Key)
	}
	return err
}

// signRecords has the site sign records in digital form, where a key is configured.
func (a *app) signRecords(ctx context.Context) error {
	if a.cfg.CredentialKey == "" {
		return nil
	}
	key, err := credential.ReadKey(a.cfg.CredentialKey)
	if err != nil {
		return err
	}
	issuer, err := credential.NewIssuer(siteName(a.cfg), key)
	if err != nil {
		return fmt.Errorf("HOCSO_CREDENTIAL_KEY needs HOCSO_URL, which every signed record names: %w", err)
	}
	a.signer, err = certificate.NewSigner(ctx, a.records, issuer)
	return err
}

// siteName is the address under which the site signs. The demonstration is
// localhost where nothing else was said: what it signs can be looked at there.
func siteName(cfg *config.Config) string {
	if cfg.URL != "" || !cfg.Demo {
		return cfg.URL
	}
	_, port, _ := net.SplitHostPort(cfg.Addr)
	return "http://localhost:" + port
}

// keepKey has 'up' sign with a key in its own folder, made the first time,
// unless one is configured or the site has no name to sign with.
func keepKey(cfg *config.Config, dir string) error {
	if cfg.CredentialKey != "" {
		return nil
	}
	if _, err := credential.NewIssuer(siteName(cfg), nil); err != nil {
		return nil
	}
	path := filepath.Join(dir, "credential.pem")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if _, err := credential.MakeKey(path); err != nil {
			return err
		}
	}
	cfg.CredentialKey = path
	return nil
}
