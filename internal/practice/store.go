package practice

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/platform/postgres"
)

// Store reads and writes scenarios and runs.
type Store struct{ db bun.IDB }

// NewStore makes a store over a database or a transaction.
func NewStore(db bun.IDB) *Store { return &Store{db: db} }

// Publish makes version the current one of its scenario, at position on the
// list. It sets Number, and ID too when a version with the same checksum
// exists: then that one is current again. It must run in a transaction.
func (s *Store) Publish(ctx context.Context, version *Version, position int) (course.Outcome, error) {
	outcome, err := s.publish(ctx, version, position)
	return outcome, postgres.Wrap(err, "publish scenario")
}

func (s *Store) publish(ctx context.Context, version *Version, position int) (course.Outcome, error) {
	// There is no row to lock before the first version: the slug is locked.
	if _, err := s.db.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "scenario:"+version.Slug).Exec(ctx); err != nil {
		return "", err
	}
	current := new(Scenario)
	err := s.db.NewSelect().Model(current).Where("sc.slug = ?", version.Slug).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	var earlier []*Version
	err = s.db.NewSelect().Model(&earlier).Column("id", "number", "checksum").Where("sv.slug = ?", version.Slug).Order("sv.number").Scan(ctx)
	if err != nil {
		return "", err
	}
	outcome := course.Published
	version.Number = len(earlier) + 1
	for _, old := range earlier {
		if old.Checksum == version.Checksum {
			version.ID, version.Number, outcome = old.ID, old.Number, course.Restored
		}
	}
	if current.VersionID == version.ID && current.Position == position {
		return course.Unchanged, nil
	}
	if current.VersionID == version.ID {
		outcome = course.Unchanged
	}
	scenario := &Scenario{Slug: version.Slug, Position: position, VersionID: version.ID}
	if _, err := s.db.NewInsert().Model(scenario).On("CONFLICT (slug) DO UPDATE").
		Set("position = excluded.position, version_id = excluded.version_id").Exec(ctx); err != nil {
		return "", err
	}
	if outcome == course.Published {
		_, err = s.db.NewInsert().Model(version).Exec(ctx)
	}
	return outcome, err
}

// Current lists the ids of the current versions of all scenarios in their order.
func (s *Store) Current(ctx context.Context) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.NewSelect().Model((*Scenario)(nil)).Column("version_id").Order("sc.position", "sc.slug").Scan(ctx, &ids)
	return ids, postgres.Wrap(err, "scenarios")
}

// Version reads any version.
func (s *Store) Version(ctx context.Context, id uuid.UUID) (*Version, error) {
	version := new(Version)
	err := s.db.NewSelect().Model(version).Where("sv.id = ?", id).Scan(ctx)
	return version, postgres.Wrap(err, "scenario version")
}

// Add writes a new run unless there is one with its id.
func (s *Store) Add(ctx context.Context, run *Run) error {
	_, err := s.db.NewInsert().Model(run).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	return postgres.Wrap(err, "add run")
}

// RunOf reads a person's own run; somebody else's is not found.
func (s *Store) RunOf(ctx context.Context, person, id uuid.UUID) (*Run, error) {
	run := new(Run)
	err := s.db.NewSelect().Model(run).Where("pr.id = ?", id).Where("pr.person_id = ?", person).Scan(ctx)
	return run, postgres.Wrap(err, "run")
}

// LockRunOf is RunOf, and keeps others from changing the run until the transaction ends.
func (s *Store) LockRunOf(ctx context.Context, person, id uuid.UUID) (*Run, error) {
	run := new(Run)
	err := s.db.NewSelect().Model(run).Where("pr.id = ?", id).Where("pr.person_id = ?", person).For("UPDATE").Scan(ctx)
	return run, postgres.Wrap(err, "run")
}

// RunsOf lists a person's runs, the latest first, without their steps.
func (s *Store) RunsOf(ctx context.Context, person uuid.UUID) ([]*Run, error) {
	var runs []*Run
	err := s.db.NewSelect().Model(&runs).ExcludeColumn("steps").Where("pr.person_id = ?", person).Order("pr.begun_at DESC").Limit(200).Scan(ctx)
	return runs, postgres.Wrap(err, "runs of a person")
}

// Save writes what a learner's step changes in a locked run.
func (s *Store) Save(ctx context.Context, run *Run) error {
	_, err := s.db.NewUpdate().Model(run).Column("steps", "state", "submitted_at", "support", "helper_id").WherePK().Exec(ctx)
	return postgres.Wrap(err, "save run")
}

// Submit writes the log of a person's own run that is still open; false when
// there is none. The strongest support that it ever had stays.
func (s *Store) Submit(ctx context.Context, by identity.Actor, id uuid.UUID, steps []Step, at time.Time) (submitted bool, err error) {
	log, err := json.Marshal(steps)
	if err != nil {
		return false, err
	}
	result, err := s.db.NewRaw(`
		UPDATE practice_runs SET steps = ?0, state = 'submitted', submitted_at = ?1,
			support = CASE WHEN stronger THEN ?2 ELSE support END, helper_id = CASE WHEN stronger THEN ?3::uuid ELSE helper_id END
		FROM (SELECT array_position(ARRAY['self', 'helped', 'done-for'], ?2) > array_position(ARRAY['self', 'helped', 'done-for'], r.support) AS stronger
			FROM practice_runs r WHERE r.id = ?4) now
		WHERE id = ?4 AND person_id = ?5 AND state = 'open'`, string(log), at, by.Support, by.HelperID, id, by.PersonID).Exec(ctx)
	if err != nil {
		return false, postgres.Wrap(err, "submit run")
	}
	rows, err := result.RowsAffected()
	return rows > 0, postgres.Wrap(err, "submit run")
}

// TakeSubmitted takes up to n runs that wait to be replayed, the oldest first,
// passing over those that another worker has taken, or whose person is being
// merged (see quiz.Store.TakeSubmitted).
func (s *Store) TakeSubmitted(ctx context.Context, n int) ([]*Run, error) {
	var runs []*Run
	err := s.db.NewSelect().Model(&runs).Join("JOIN people AS p ON p.id = pr.person_id").Where("pr.state = ?", Submitted).
		Order("pr.submitted_at").Limit(int64(n)).For("KEY SHARE OF p SKIP LOCKED FOR UPDATE OF pr SKIP LOCKED").Scan(ctx)
	return runs, postgres.Wrap(err, "take submitted runs")
}

// SaveGrades writes what taken runs came to.
func (s *Store) SaveGrades(ctx context.Context, runs []*Run) error {
	_, err := s.db.NewUpdate().Model(&runs).Column("state", "graded_at", "outcome", "hints", "mistakes", "refusal").Bulk().Exec(ctx)
	return postgres.Wrap(err, "save what runs came to")
}

// Waiting tells how many runs wait for a worker and since when the oldest does.
func (s *Store) Waiting(ctx context.Context) (count int, oldest *time.Time, err error) {
	err = s.db.NewRaw("SELECT count(*), min(submitted_at) FROM practice_runs WHERE state = 'submitted'").Scan(ctx, &count, &oldest)
	return count, oldest, postgres.Wrap(err, "waiting runs")
}
