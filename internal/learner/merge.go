package learner

import (
	"context"
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

	MergedName string `bun:",scanonly"`
}

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
	if fault.Is(err, fault.Conflict) {
		return nil // pressed twice, or somebody else's already
	}
	return err
}

func (s *Service) merge(ctx context.Context, keptID, mergedID uuid.UUID, by audit.By, action audit.Action) (*Merge, error) {
	if keptID == mergedID {
		return nil, fault.New(fault.Conflict, "merge a person with themselves")
	}
	merge := &Merge{ID: uuid.Must(uuid.NewV7()), KeptID: keptID, MergedID: mergedID, MadeBy: by.ActorID, MadeAt: s.now()}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		kept, merged, err := lockBoth(ctx, tx, keptID, mergedID)
		if err != nil {
			return err
		}
		if action == audit.GuestClaim && merged.RegisteredAt != nil || kept.RegisteredAt == nil {
			return fault.New(fault.Conflict, "merge: not a guest into a person")
		}
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
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: action, SubjectID: &keptID, UnitID: kept.HomeUnitID, Changes: []audit.Change{{Field: "merged", After: mergedID.String()}},
		})
	})
	if err != nil {
		return nil, err
	}
	s.bell.Ring(course.ProgressBell)
	return merge, nil
}

// lockBoth reads both people and keeps others from merging, erasing or
// suspending them meanwhile.
func lockBoth(ctx context.Context, tx bun.Tx, keptID, mergedID uuid.UUID) (kept, merged *identity.Person, err error) {
	var both []*identity.Person
	err = tx.NewSelect().Model(&both).Where("p.id IN (?)", bun.List([]uuid.UUID{keptID, mergedID})).Order("p.id").For("UPDATE").Scan(ctx)
	if err != nil {
		return nil, nil, postgres.Wrap(err, "lock people")
	}
	if len(both) != 2 {
		return nil, nil, fault.New(fault.NotFound, "people to merge")
	}
	kept, merged = both[0], both[1]
	if kept.ID != keptID {
		kept, merged = merged, kept
	}
	if kept.MergedInto != nil || merged.MergedInto != nil || kept.ErasedAt != nil || merged.ErasedAt != nil {
		return nil, nil, fault.New(fault.Conflict, "merge: merged or erased before")
	}
	return kept, merged, nil
}

// Unmerge takes a merge into kept back: what came from the merged record goes back to it;
// what the person did since stays with kept, but for courses that only the
// merged record had, which go back as they are now.
func (s *Service) Unmerge(ctx context.Context, kept, id uuid.UUID, by audit.By) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		merge := new(Merge)
		if err := tx.NewSelect().Model(merge).Where("pm.id = ?", id).Where("pm.kept_id = ?", kept).For("UPDATE").Scan(ctx); err != nil {
			return postgres.Wrap(err, "merge")
		}
		if merge.UndoneAt != nil {
			return nil // pressed twice
		}
		var person identity.Person
		if err := tx.NewSelect().Model(&person).Where("p.id = ?", merge.KeptID).For("UPDATE").Scan(ctx); err != nil {
			return postgres.Wrap(err, "kept person")
		}
		if person.MergedInto != nil || person.ErasedAt != nil {
			return fault.New(fault.Conflict, "unmerge: kept person was merged on or erased")
		}
		touched, err := merge.moveBack(ctx, tx)
		if err != nil {
			return err
		}
		undone := s.now()
		merge.UndoneAt, merge.UndoneBy = &undone, by.ActorID
		if _, err := tx.NewUpdate().Model(merge).Column("undone_at", "undone_by").WherePK().Exec(ctx); err != nil {
			return postgres.Wrap(err, "undo merge")
		}
		if err := settle(ctx, tx, uuid.Must(uuid.NewV7()), touched); err != nil {
			return err
		}
		return audit.NewStore(tx).Add(ctx, by, s.now(), &audit.Entry{
			Action: audit.PersonUnmerge, SubjectID: &merge.KeptID, UnitID: person.HomeUnitID, Changes: []audit.Change{{Field: "merged", Before: merge.MergedID.String()}},
		})
	})
	if err == nil {
		s.bell.Ring(course.ProgressBell)
	}
	return err
}

// MergesInto lists the merges into a person that stand, the latest first.
func (s *Service) MergesInto(ctx context.Context, person uuid.UUID) ([]*Merge, error) {
	var merges []*Merge
	err := s.db.NewSelect().Model(&merges).ColumnExpr("pm.*").ColumnExpr("p.full_name AS merged_name").
		Join("JOIN people AS p ON p.id = pm.merged_id").
		Where("pm.kept_id = ?", person).Where("pm.undone_at IS NULL").Order("pm.made_at DESC").Scan(ctx)
	return merges, postgres.Wrap(err, "merges")
}
