package learner

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Merge is two records that turned out to be one person.
type Merge struct {
	bun.BaseModel `bun:"table:person_merges,alias:pm"`

	ID       uuid.UUID `bun:",pk,type:uuid"`
	KeptID   uuid.UUID
	MergedID uuid.UUID
	MadeBy   *uuid.UUID `bun:",type:uuid"`
	MadeAt   time.Time
	Moved    moved `bun:",type:jsonb"`
	UndoneAt *time.Time
	UndoneBy *uuid.UUID `bun:",type:uuid"`

	MergedName  string `bun:",scanonly"`
	MergedGuest bool   `bun:",scanonly"` // who belonged to no unit
}

// Why records can't be merged, or a merge not be taken back, now. All but
// ErrGrading are a fault.Conflict.
var (
	// ErrErasureAsked: merging would take more than they asked for, or less.
	ErrErasureAsked = fault.New(fault.Conflict, "merge: one of them asked to be erased")
	// ErrSuspended: whoever signs in with the other record would be locked out.
	ErrSuspended = fault.New(fault.Conflict, "merge: the record to keep is suspended")
	// ErrLaterMerge: what came later may lie in what came before.
	ErrLaterMerge = fault.New(fault.Conflict, "unmerge: a later merge has to be taken back first")
	// ErrGrading is a fault.Unavailable: it passes in a moment.
	ErrGrading = fault.New(fault.Unavailable, "merge: an attempt is being graded, in a moment it can be moved")
)

// Merge joins the record of merged to that of kept. Nothing is deleted: what
// moved is written down, so that Unmerge can put it back. Where both took a
// course, kept's enrolment takes over lessons and attempts and counts alone.
func (s *Service) Merge(ctx context.Context, kept, mergedID uuid.UUID, by audit.By) (*Merge, error) {
	return s.merge(ctx, kept, mergedID, by, audit.PersonMerge)
}

// Claim is Merge for what a guest did on a device before somebody signed in
// there. A second time changes nothing.
func (s *Service) Claim(ctx context.Context, guest, person uuid.UUID, by audit.By) error {
	_, err := s.merge(ctx, person, guest, by, audit.GuestClaim)
	if fault.Is(err, fault.Conflict) && !errors.Is(err, ErrErasureAsked) {
		return nil // pressed twice, or somebody else's already
	}
	return err
}

func (s *Service) merge(ctx context.Context, keptID, mergedID uuid.UUID, by audit.By, action audit.Action) (*Merge, error) {
	if keptID == mergedID {
		return nil, fault.New(fault.Conflict, "merge a person with themselves")
	}
	merge := &Merge{ID: uuid.Must(uuid.NewV7()), KeptID: keptID, MergedID: mergedID, MadeBy: by.ActorID}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		kept, merged, err := lockBoth(ctx, tx, keptID, mergedID)
		if err != nil {
			return err
		}
		if action == audit.GuestClaim && merged.RegisteredAt != nil || kept.RegisteredAt == nil {
			return fault.New(fault.Conflict, "merge: not a guest into a person")
		}
		if err := mayMerge(ctx, tx, kept, merged); err != nil {
			return err
		}
		merge.MadeAt = s.now() // nothing that either does from here on is in what moves
		touched, err := merge.moveLearning(ctx, tx, kept, merged)
		if err != nil {
			return err
		}
		if err := merge.moveRest(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(merge).Exec(ctx); err != nil {
			return postgres.Wrap(err, "write merge")
		}
		if err := settle(ctx, tx, merge.ID, touched); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, merge.MadeAt, entriesOf(action, kept, merged, audit.Change{Field: "merged", After: mergedID.String()})...)
	})
	if err != nil {
		return nil, err
	}
	s.bell.Ring(course.ProgressBell)
	return merge, nil
}

// lockBoth reads both people and keeps others from merging, erasing or
// suspending them meanwhile, and themselves from learning.
func lockBoth(ctx context.Context, tx bun.Tx, keptID, mergedID uuid.UUID) (kept, merged *identity.Person, err error) {
	var both []*identity.Person
	err = tx.NewSelect().Model(&both).Where("p.id IN (?)", bun.List([]uuid.UUID{keptID, mergedID})).Order("p.id").For("UPDATE").Scan(ctx)
	if err != nil {
		return nil, nil, postgres.Wrap(err, "lock people")
	}
	if len(both) != 2 {
		return nil, nil, fault.New(fault.NotFound, "people to merge")
	}
	if both[0].ID == keptID {
		return both[0], both[1], nil
	}
	return both[1], both[0], nil
}

// mayMerge says why two records can't be merged.
func mayMerge(ctx context.Context, tx bun.Tx, kept, merged *identity.Person) error {
	if kept.MergedInto != nil || merged.MergedInto != nil || kept.ErasedAt != nil || merged.ErasedAt != nil {
		return fault.New(fault.Conflict, "merge: merged or erased before")
	}
	if kept.SuspendedAt != nil {
		return ErrSuspended
	}
	var asked bool
	err := tx.NewRaw("SELECT EXISTS (SELECT FROM data_requests WHERE person_id IN (?0, ?1) AND kind = ?2 AND state = ?3)",
		kept.ID, merged.ID, Erasure, Open).Scan(ctx, &asked)
	if err == nil && asked {
		return ErrErasureAsked
	}
	return postgres.Wrap(err, "requests before a merge")
}

// entriesOf notes a merge or its undoing at both records: each may belong to a
// unit whose log the other's readers do not see. A guest belongs to none.
func entriesOf(action audit.Action, kept, merged *identity.Person, change audit.Change) []*audit.Entry {
	entries := []*audit.Entry{{Action: action, SubjectID: &kept.ID, UnitID: kept.HomeUnitID, Changes: []audit.Change{change}}}
	if merged.RegisteredAt != nil {
		entries = append(entries, &audit.Entry{Action: action, SubjectID: &merged.ID, UnitID: merged.HomeUnitID, Changes: []audit.Change{change}})
	}
	return entries
}

// MergesInto lists the merges into a person that stand, the latest first: the
// order in which they can be taken back.
func (s *Service) MergesInto(ctx context.Context, person uuid.UUID) ([]*Merge, error) {
	var merges []*Merge
	err := s.db.NewSelect().Model(&merges).ColumnExpr("pm.*").ColumnExpr("p.full_name AS merged_name, p.registered_at IS NULL AS merged_guest").
		Join("JOIN people AS p ON p.id = pm.merged_id").
		Where("pm.kept_id = ?", person).Where("pm.undone_at IS NULL").Order("pm.made_at DESC", "pm.id DESC").Scan(ctx)
	return merges, postgres.Wrap(err, "merges")
}
