package authoring

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/platform/clock"
	"hocso/internal/practice"
	"hocso/internal/quiz"
)

// Service imports what was written into the database.
type Service struct {
	db  *bun.DB
	now clock.Clock
}

// NewService makes the service.
func NewService(db *bun.DB) *Service { return &Service{db: db, now: clock.System} }

// Imported tells what became of a source.
type Imported struct {
	Kind    string // "course" or "practice"
	Slug    string
	Title   string
	Number  int // of the version
	Outcome course.Outcome
}

// String says it in a line.
func (i Imported) String() string {
	return fmt.Sprintf("%s %s: version %d, %s", i.Kind, i.Slug, i.Number, i.Outcome)
}

// Import makes a source the current version of its course, creating the course
// if it is new, all in one transaction. The same source again changes nothing;
// the source of an older version makes that version current again, for those
// who enrol from now on. Learners keep the version they began with. Two
// imports of a course at once happen one after the other.
func (s *Service) Import(ctx context.Context, source *Source) (Imported, error) {
	version := source.Version(s.now())
	var outcome course.Outcome
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		outcome, err = course.NewStore(tx).Publish(ctx, version, source.Assets())
		if err != nil || outcome != course.Published {
			return err
		}
		return quiz.NewStore(tx).Publish(ctx, source.Quiz(version.ID))
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import %s: %w", source.Slug(), err)
	}
	return Imported{Kind: "course", Slug: version.Slug, Title: version.Title, Number: version.Number, Outcome: outcome}, nil
}

// ImportAll imports everything that ReadAll finds in fsys. When any of it has a
// problem it imports nothing, and the error is Problems. The glossary, each
// practice and each course is a transaction of its own: what came before a
// failure stays, and importing again goes on from there. progress is told of
// each as it is done.
func (s *Service) ImportAll(ctx context.Context, fsys fs.FS, progress func(string)) error {
	shelf, problems := ReadAll(fsys)
	if len(problems) > 0 {
		return problems
	}
	if len(shelf.Glossary) > 0 {
		if err := s.importGlossary(ctx, shelf.Glossary); err != nil {
			return err
		}
		progress(fmt.Sprintf("glossary: %d words", len(shelf.Glossary)))
	}
	for i, source := range shelf.Practices {
		imported, err := s.importPractice(ctx, source, i+1)
		if err != nil {
			return err
		}
		progress(imported.String())
	}
	for _, source := range shelf.Courses {
		imported, err := s.Import(ctx, source)
		if err != nil {
			return err
		}
		progress(imported.String())
	}
	return nil
}

// importGlossary makes the words of the glossary what the file says.
func (s *Service) importGlossary(ctx context.Context, terms []*course.Term) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return course.NewStore(tx).ReplaceTerms(ctx, terms)
	})
}

// importPractice makes a source the current version of its scenario.
func (s *Service) importPractice(ctx context.Context, source *PracticeSource, position int) (Imported, error) {
	version := source.Version(s.now())
	var outcome course.Outcome
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		if outcome, err = practice.NewStore(tx).Publish(ctx, version, position); err != nil {
			return err
		}
		return course.NewStore(tx).AddAssets(ctx, source.Assets())
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import practice %s: %w", source.Slug(), err)
	}
	return Imported{Kind: "practice", Slug: version.Slug, Title: version.Title, Number: version.Number, Outcome: outcome}, nil
}
