package notify

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/platform/carrier"
	"hocso/internal/platform/postgres"
)

const (
	// sendBatch is how many messages a worker claims at once: what it has not got
	// to when it dies waits for its lease.
	sendBatch = 20
	// batchSpan is how long a batch may take before the rest of it is given back.
	batchSpan = 8 * time.Second
	// restFor is how long a channel rests in this process after nobody answered
	// there: thousands that wait must not knock one after another.
	restFor = 15 * time.Second
)

// rests are the channels that rest in this process, and until when.
type rests struct {
	mu    sync.Mutex
	until map[Channel]time.Time
}

func (r *rests) resting(channel Channel, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until[channel])
}

func (r *rests) begin(channel Channel, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until == nil {
		r.until = map[Channel]time.Time{}
	}
	r.until[channel] = until
}

// SendDue does the next part of what is due: it plans the deliveries of new
// notices, puts what is due to a person into one message, and hands messages
// over, channel by channel. It says how much it did.
func (s *Service) SendDue(ctx context.Context) (int, error) {
	if err := NewStore(s.db).endLeases(ctx, s.now()); err != nil {
		return 0, err
	}
	done, err := s.prepare(ctx)
	if err != nil {
		return 0, err
	}
	for _, channel := range Channels {
		if !s.ways.Offers(channel) || s.rest.resting(channel, s.now()) {
			continue
		}
		sent, err := s.sendBatch(ctx, channel)
		if err != nil {
			return done, err
		}
		done += sent
	}
	return done, nil
}

// sendBatch hands over some of what is due over a channel.
func (s *Service) sendBatch(ctx context.Context, channel Channel) (int, error) {
	messages, err := NewStore(s.db).claim(ctx, channel, sendBatch, s.now())
	if err != nil || len(messages) == 0 {
		return 0, err
	}
	parcels, err := s.parcels(ctx, messages)
	if err != nil {
		return 0, err // what was claimed is ready again when its lease ends
	}
	h := &handler{Service: s, channel: channel, began: time.Now()}
	defer h.hangUp()
	for _, p := range parcels {
		if err := h.handle(ctx, p); err != nil {
			return 0, err
		}
	}
	return len(messages), nil
}

// parcel is a claimed message with what is known of it right before it is
// handed over.
type parcel struct {
	*message
	to      *contact
	notices []*Said // that are still to be told
	confirm Words   // of the letter that asks to confirm an address
}

// parcels reads what messages say now: what was withdrawn, read or switched off
// since is left out.
func (s *Service) parcels(ctx context.Context, messages []*message) ([]*parcel, error) {
	store := NewStore(s.db)
	var ids, people []uuid.UUID
	for _, m := range messages {
		ids, people = append(ids, m.ID), append(people, m.PersonID)
	}
	contacts, err := store.contacts(ctx, people)
	if err != nil {
		return nil, err
	}
	notices, err := store.noticesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	editions, err := store.Editions(ctx)
	if err != nil {
		return nil, err
	}
	parcels := make([]*parcel, len(messages))
	for i, m := range messages {
		p := &parcel{message: m, to: contacts[m.PersonID], confirm: editions[AddressConfirm].Words}
		for _, n := range notices[m.ID] {
			if p.to.wants(n.Kind, m.Channel) {
				p.notices = append(p.notices, say(n, editions))
			}
		}
		parcels[i] = p
	}
	return parcels, nil
}

// compose writes the message; ok is false when there is nothing left to say or
// nobody to say it to.
func (p *parcel) compose(url string) (m carrier.Message, ok bool) {
	if p.About == aboutAddress {
		m, ok = composeConfirm(p.confirm, url, p.to.Token), p.to.Reachable && p.to.Asking != ""
		m.To = p.to.Asking
	} else if ok = len(p.notices) > 0; ok {
		m = compose(p.to, url, p.notices)
		m.To = p.to.address(p.Channel)
	}
	m.Key, m.MadeAt = p.ID.String(), p.MadeAt
	return m, ok
}

// handler hands a batch over, on one line as long as it holds.
type handler struct {
	*Service
	channel Channel
	began   time.Time
	line    carrier.Line
	down    bool // nobody answers: the rest of the batch is given back
}

