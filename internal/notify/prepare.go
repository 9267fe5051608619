package notify

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/clock"
	"hocso/internal/platform/postgres"
)

const (
	// planBatch is how many notices, or people, one transaction prepares.
	planBatch = 1000
	// prepareLock lets one worker prepare at a time: two of them might each see
	// one of a person's notices and make two messages of them.
	prepareLock = 0x6e6f74696679 // "notify"
)

// delivery is one notice over one channel.
type delivery struct {
	bun.BaseModel `bun:"table:notice_deliveries,alias:nd"`

	NoticeID  uuid.UUID `bun:",pk,type:uuid"`
	Channel   Channel   `bun:",pk"`
	PersonID  uuid.UUID
	DueAt     time.Time
	MessageID *uuid.UUID `bun:",type:uuid"`
}

// prepare plans the deliveries of new notices; when there are no more, it puts
// what is due to a person into one message. It says how much it did.
func (s *Service) prepare(ctx context.Context) (done int, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var alone bool
		if err := tx.NewRaw("SELECT pg_try_advisory_xact_lock(?)", prepareLock).Scan(ctx, &alone); err != nil || !alone {
			return postgres.Wrap(err, "prepare messages")
		}
		store, now := NewStore(tx), s.now()
		if done, err = s.plan(ctx, store, now); err != nil || done > 0 {
			return err
		}
		done, err = gather(ctx, store, now)
		return err
	})
	return done, err
}

// plan makes the deliveries of notices that have none yet.
func (s *Service) plan(ctx context.Context, store *Store, now time.Time) (int, error) {
	notices, err := store.unplanned(ctx, planBatch)
	if err != nil || len(notices) == 0 {
		return 0, err
	}
	var people, ids []uuid.UUID
	for _, n := range notices {
		people, ids = append(people, n.PersonID), append(ids, n.ID)
	}
	contacts, err := store.contacts(ctx, people)
	if err != nil {
		return 0, err
	}
	var deliveries []*delivery
	for _, n := range notices {
		c := contacts[n.PersonID]
		for _, channel := range Channels {
			if n.WithdrawnAt == nil && s.ways.Offers(channel) && c.wants(n.Kind, channel) {
				deliveries = append(deliveries, &delivery{NoticeID: n.ID, Channel: channel, PersonID: n.PersonID, DueAt: c.wishes().Due(now)})
			}
		}
	}
	return len(notices), store.addDeliveries(ctx, deliveries, ids, now)
}

// due is somebody to whom something is due over a channel.
type due struct {
	PersonID uuid.UUID
	Channel  Channel
	Today    int // messages that they got today
}

// gather puts everything that is due to a person over a channel into one
// message. Who got enough today gets it tomorrow.
func gather(ctx context.Context, store *Store, now time.Time) (int, error) {
	dues, err := store.due(ctx, planBatch, now)
	if err != nil || len(dues) == 0 {
		return 0, err
	}
	var messages []*message
	var enough []*due
	for _, d := range dues {
		if d.Today >= mostADay[d.Channel] {
			enough = append(enough, d)
			continue
		}
		messages = append(messages, &message{ID: newID(), PersonID: d.PersonID, Channel: d.Channel, About: aboutNotices, State: Ready, MadeAt: now, DueAt: now, Most: mostAttempts})
	}
	if err := store.postpone(ctx, enough, now); err != nil {
		return 0, err
	}
	return len(dues), store.fill(ctx, messages, now)
}

func (s *Store) unplanned(ctx context.Context, n int64) ([]*Notice, error) {
	var notices []*Notice
	err := s.db.NewSelect().Model(&notices).Where("planned_at IS NULL").OrderExpr("made_at, id").Limit(n).For("UPDATE SKIP LOCKED").Scan(ctx)
	return notices, postgres.Wrap(err, "notices without deliveries")
}

// addDeliveries writes deliveries, and of which notices they are all there are.
func (s *Store) addDeliveries(ctx context.Context, deliveries []*delivery, notices []uuid.UUID, now time.Time) error {
	if len(deliveries) > 0 {
		_, err := s.db.NewInsert().Model(&deliveries).On("CONFLICT (notice_id, channel) DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "add deliveries")
		}
	}
	_, err := s.db.NewRaw("UPDATE notices SET planned_at = ? WHERE id IN (?)", now, bun.List(notices)).Exec(ctx)
	return postgres.Wrap(err, "plan notices")
}

func (s *Store) due(ctx context.Context, n int, now time.Time) ([]*due, error) {
	var dues []*due
	y, m, d := now.In(clock.Zone).Date()
	err := s.db.NewRaw(`
		SELECT d.person_id, d.channel, (SELECT count(*) FROM notice_messages m WHERE m.person_id = d.person_id AND m.channel = d.channel
			AND m.about = 'notices' AND m.state <> 'dropped' AND m.made_at >= ?0) AS today
		FROM (SELECT DISTINCT person_id, channel FROM notice_deliveries WHERE message_id IS NULL AND due_at <= ?1 LIMIT ?2) d`,
		time.Date(y, m, d, 0, 0, 0, 0, clock.Zone), now, n).Scan(ctx, &dues)
	return dues, postgres.Wrap(err, "deliveries that are due")
}

// fill adds messages and puts into each what is due to its person.
func (s *Store) fill(ctx context.Context, messages []*message, now time.Time) error {
	if len(messages) == 0 {
		return nil
	}
	if err := s.addMessages(ctx, messages...); err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	_, err := s.db.NewRaw(`UPDATE notice_deliveries d SET message_id = m.id FROM notice_messages m
		WHERE m.id IN (?) AND d.person_id = m.person_id AND d.channel = m.channel AND d.message_id IS NULL AND d.due_at <= ?`, bun.List(ids), now).Exec(ctx)
	return postgres.Wrap(err, "fill messages")
}

// postpone has what is due to people wait until the next day.
func (s *Store) postpone(ctx context.Context, enough []*due, now time.Time) error {
	if len(enough) == 0 {
		return nil
	}
	var people []uuid.UUID
	for _, d := range enough {
		people = append(people, d.PersonID)
	}
	contacts, err := s.contacts(ctx, people)
	if err != nil {
		return err
	}
	type later struct {
		PersonID uuid.UUID `bun:",type:uuid"`
		Channel  Channel
		At       time.Time `bun:",type:timestamptz"`
	}
	rows := make([]later, len(enough))
	for i, d := range enough {
		rows[i] = later{d.PersonID, d.Channel, contacts[d.PersonID].wishes().Tomorrow(now)}
	}
	_, err = s.db.NewUpdate().With("later", s.db.NewValues(&rows)).Model((*delivery)(nil)).TableExpr("later").Set("due_at = later.at").
		Where("nd.person_id = later.person_id AND nd.channel = later.channel").Where("nd.message_id IS NULL").Where("nd.due_at <= ?", now).Exec(ctx)
	return postgres.Wrap(err, "postpone deliveries")
}
