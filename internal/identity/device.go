package identity

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
	"hocso/internal/platform/ticket"
)

// DeviceLife is how long a device remembers people without being used.
const DeviceLife = 365 * 24 * time.Hour

// DevicePerson is somebody whom a device offers by name: one of a household
// that shares a phone.
type DevicePerson struct {
	PersonID uuid.UUID
	FullName string
	Card     bool // proves themselves with a card's pictures
	PIN      bool // with a PIN
}

// OnDevice lists the people whom a device offers, by name.
func (s *Service) OnDevice(ctx context.Context, device string) ([]*DevicePerson, error) {
	if device == "" {
		return nil, nil
	}
	return NewStore(s.db).onDevice(ctx, ticket.Hash(device))
}

// ForgetOnDevice takes a person off a device; what they learned stays theirs.
func (s *Service) ForgetOnDevice(ctx context.Context, device string, person uuid.UUID) error {
	_, err := s.db.NewRaw(`DELETE FROM device_people dp USING devices d
		WHERE d.id = dp.device_id AND d.token_hash = ? AND dp.person_id = ?`, ticket.Hash(device), person).Exec(ctx)
	return postgres.Wrap(err, "forget on device")
}

func (s *Store) onDevice(ctx context.Context, tokenHash []byte) ([]*DevicePerson, error) {
	var people []*DevicePerson
	err := s.db.NewRaw(`
		SELECT p.id AS person_id, p.full_name, ac.pictures_hash IS NOT NULL AND NOT `+staffNow()+` AS card, ac.pin_hash IS NOT NULL AS pin
		FROM devices d JOIN device_people dp ON dp.device_id = d.id AND dp.listed
		JOIN people p ON p.id = dp.person_id AND p.suspended_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL
		JOIN accounts ac ON ac.person_id = p.id
		WHERE d.token_hash = ? ORDER BY p.full_name COLLATE "vi-x-icu", p.id`, tokenHash).Scan(ctx, &people)
	return people, postgres.Wrap(err, "people on a device")
}

// accountOnDevice finds the account of somebody whom the device offers.
func (s *Store) accountOnDevice(ctx context.Context, tokenHash []byte, person uuid.UUID) (*Account, error) {
	return s.account(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Join("JOIN device_people AS dp ON dp.person_id = ac.person_id AND dp.listed").
			Join("JOIN devices AS d ON d.id = dp.device_id").
			Where("d.token_hash = ?", tokenHash).Where("ac.person_id = ?", person)
	})
}

// deviceKnows tells whether a person has signed in on a device before.
func (s *Store) deviceKnows(ctx context.Context, tokenHash []byte, person uuid.UUID) (known bool, err error) {
	err = s.db.NewRaw(`SELECT EXISTS (SELECT FROM devices d JOIN device_people dp ON dp.device_id = d.id
		WHERE d.token_hash = ? AND dp.person_id = ?)`, tokenHash, person).Scan(ctx, &known)
	return known, postgres.Wrap(err, "device knows")
}

// RememberOnDevice notes in a transaction that a person signed in on a device and gives the
// device's token, a new one for a device that was never seen.
func (s *Store) RememberOnDevice(ctx context.Context, from From, person uuid.UUID, now time.Time) (token string, err error) {
	var id uuid.UUID
	token = from.Device
	if token != "" {
		var ids []uuid.UUID
		err = s.db.NewRaw("UPDATE devices SET seen_at = ? WHERE token_hash = ? RETURNING id", now, ticket.Hash(token)).Scan(ctx, &ids)
		if err != nil {
			return "", postgres.Wrap(err, "see device")
		}
		if len(ids) == 1 {
			id = ids[0]
		}
	}
	if id == uuid.Nil {
		id, token = uuid.Must(uuid.NewV7()), ticket.New()
		_, err = s.db.NewRaw("INSERT INTO devices (id, token_hash, created_at, seen_at) VALUES (?0, ?1, ?2, ?2)", id, ticket.Hash(token), now).Exec(ctx)
		if err != nil {
			return "", postgres.Wrap(err, "add device")
		}
	}
	_, err = s.db.NewRaw(`INSERT INTO device_people AS dp (device_id, person_id, listed, last_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (device_id, person_id) DO UPDATE SET last_at = excluded.last_at, listed = dp.listed OR excluded.listed`,
		id, person, from.Listed, now).Exec(ctx)
	return token, postgres.Wrap(err, "remember on device")
}
