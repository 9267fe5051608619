package certificate

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/notify"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/shortcode"
)

// IssueDue brings the records of up to n people, whose completions have
// changed, up to date and says how many people there were. People are taken off
// the list in the transaction that writes their records; whoever is about to be
// worked out anew in their programmes stays on it until then.
func (s *Service) IssueDue(ctx context.Context, n int) (int, error) {
	taken, told := 0, 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		store := NewStore(tx)
		people, err := store.takeDue(ctx, n)
		if err != nil || len(people) == 0 {
			return err
		}
		taken = len(people)
		told, err = s.settle(ctx, tx, people)
		return err
	})
	if err == nil && told > 0 {
		s.bell.Ring(notify.SendBell)
	}
	return taken, postgres.Wrap(err, "issue records")
}

// settle makes people's records say what they have completed, and says how
// many notices it queued.
func (s *Service) settle(ctx context.Context, tx bun.Tx, people []uuid.UUID) (int, error) {
	store := NewStore(tx)
	awake, err := store.hold(ctx, people)
	if err != nil || len(awake) == 0 {
		return 0, err
	}
	now := s.now()
	have, err := store.recordsOf(ctx, awake)
	if err != nil {
		return 0, err
	}
	known, err := store.readCompletions(ctx, awake, now)
	if err != nil {
		return 0, err
	}
	o := &outcome{now: now, confirmed: map[int][]uuid.UUID{}}
	for _, person := range awake {
		o.add(person, reconcile(known.earned[person], known.in[person], have[person]))
	}
	if err := store.dress(ctx, o.issued, known); err != nil {
		return 0, err
	}
	if err := store.save(ctx, o); err != nil {
		return 0, err
	}
	return notify.NewStore(tx).Queue(ctx, o.notices()...)
}

// outcome gathers what a batch of people comes to.
type outcome struct {
	now        time.Time
	issued     []*Record
	superseded []*Record
	revoked    []*Record
	confirmed  map[int][]uuid.UUID // revision → records
}

func (o *outcome) add(person uuid.UUID, p *plan) {
	for _, e := range p.issue {
		r := &Record{
			ID: uuid.Must(uuid.NewV7()), Code: shortcode.New(), PersonID: person, UnitID: e.unit, Facts: e.facts,
			CompletedOn: e.completedOn, ValidUntil: e.validUntil, IssuedAt: o.now,
		}
		if e.course != uuid.Nil {
			r.CourseID = &e.course
		} else {
			r.ProgramID, r.Cycle, r.ProgramRevision = &e.program, &e.cycle, &e.revision
		}
		o.issued = append(o.issued, r)
		for old, by := range p.supersede {
			if by == e {
				o.supersede(old, r)
			}
		}
	}
	for old, by := range p.renewed {
		o.supersede(old, by)
	}
	for _, r := range p.revoke {
		r.RevokedAt, r.Reason = &o.now, Corrected
		o.revoked = append(o.revoked, r)
	}
	for r, revision := range p.confirm {
		o.confirmed[revision] = append(o.confirmed[revision], r.ID)
	}
}

func (o *outcome) supersede(old, by *Record) {
	old.SupersededAt, old.SuccessorID = &o.now, &by.ID
	o.superseded = append(o.superseded, old)
}

// notices tells people of new records and of those that were taken back.
// Records that were earned long ago are told of together with the product's
// beginning to give them: not at all.
func (o *outcome) notices() []*notify.Notice {
	var notices []*notify.Notice
	for _, r := range o.issued {
		if o.now.Sub(r.CompletedOn) < newsLife {
			notices = append(notices, r.notice(NoticeIssued, o.now))
		}
	}
	for _, r := range o.revoked {
		notices = append(notices, r.notice(NoticeRevoked, o.now))
	}
	return notices
}

// newsLife is how long after a completion its record is news.
const newsLife = 60 * 24 * time.Hour

// completions are what a batch of people have completed.
type completions struct {
	earned map[uuid.UUID][]*earned
	in     map[uuid.UUID]map[uuid.UUID]standing // person → programme
	places map[uuid.UUID]*place                 // unit →
}

// dress gives new records the template of their province, and what they say of
// the place.
func (s *Store) dress(ctx context.Context, records []*Record, known *completions) error {
	templates := map[uuid.UUID]int{}
	for _, r := range records {
		at := known.places[r.UnitID]
		r.ProvinceID, r.Facts.Unit, r.Facts.Province = at.ProvinceID, at.shown(), at.Province
		if _, ok := templates[at.ProvinceID]; !ok { // one province, as a rule
			t, err := s.currentTemplate(ctx, at.ProvinceID, at.Province, r.IssuedAt)
			if err != nil {
				return err
			}
			templates[at.ProvinceID] = t.Revision
		}
		r.Template = templates[at.ProvinceID]
	}
	return nil
}

// byDay sorts parts as they were done.
func byDay(parts []Part) {
	slices.SortStableFunc(parts, func(a, b Part) int { return a.On.Compare(b.On) })
}
