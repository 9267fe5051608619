package certificate

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/org"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
)

// PrintBell rings when a file of many records is wanted.
const PrintBell queue.Kind = "certificate:print"

const (
	// PrintMost is how many records one file holds.
	PrintMost = 500
	// printLife is how long a file is kept.
	printLife = 24 * time.Hour
	// printsOpen is how many files one person may have at a time.
	printsOpen = 5
	// lease is how long a worker may be silent before another begins anew.
	lease = 30 * time.Second
	// progressEvery is after how many pages a worker says how far it is.
	progressEvery = 20
)

// Print is a file of many records to print, made by a worker.
type Print struct {
	bun.BaseModel `bun:"table:certificate_prints,alias:cp"`

	ID          uuid.UUID `bun:",pk,type:uuid"`
	UnitID      uuid.UUID `bun:",type:uuid"`
	MadeBy      uuid.UUID `bun:",type:uuid"`
	MadeAt      time.Time
	Site        string      // the address in the QR codes
	Records     []uuid.UUID `bun:",array,type:uuid[]"` // in the order of the pages
	Done        int         // pages
	LeasedUntil *time.Time
	File        []byte
	ReadyAt     *time.Time
	EndsAt      time.Time
}

// Percent is how much of the file is there.
func (p *Print) Percent() int {
	if p.ReadyAt != nil {
		return 100
	}
	return p.Done * 99 / len(p.Records)
}

// BeginPrint orders a file of records in the scope, in the order of their
// names. The same id again is the same file.
func (s *Service) BeginPrint(ctx context.Context, scope org.Scope, by audit.By, id uuid.UUID, q Query, site string) error {
	q.Limit = PrintMost + 1
	records, err := s.List(ctx, scope, q)
	switch {
	case err != nil:
		return err
	case len(records) == 0:
		return fault.InvalidField("record", "certificate.print_none")
	case len(records) > PrintMost:
		return fault.InvalidField("record", "certificate.print_many")
	}
	now := s.now()
	p := &Print{ID: id, UnitID: q.Unit, MadeBy: *by.ActorID, MadeAt: now, Site: site, EndsAt: now.Add(printLife)}
	for _, r := range records {
		p.Records = append(p.Records, r.ID)
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := NewStore(tx).hold(ctx, []uuid.UUID{p.MadeBy}); err != nil { // one order at a time
			return err
		}
		open, err := tx.NewSelect().Model((*Print)(nil)).Where("made_by = ?", p.MadeBy).Where("ends_at > ?", now).Where("id <> ?", id).Count(ctx)
		if err != nil {
			return postgres.Wrap(err, "files to print")
		}
		if open >= printsOpen {
			return fault.InvalidField("record", "certificate.print_open")
		}
		result, err := tx.NewInsert().Model(p).ExcludeColumn("file").On("CONFLICT (id) DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "order a file")
		}
		if added, err := result.RowsAffected(); err != nil || added == 0 {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, now, &audit.Entry{Action: audit.CertificatePrint, UnitID: &q.Unit})
	})
	if err == nil {
		s.bell.Ring(PrintBell)
	}
	return err
}

// Print reads a file that somebody ordered, without its content.
func (s *Service) Print(ctx context.Context, person, id uuid.UUID) (*Print, error) {
	p := new(Print)
	err := s.db.NewSelect().Model(p).ExcludeColumn("file").Where("cp.id = ?", id).Where("cp.made_by = ?", person).Where("cp.ends_at > ?", s.now()).Scan(ctx)
	return p, postgres.Wrap(err, "file to print")
}

// PrintFile reads the content of a file that somebody ordered; NotFound until
// it is ready.
func (s *Service) PrintFile(ctx context.Context, person, id uuid.UUID) ([]byte, error) {
	var file []byte
	err := s.db.NewSelect().Model((*Print)(nil)).Column("file").Where("cp.id = ?", id).Where("cp.made_by = ?", person).
		Where("cp.ends_at > ?", s.now()).Where("cp.ready_at IS NOT NULL").Scan(ctx, &file)
	return file, postgres.Wrap(err, "file to print")
}

// PrintDue makes the file that waits longest, and tells whether there was any.
// A worker takes it for a while and says how far it is; if it dies, another
// begins anew when that while is over.
func (s *Service) PrintDue(ctx context.Context) (int, error) {
	p, err := NewStore(s.db).leasePrint(ctx, s.now())
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return 1, s.print(ctx, p)
}

func (s *Store) leasePrint(ctx context.Context, now time.Time) (*Print, error) {
	p := new(Print)
	err := s.db.NewRaw(`
		UPDATE certificate_prints SET leased_until = ?1, done = 0 WHERE id = (
			SELECT id FROM certificate_prints WHERE ready_at IS NULL AND ends_at > ?0 AND (leased_until IS NULL OR leased_until < ?0)
			ORDER BY made_at LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING id, made_at, site, records`, now, now.Add(lease)).Scan(ctx, p)
	return p, postgres.Wrap(err, "take a file to print")
}

// print draws the pages. Records that were erased or taken back since they
// were ordered are left out.
func (s *Service) print(ctx context.Context, p *Print) error {
	var records []*Record
	err := s.db.NewSelect().Model(&records).Where("ce.id IN (?)", bun.List(p.Records)).
		Where("ce.erased_at IS NULL").Where("ce.revoked_at IS NULL").Where("ce.superseded_at IS NULL").
		Scan(ctx)
	if err != nil {
		return postgres.Wrap(err, "records to print")
	}
	page := make(map[uuid.UUID]int, len(p.Records))
	for i, id := range p.Records {
		page[id] = i
	}
	slices.SortFunc(records, func(a, b *Record) int { return page[a.ID] - page[b.ID] })
	for _, r := range records {
		r.tidy()
	}
	sheets, err := NewStore(s.db).sheets(ctx, records, p.Site)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	var failed error
	err = WritePDF(&file, sheets, p.MadeAt, func(pages int) {
		if pages%progressEvery == 0 && failed == nil {
			_, failed = s.db.NewRaw("UPDATE certificate_prints SET done = ?, leased_until = ? WHERE id = ?", pages, s.now().Add(lease), p.ID).Exec(ctx)
		}
	})
	if err != nil || failed != nil {
		return firstOf(err, postgres.Wrap(failed, "say how far a file is"))
	}
	_, err = s.db.NewRaw("UPDATE certificate_prints SET file = ?, ready_at = ?, done = cardinality(records), leased_until = NULL WHERE id = ?", file.Bytes(), s.now(), p.ID).Exec(ctx)
	return postgres.Wrap(err, "keep a file to print")
}

// TidyPrints deletes files whose time is over, and says how many.
func (s *Service) TidyPrints(ctx context.Context) (int64, error) {
	result, err := s.db.NewRaw("DELETE FROM certificate_prints WHERE ends_at <= ?", s.now()).Exec(ctx)
	if err != nil {
		return 0, postgres.Wrap(err, "tidy files to print")
	}
	return result.RowsAffected()
}
