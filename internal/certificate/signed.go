package certificate

import (
	"context"
	"math"
	"time"

	"hocso/internal/platform/credential"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// gone lists the records that have a bit in a list and don't count any more.
// fault.NotFound when the list has no bits yet.
func (s *Store) gone(ctx context.Context, list int) ([]int, error) {
	if list < 0 || list > math.MaxInt32/credential.ListSize { // the database counts in 32 bits
		return nil, fault.New(fault.NotFound, "status list")
	}
	first := list * credential.ListSize
	var row struct {
		Begun bool
		Gone  []int `bun:",array"`
	}
	err := s.db.NewRaw(`
		SELECT EXISTS (SELECT FROM certificates WHERE status_index >= ?0) AS begun, ARRAY(
			SELECT status_index FROM certificates
			WHERE status_index >= ?0 AND status_index < ?0 + ?1
			  AND (revoked_at IS NOT NULL OR superseded_at IS NOT NULL OR erased_at IS NOT NULL)
			ORDER BY status_index) AS gone`, first, credential.ListSize).Scan(ctx, &row)
	if err == nil && !row.Begun && list > 0 {
		err = fault.New(fault.NotFound, "status list")
	}
	return row.Gone, postgres.Wrap(err, "status list")
}

// knowKey remembers a key that is signed with from now on, and tells whether it
// was withdrawn.
func (s *Store) knowKey(ctx context.Context, key credential.PublicKey, now time.Time) (withdrawn bool, err error) {
	_, err = s.db.NewRaw("INSERT INTO credential_keys (public_key, known_at) VALUES (?, ?) ON CONFLICT DO NOTHING", key, now).Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "remember a key")
	}
	err = s.db.NewRaw("SELECT withdrawn_at IS NOT NULL FROM credential_keys WHERE public_key = ?", key).Scan(ctx, &withdrawn)
	return withdrawn, postgres.Wrap(err, "remember a key")
}

// standingKeys lists the keys that were not withdrawn, the newest first.
func (s *Store) standingKeys(ctx context.Context) ([]credential.PublicKey, error) {
	var keys []credential.PublicKey
	err := s.db.NewRaw("SELECT public_key FROM credential_keys WHERE withdrawn_at IS NULL ORDER BY known_at DESC, public_key").Scan(ctx, &keys)
	return keys, postgres.Wrap(err, "keys")
}

// Key is a key that records were signed with.
type Key struct {
	PublicKey   credential.PublicKey
	KnownAt     time.Time
	WithdrawnAt *time.Time
}

// Keys lists all keys, the newest first.
func (s *Store) Keys(ctx context.Context) ([]*Key, error) {
	var keys []*Key
	err := s.db.NewRaw("SELECT public_key, known_at, withdrawn_at FROM credential_keys ORDER BY known_at DESC, public_key").Scan(ctx, &keys)
	return keys, postgres.Wrap(err, "keys")
}

// WithdrawKey makes a key vouch for nothing any more, for ever; all that it has
// signed stops to verify. fault.NotFound when nothing was signed with it.
func (s *Store) WithdrawKey(ctx context.Context, key credential.PublicKey, now time.Time) error {
	result, err := s.db.NewRaw("UPDATE credential_keys SET withdrawn_at = coalesce(withdrawn_at, ?) WHERE public_key = ?", now, key).Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "withdraw a key")
	}
	if n, _ := result.RowsAffected(); n == 0 {
		return fault.New(fault.NotFound, "withdraw a key")
	}
	return nil
}
