package audit

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/org"
	"hocso/internal/platform/postgres"
)

// PageOfLines is how many entries one page shows.
const PageOfLines = 50

// Search lists the entries that a reader may see and a filter leaves, the
// newest first; next is the cursor of the following page, "" at the end.
// Entries that are added meanwhile change nothing about the pages that follow.
func (s *Store) Search(ctx context.Context, reach Reach, f Filter) (lines []*Line, next string, err error) {
	lines, err = s.lines(ctx, reach, f, PageOfLines+1)
	if err != nil || len(lines) <= PageOfLines {
		return lines, "", err
	}
	lines = lines[:PageOfLines]
	return lines, cursor(&lines[PageOfLines-1].Entry), nil
}

// lines reads entries with the names that stand in them. The names are people's
// and units' of today, so they belong to nobody's erased record.
func (s *Store) lines(ctx context.Context, reach Reach, f Filter, limit int) ([]*Line, error) {
	entries := f.narrow(reach.holds(s.db.NewSelect().Model((*Entry)(nil)))).OrderExpr("au.at DESC, au.id DESC").Limit(int64(limit))
	if name := org.Fold(f.Person); name != "" {
		named, err := s.named(ctx, name)
		if err != nil {
			return nil, err
		}
		entries = named(entries)
	}
	var lines []*Line
	query := s.db.NewSelect().ColumnExpr("au.*").
		ColumnExpr("coalesce(u.name, '') AS unit_name, coalesce(u.code, '') AS unit_code").TableExpr("(?) AS au", entries).
		Join("LEFT JOIN units AS u ON u.id = au.unit_id").OrderExpr("au.at DESC, au.id DESC")
	for _, who := range []string{"actor", "helper", "subject"} {
		query = query.ColumnExpr("CASE WHEN ?0.erased_at IS NULL THEN ?0.full_name END AS ?1", bun.Ident(who), bun.Ident(who+"_name")).
			Join("LEFT JOIN people AS ?0 ON ?0.id = au.?1", bun.Ident(who), bun.Ident(who+"_id"))
	}
	return lines, postgres.Wrap(query.Scan(ctx, &lines), "search audit log")
}

// rare is up to how many people a name is looked for by their entries; the
// entries of more people are met soon enough going back in time.
const rare = 200

// named is the condition that somebody of a folded name did it, had it done to
// them or helped.
func (s *Store) named(ctx context.Context, name string) (func(*bun.SelectQuery) *bun.SelectQuery, error) {
	var ids []uuid.UUID
	like := "%" + name + "%" // folded: letters, digits and spaces only
	err := s.db.NewRaw("SELECT id FROM people WHERE search LIKE ? LIMIT ?", like, rare+1).Scan(ctx, &ids)
	if err != nil {
		return nil, postgres.Wrap(err, "people by name")
	}
	return func(query *bun.SelectQuery) *bun.SelectQuery {
		switch {
		case len(ids) == 0:
			return query.Where("FALSE")
		case len(ids) > rare:
			return query.Where("EXISTS (SELECT FROM people p WHERE p.id IN (au.actor_id, au.subject_id, au.helper_id) AND p.search LIKE ?)", like)
		}
		return query.Where("(au.actor_id IN (?0) OR au.subject_id IN (?0) OR au.helper_id IN (?0))", bun.List(ids))
	}, nil
}
