package course

import (
	"context"

	"github.com/uptrace/bun"

	"hocso/internal/platform/postgres"
)

// Terms lists the words of the glossary in the order of the alphabet.
func (s *Store) Terms(ctx context.Context) ([]*Term, error) {
	var terms []*Term
	err := s.db.NewSelect().Model(&terms).OrderExpr(`gt.term COLLATE "vi-x-icu"`).Scan(ctx)
	return terms, postgres.Wrap(err, "glossary")
}

// ReplaceTerms makes the glossary what is given. It must run in a transaction.
func (s *Store) ReplaceTerms(ctx context.Context, terms []*Term) error {
	slugs := make([]string, len(terms))
	for i, term := range terms {
		slugs[i] = term.Slug
	}
	if _, err := s.db.NewDelete().Model((*Term)(nil)).Where("slug NOT IN (?)", bun.List(slugs)).Exec(ctx); err != nil {
		return postgres.Wrap(err, "replace the glossary")
	}
	_, err := s.db.NewInsert().Model(&terms).On("CONFLICT (slug) DO UPDATE").
		Set("term = excluded.term, also = excluded.also, meaning = excluded.meaning, skills = excluded.skills").Exec(ctx)
	return postgres.Wrap(err, "replace the glossary")
}
