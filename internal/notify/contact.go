package notify

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// reachable tells, of people p, who may be told something at all.
const reachable = "p.suspended_at IS NULL AND p.merged_into IS NULL AND p.erased_at IS NULL"

// contact is how somebody can be told something.
type contact struct {
	PersonID  uuid.UUID
	FullName  string
	Reachable bool   // neither suspended nor merged nor erased
	Declined  bool   // took back that they may be written to, and chose nothing since
	Email     string // one that they confirmed, else the one in their record: their office vouches for it
	Phone     string
	Asking    string // an address that is not confirmed yet
	Token     string // that confirms it

	Chose                 bool                // the rest is what they chose
	Channels              map[Group][]Channel `bun:"type:jsonb"`
	Daily                 bool
	QuietFrom, QuietUntil int
}

// wishes are how they want to be told.
func (c *contact) wishes() *Wishes {
	if !c.Chose {
		return DefaultWishes(c.PersonID)
	}
	return &Wishes{PersonID: c.PersonID, Channels: c.Channels, Daily: c.Daily, QuietFrom: c.QuietFrom, QuietUntil: c.QuietUntil}
}

// address is where they are reached over a channel; "" when they are not.
func (c *contact) address(channel Channel) string {
	switch {
	case !c.Reachable || c.Declined:
		return ""
	case channel == Email:
		return c.Email
	}
	return c.Phone
}

// wants tells whether they are to be told something of a kind over a channel,
// and can be.
func (c *contact) wants(kind Kind, channel Channel) bool {
	return c.address(channel) != "" && c.wishes().Wants(GroupOf(kind), channel)
}

// contacts reads how people can be told something.
func (s *Store) contacts(ctx context.Context, people []uuid.UUID) (map[uuid.UUID]*contact, error) {
	var rows []*contact
	if len(people) == 0 {
		return nil, nil
	}
	err := s.db.NewRaw(`
		SELECT p.id AS person_id, p.full_name, `+reachable+` AS reachable,
			coalesce(CASE WHEN a.confirmed_at IS NOT NULL THEN a.email END, p.email, '') AS email, coalesce(p.phone, '') AS phone,
			CASE WHEN a.token <> '' THEN a.email ELSE '' END AS asking, coalesce(a.token, '') AS token,
			EXISTS (SELECT FROM consents x WHERE x.person_id = p.id AND x.purpose = 'contact' AND x.withdrawn_at > coalesce(w.changed_at, '-infinity'))
				AND NOT EXISTS (SELECT FROM consents x WHERE x.person_id = p.id AND x.purpose = 'contact' AND x.withdrawn_at IS NULL) AS declined,
			w.person_id IS NOT NULL AS chose, w.channels, coalesce(w.daily, false) AS daily,
			coalesce(w.quiet_from, 0) AS quiet_from, coalesce(w.quiet_until, 0) AS quiet_until
		FROM people p LEFT JOIN notice_wishes w ON w.person_id = p.id LEFT JOIN notice_addresses a ON a.person_id = p.id
		WHERE p.id IN (?)`, bun.List(people)).Scan(ctx, &rows)
	found := make(map[uuid.UUID]*contact, len(rows))
	for _, row := range rows {
		found[row.PersonID] = row
	}
	return found, postgres.Wrap(err, "how people are told")
}
