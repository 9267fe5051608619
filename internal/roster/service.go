package roster

import (
	"context"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/shortcode"
)

// WorkBell rings when a worker has something to do for an import.
const WorkBell queue.Kind = "roster:work"

const (
	// slowest is how long reading one file may take.
	slowest = 2 * time.Minute
	// checkBatch is how many rows one transaction checks.
	checkBatch = 2000
)

// Service takes lists of people over.
type Service struct {
	db   *bun.DB
	bell *queue.Bell
	now  clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB, bell *queue.Bell, now clock.Clock) *Service {
	return &Service{db: db, bell: bell, now: now}
}

// Upload is a file that somebody sent.
type Upload struct {
	Unit    *org.Unit
	Kind    Kind
	Mode    Mode
	Name    string // of the file
	Raw     []byte
	Manages []identity.Role // roles that the sender gives and takes at the unit
}

// Begin takes a file in; a worker reads and checks it. The same file for the
// same unit again leads to the import that is under way. What is clearly no
// list is fault.Invalid at once.
func (s *Service) Begin(ctx context.Context, by audit.By, u Upload) (*Import, error) {
	if u.Kind != Residents && u.Kind != Officials || u.Mode != Add && u.Mode != Full {
		return nil, fault.InvalidField("kind", "roster.kind_missing")
	}
	if wrong, ok := IsFileError(Look(u.Raw)); ok {
		return nil, fault.InvalidField("file", string(wrong))
	}
	name := strings.ToValidUTF8(filepath.Base(strings.ReplaceAll(u.Name, `\`, "/")), "")
	if letters := []rune(name); len(letters) > 200 {
		name = string(letters[:200])
	}
	sum := sha256.Sum256(u.Raw)
	i := &Import{
		ID: uuid.Must(uuid.NewV7()), UnitID: u.Unit.ID, Kind: u.Kind, Mode: u.Mode, State: Reading, FileName: name,
		SHA256: sum[:], File: u.Raw, MadeBy: by.ActorID, MadeAt: s.now(), Address: by.Address,
	}
	for _, role := range u.Manages {
		i.Manages = append(i.Manages, string(role))
	}
	result, err := s.db.NewInsert().Model(i).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "take a list in")
	}
	if rows, err := result.RowsAffected(); err != nil || rows > 0 {
		s.bell.Ring(WorkBell)
		return i, err
	}
	known := new(Import)
	err = s.db.NewSelect().Model(known).ExcludeColumn("file").Where("ri.unit_id = ?", u.Unit.ID).Where("ri.kind = ?", u.Kind).
		Where("ri.mode = ?", u.Mode).Where("ri.sha256 = ?", sum[:]).Where("ri.ended_at IS NULL").Scan(ctx)
	return known, postgres.Wrap(err, "the same list under way")
}

// Mend changes a cell of a list that is looked at; a worker checks it again.
func (s *Service) Mend(ctx context.Context, i *Import, row int, field Field, cell string) error {
	if len([]rune(cell)) > maxCell {
		return fault.InvalidField("cell", "roster.cell_long")
	}
	return s.changeReady(ctx, i, func(ctx context.Context, tx bun.Tx, i *Import) error {
		_, err := tx.NewRaw("UPDATE roster_rows SET cells = jsonb_set(cells, ARRAY[?2]::text[], to_jsonb(?3::text)), checked = false WHERE import_id = ?0 AND row = ?1",
			i.ID, row, field, clean(cell)).Exec(ctx)
		if err != nil {
			return postgres.Wrap(err, "mend a cell")
		}
		i.Failure = ""
		return NewStore(tx).setState(ctx, i, Checking, "failure")
	})
}

// Commit has a worker take the list over as a whole. With problems in it, it is
// refused; where many would lose their place, typed has to be their number.
// Twice is once.
func (s *Service) Commit(ctx context.Context, by audit.By, i *Import, typed int) error {
	if i.State == Committing || i.State == Done {
		return nil
	}
	return s.changeReady(ctx, i, func(ctx context.Context, tx bun.Tx, i *Import) error {
		switch {
		case i.Counts.Problem > 0:
			return fault.InvalidField("commit", "roster.has_problems")
		case i.Counts.NeedsNumber() && typed != i.Counts.Heavy():
			return fault.InvalidField("commit", "roster.number_differs")
		}
		i.CommittedBy, i.Address, i.Failure = by.ActorID, by.Address, ""
		return NewStore(tx).setState(ctx, i, Committing, "committed_by", "address", "failure")
	})
}

// Cancel ends an import that was not taken over; its rows are deleted.
func (s *Service) Cancel(ctx context.Context, i *Import) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		locked, err := lock(ctx, tx, i)
		if err != nil || locked.EndedAt != nil || locked.State == Committing {
			return err
		}
		now := s.now()
		locked.EndedAt = &now
		if err := NewStore(tx).dropRows(ctx, locked); err != nil {
			return err
		}
		return NewStore(tx).setState(ctx, locked, Cancelled, "ended_at")
	})
}

// changeReady does something with an import that is ready, and with no other.
func (s *Service) changeReady(ctx context.Context, i *Import, do func(context.Context, bun.Tx, *Import) error) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		locked, err := lock(ctx, tx, i)
		if err != nil {
			return err
		}
		if locked.State != Ready {
			return fault.New(fault.Conflict, "import is "+string(locked.State))
		}
		return do(ctx, tx, locked)
	})
	s.bell.Ring(WorkBell)
	return err
}

func lock(ctx context.Context, tx bun.Tx, i *Import) (*Import, error) {
	locked := new(Import)
	err := tx.NewSelect().Model(locked).ExcludeColumn("file").Where("ri.id = ?", i.ID).For("UPDATE").Scan(ctx)
	return locked, postgres.Wrap(err, "lock import")
}

// WorkDue does the next step for one import that waits for one, and tells
// whether there was any: a file is read in one step, checked in several, taken
// over in one. A worker that dies leaves a step undone, and the next does it.
func (s *Service) WorkDue(ctx context.Context) (int, error) {
	due := new(Import)
	err := s.db.NewSelect().Model(due).Where("ri.state IN (?)", bun.List([]State{Reading, Checking, Committing})).
		Order("ri.made_at").Limit(1).Scan(ctx)
	if err = postgres.Wrap(err, "import that is due"); fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var rows []*Row
	var wrong FileError
	if due.State == Reading { // outside of a transaction: it may take a while
		if rows, wrong, err = s.read(ctx, due); err != nil {
			return 0, err
		}
	}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		state := due.State
		locked, err := lock(ctx, tx, due)
		if err != nil || locked.State != state {
			return err // another worker was faster
		}
		switch locked.State {
		case Reading:
			locked.Layout, locked.Total = due.Layout, due.Total
			return s.keepRows(ctx, tx, locked, rows, wrong)
		case Checking:
			return s.checkRows(ctx, tx, locked)
		}
		return s.commit(ctx, tx, locked)
	})
	return 1, err
}

// read reads the whole file; wrong says why it is no list.
func (s *Service) read(ctx context.Context, i *Import) (rows []*Row, wrong FileError, err error) {
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	err = Read(ctx, i.File, func(layout Layout) error {
		i.Layout = layout
		return nil
	}, func(line Line) error {
		rows = append(rows, &Row{
			ImportID: i.ID, Row: line.Row, Cells: line.Cells, NewID: uuid.Must(uuid.NewV7()), NewCode: shortcode.New(),
			Problems: []Problem{}, Mended: []Problem{}, Clash: []Problem{}, Changes: []string{},
		})
		return nil
	})
	i.Total = len(rows)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, ErrSlow, nil
	}
	if wrong, ok := IsFileError(err); ok {
		return nil, wrong, nil
	}
	return rows, "", err
}

func (s *Service) keepRows(ctx context.Context, tx bun.Tx, i *Import, rows []*Row, wrong FileError) error {
	store := NewStore(tx)
	if wrong != "" {
		now := s.now()
		i.Failure, i.EndedAt = string(wrong), &now
		if err := store.dropRows(ctx, i); err != nil {
			return err
		}
		return store.setState(ctx, i, Failed, "failure", "ended_at")
	}
	for begin := 0; begin < len(rows); begin += 1000 {
		part := rows[begin:min(begin+1000, len(rows))]
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return postgres.Wrap(err, "keep rows")
		}
	}
	if _, err := tx.NewRaw("UPDATE roster_imports SET file = NULL WHERE id = ?", i.ID).Exec(ctx); err != nil {
		return postgres.Wrap(err, "drop file")
	}
	return store.setState(ctx, i, Checking, "layout", "total")
}

// checkRows understands the next rows; after the last it resolves the list.
func (s *Service) checkRows(ctx context.Context, tx bun.Tx, i *Import) error {
	store := NewStore(tx)
	var rows []*Row
	err := tx.NewSelect().Model(&rows).Where("rr.import_id = ?", i.ID).Where("NOT rr.checked").Order("rr.row").Limit(checkBatch).Scan(ctx)
	if err != nil {
		return postgres.Wrap(err, "rows to check")
	}
	if len(rows) == 0 {
		if err := store.resolve(ctx, i); err != nil {
			return err
		}
		i.Checked = i.Total
		return store.setState(ctx, i, Ready, "counts", "checked")
	}
	places, err := placesOf(ctx, tx, i.UnitID)
	if err != nil {
		return err
	}
	rules := Rules{Kind: i.Kind, Places: places, Now: s.now()}
	for _, row := range rows {
		row.take(rules.Check(Line{Row: row.Row, Cells: row.Cells}))
	}
	_, err = tx.NewUpdate().Model(&rows).Bulk().
		Column("checked", "full_name", "search", "birth_year", "phone", "email", "staff_code", "code", "position", "unit_id", "problems", "mended").Exec(ctx)
	if err != nil {
		return postgres.Wrap(err, "keep checked rows")
	}
	i.Checked = min(i.Checked+len(rows), i.Total)
	return store.setState(ctx, i, Checking, "checked")
}

// placesOf reads the units that a list for a unit may name.
func placesOf(ctx context.Context, db bun.IDB, unit uuid.UUID) (*Places, error) {
	var units []*org.Unit
	err := db.NewSelect().Model(&units).Join("JOIN unit_reach AS ur ON ur.unit_id = u.id").
		Where("ur.ancestor_id = ?", unit).Where("u.valid_to IS NULL").Order("ur.depth", "u.code").Scan(ctx)
	if err != nil {
		return nil, postgres.Wrap(err, "units of an import")
	}
	if len(units) == 0 {
		return nil, fault.New(fault.NotFound, "unit of an import")
	}
	return NewPlaces(units[0], units), nil
}
