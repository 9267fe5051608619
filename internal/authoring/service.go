package authoring

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/platform/clock"
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
	Slug    string
	Title   string
	Number  int // of the version
	Outcome course.Outcome
}

// String says it in a line.
func (i Imported) String() string {
	return fmt.Sprintf("course %s: version %d, %s", i.Slug, i.Number, i.Outcome)
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
	return Imported{Slug: version.Slug, Title: version.Title, Number: version.Number, Outcome: outcome}, nil
}

// ImportAll imports every course that ReadAll finds in fsys. When any of them has a
// problem it imports none, and the error is Problems. Each course is a
// transaction of its own: what came before a failure stays, and importing
// again goes on from there. progress is told of
// each course as it is done.
func (s *Service) ImportAll(ctx context.Context, fsys fs.FS, progress func(string)) error {
	sources, problems := ReadAll(fsys)
	if len(problems) > 0 {
		return problems
	}
	for _, source := range sources {
		imported, err := s.Import(ctx, source)
		if err != nil {
			return err
		}
		progress(imported.String())
	}
	return nil
}
