package learner

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/audit"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/fault"
	"hocso/internal/platform/postgres"
)

// Unmerge takes a merge into kept back, the latest first: an earlier one is
// ErrLaterMerge. A second time changes nothing.
//
// What came with the merged record goes back to it as it was, and what was
// done since stays with kept, who did it: lessons finished or done again with
// less help, attempts begun or submitted. Where the course came only with the
// merged record, kept gets an enrolment of their own for that, from the day of
// the first of it. A lesson that the merged record had finished and kept only
// read again was noted nowhere, and stays with nobody but the merged record.
func (s *Service) Unmerge(ctx context.Context, kept, id uuid.UUID, by audit.By) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		merge, err := findMerge(ctx, tx, kept, id)
		if err != nil {
			return err
		}
		person, merged, err := lockBoth(ctx, tx, kept, merge.MergedID)
		if err != nil {
			return err
		}
		// Read again, now that nobody else can take it back.
		if merge, err = findMerge(ctx, tx, kept, id); err != nil || merge.UndoneAt != nil {
			return err // nil when it was pressed twice
		}
		if err := mayUnmerge(ctx, tx, merge, person); err != nil {
			return err
		}
		touched, err := merge.moveBack(ctx, tx, person)
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
		return audit.NewStore(tx).Add(ctx, by, undone,
			entriesOf(audit.PersonUnmerge, person, merged, audit.Change{Field: "merged", Before: merge.MergedID.String()})...)
	})
	if err == nil {
		s.bell.Ring(course.ProgressBell)
	}
	return err
}

func findMerge(ctx context.Context, tx bun.Tx, kept, id uuid.UUID) (*Merge, error) {
	merge := new(Merge)
	err := tx.NewSelect().Model(merge).Where("pm.id = ?", id).Where("pm.kept_id = ?", kept).Scan(ctx)
	return merge, postgres.Wrap(err, "merge")
}

// mayUnmerge says why a merge can't be taken back.
func mayUnmerge(ctx context.Context, tx bun.Tx, merge *Merge, kept *identity.Person) error {
	if kept.MergedInto != nil || kept.ErasedAt != nil {
		return fault.New(fault.Conflict, "unmerge: kept person was merged on or erased")
	}
	var later bool
	err := tx.NewRaw("SELECT EXISTS (SELECT FROM person_merges WHERE kept_id = ?0 AND undone_at IS NULL AND (made_at, id) > (?1, ?2::uuid))",
		merge.KeptID, merge.MadeAt, merge.ID).Scan(ctx, &later)
	if err == nil && later {
		return ErrLaterMerge
	}
	return postgres.Wrap(err, "later merges")
}