// errNotOurs says that a message was claimed by somebody else meanwhile, or its
// person is not to be told anything any more.
var errNotOurs = errors.New("the message is not ours to hand over any more")

// handle does whatever is right with one message.
func (h *handler) handle(ctx context.Context, p *parcel) error {
	store, now := NewStore(h.db), h.now()
	// What we know is written down even when we are asked to stop.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if ctx.Err() != nil || h.down || time.Since(h.began) > batchSpan {
		return store.release(late, p.message, now)
	}
	m, ok := p.compose(h.ways.URL)
	if !ok {
		return store.end(late, p.ended(Dropped, now))
	}
	if open := p.to.wishes().Open(now); p.About == aboutNotices && open.After(now) {
		return store.release(late, p.message, open) // the queue was long: it has become late
	}
	err := h.send(ctx, p, m)
	late, cancel = context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // the other side took its time
	defer cancel()
	switch {
	case errors.Is(err, errNotOurs):
		return nil
	case err == nil:
		return h.end(late, p.ended(Sent, h.now()))
	}
	h.hangUp()
	return h.end(late, h.failed(p, mask(p.Channel, m.To), carrier.Of(err)))
}

// send hands one message over.
func (h *handler) send(ctx context.Context, p *parcel, m carrier.Message) error {
	if h.line == nil {
		line, err := h.ways.Carriers[h.channel].Connect(ctx)
		if err != nil {
			h.down = true
			h.rest.begin(h.channel, h.now().Add(restFor))
			return err
		}
		h.line = line
	}
	return h.line.Send(ctx, m, func() error {
		ours, err := NewStore(h.db).hand(ctx, p.message, mask(p.Channel, m.To), h.now())
		if err == nil && !ours {
			err = errNotOurs
		}
		if err != nil {
			h.hangUp() // before anything more is said
			return errors.Join(errNotOurs, err)
		}
		return nil
	})
}

// end writes what became of a try, and tries again when the database does not
// answer: what is not written down counts as unsure.
func (h *handler) end(ctx context.Context, m *message) (err error) {
	for {
		if err = NewStore(h.db).end(ctx, m); !postgres.IsDown(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// failed is a message after a try that did not end well.
func (h *handler) failed(p *parcel, masked string, e *carrier.Error) *message {
	now, m := h.now(), p.message
	h.log.Warn("a message was not delivered", "message", m.ID, "channel", m.Channel, "cause", e.Cause, "code", e.Code, "attempts", m.Attempts)
	switch {
	case e.Outcome == carrier.Unsure:
		m = m.ended(Unsure, now)
	case e.Outcome == carrier.Never || m.Attempts >= m.Most:
		m = m.ended(Failed, now)
	default:
		m.State, m.LeaseUntil = Ready, nil
		m.DueAt = p.to.wishes().Open(now.Add(wait(m.Attempts-(m.Most-mostAttempts), rand.Float64())))
	}
	m.Cause, m.Code, m.Masked = e.Cause, e.Code, masked
	return m
}

// ended is a message that nothing more is done with.
func (m *message) ended(state State, now time.Time) *message {
	m.State, m.EndedAt, m.LeaseUntil, m.Cause, m.Code = state, &now, nil, "", ""
	return m
}

func (h *handler) hangUp() {
	if h.line != nil {
		h.line.Close()
		h.line = nil
	}
}

// noticesOf reads the notices of messages that are still to be told, the oldest
// first: message → notices.
func (s *Store) noticesOf(ctx context.Context, messages []uuid.UUID) (map[uuid.UUID][]*Notice, error) {
	var rows []*struct {
		*Notice   `bun:",extend"`
		MessageID uuid.UUID
	}
	err := s.db.NewRaw(`SELECT n.*, d.message_id FROM notice_deliveries d JOIN notices n ON n.id = d.notice_id
		WHERE d.message_id IN (?) AND n.withdrawn_at IS NULL AND n.read_at IS NULL ORDER BY n.made_at, n.id`, bun.List(messages)).Scan(ctx, &rows)
	found := map[uuid.UUID][]*Notice{}
	for _, row := range rows {
		found[row.MessageID] = append(found[row.MessageID], row.Notice)
	}
	return found, postgres.Wrap(err, "notices of messages")
}
