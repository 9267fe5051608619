package notify

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hocso/internal/platform/postgres"
)

// Said is a notice in the words of its template.
type Said struct {
	*Notice
	Words
}

// say puts a notice into words. One whose kind has no template any more is left
// with its link.
func say(n *Notice, editions map[Kind]*Edition) *Said {
	said := &Said{Notice: n}
	if edition := editions[n.Kind]; edition != nil {
		said.Words = edition.Fill(n.Data)
	}
	return said
}

// Inbox is one page of what somebody was told, the latest first.
type Inbox struct {
	Notices []*Said
	Unread  int // of all pages
	More    bool
}

// Inbox reads a page of so many notices, from a place on.
func (s *Service) Inbox(ctx context.Context, person uuid.UUID, from, rows int64) (*Inbox, error) {
	store := NewStore(s.db)
	notices, err := store.inbox(ctx, person, from, rows+1)
	if err != nil {
		return nil, err
	}
	editions, err := store.Editions(ctx)
	if err != nil {
		return nil, err
	}
	inbox := &Inbox{More: int64(len(notices)) > rows}
	for _, notice := range notices[:min(int(rows), len(notices))] {
		inbox.Notices = append(inbox.Notices, say(notice, editions))
	}
	inbox.Unread, err = store.unread(ctx, person)
	return inbox, err
}

// Open marks one of somebody's notices as read and gives where it leads. One
// that was withdrawn is a fault.NotFound.
func (s *Service) Open(ctx context.Context, person, id uuid.UUID) (link string, err error) {
	err = s.db.NewRaw("UPDATE notices SET read_at = coalesce(read_at, ?) WHERE id = ? AND person_id = ? AND withdrawn_at IS NULL RETURNING link",
		s.now(), id, person).Scan(ctx, &link)
	return link, postgres.Wrap(err, "open notice")
}

// ReadAll marks all of somebody's notices that were made until a time as read.
// What came since their page was drawn stays unread.
func (s *Service) ReadAll(ctx context.Context, person uuid.UUID, until time.Time) error {
	_, err := s.db.NewRaw("UPDATE notices SET read_at = ? WHERE person_id = ? AND read_at IS NULL AND withdrawn_at IS NULL AND made_at <= ?",
		s.now(), person, until).Exec(ctx)
	return postgres.Wrap(err, "read all notices")
}

func (s *Store) inbox(ctx context.Context, person uuid.UUID, from, rows int64) ([]*Notice, error) {
	var notices []*Notice
	err := s.db.NewSelect().Model(&notices).Where("person_id = ?", person).Where("withdrawn_at IS NULL").
		OrderExpr("made_at DESC, id DESC").Offset(from).Limit(rows).Scan(ctx)
	return notices, postgres.Wrap(err, "inbox")
}

func (s *Store) unread(ctx context.Context, person uuid.UUID) (count int, err error) {
	err = s.db.NewRaw("SELECT count(*) FROM notices WHERE person_id = ? AND read_at IS NULL AND withdrawn_at IS NULL", person).Scan(ctx, &count)
	return count, postgres.Wrap(err, "unread notices")
}
