package course

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hocso/internal/platform/postgres"
)

// trackOrder is the order of the tracks on the home page.
var trackOrder = []Track{Residents, Officials, Teams}

// position is the place of a version's course on the home page, from 1: by
// track, then in the order of the six skills.
func (v *Version) position() int {
	return slices.Index(trackOrder, v.Track)*len(Skills) + slices.Index(Skills, v.Skill) + 1
}

// Outcome is what Publish did with a version.
type Outcome string

// The outcomes.
const (
	Published Outcome = "published" // a new version, now the current one
	Restored  Outcome = "restored"  // an older version has the same source; it is current again
	Unchanged Outcome = "unchanged" // the current version has the same source
)

// Publish makes version, with its lessons and pictures, the current one of the
// course named by its Slug, and creates the course if there is none. It sets
// CourseID and Number, and ID too when a version with the same checksum exists:
// then that one is current again (the way back from a bad edit) and nothing
// else is written. It must run in a transaction: until that ends, nobody else
// publishes this course.
func (s *Store) Publish(ctx context.Context, version *Version, pictures []*Asset) (Outcome, error) {
	outcome, err := s.publish(ctx, version, pictures)
	return outcome, postgres.Wrap(err, "publish course version")
}

func (s *Store) publish(ctx context.Context, version *Version, pictures []*Asset) (Outcome, error) {
	// There is no row to lock before the first version: the slug is locked.
	if _, err := s.db.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "course:"+version.Slug).Exec(ctx); err != nil {
		return "", err
	}
	course := new(Course)
	err := s.db.NewSelect().Model(course).Where("c.slug = ?", version.Slug).Scan(ctx)
	isNew := errors.Is(err, sql.ErrNoRows)
	if err != nil && !isNew {
		return "", err
	}
	if isNew {
		course = &Course{ID: uuid.Must(uuid.NewV7()), Slug: version.Slug}
	}
	version.CourseID = course.ID

	outcome, err := s.known(ctx, course, version)
	if err != nil || outcome == Unchanged {
		return outcome, err
	}
	course.Track, course.Skill, course.Position, course.VersionID = version.Track, version.Skill, version.position(), version.ID
	if isNew {
		_, err = s.db.NewInsert().Model(course).Exec(ctx)
	} else {
		_, err = s.db.NewUpdate().Model(course).Column("track", "skill", "position", "version_id").WherePK().Exec(ctx)
	}
	if err != nil || outcome == Restored {
		return outcome, err
	}
	return outcome, s.write(ctx, version, pictures)
}

// known looks for an earlier version with the same checksum and takes over its
// id and number; else the version gets the next number.
func (s *Store) known(ctx context.Context, course *Course, version *Version) (Outcome, error) {
	var earlier []*Version
	err := s.db.NewSelect().Model(&earlier).Column("id", "number", "checksum").
		Where("cv.course_id = ?", course.ID).Order("cv.number").Scan(ctx)
	if err != nil {
		return "", err
	}
	version.Number = 1
	for _, old := range earlier {
		if old.Checksum == version.Checksum {
			version.ID, version.Number = old.ID, old.Number
			if old.ID == course.VersionID {
				return Unchanged, nil
			}
			return Restored, nil
		}
		version.Number = old.Number + 1
	}
	return Published, nil
}

func (s *Store) write(ctx context.Context, version *Version, pictures []*Asset) error {
	if _, err := s.db.NewInsert().Model(version).Exec(ctx); err != nil {
		return err
	}
	if _, err := s.db.NewInsert().Model(&version.Lessons).Exec(ctx); err != nil {
		return err
	}
	if err := s.writeBeside(ctx, version); err != nil {
		return err
	}
	return s.AddAssets(ctx, pictures)
}

// writeBeside writes what stands beside the lessons: their translations, and
// the practices, called as their scenarios are called now.
func (s *Store) writeBeside(ctx context.Context, version *Version) error {
	var translations []*Translation
	for _, lesson := range version.Lessons {
		translations = append(translations, lesson.Translations...)
	}
	if len(translations) > 0 {
		if _, err := s.db.NewInsert().Model(&translations).Exec(ctx); err != nil {
			return err
		}
	}
	for _, practice := range version.Practices {
		result, err := s.db.NewRaw(`
			INSERT INTO course_practices (version_id, scenario, after, title, minutes)
			SELECT ?, sc.slug, ?, sv.title, sv.minutes FROM scenarios sc JOIN scenario_versions sv ON sv.id = sc.version_id WHERE sc.slug = ?`,
			version.ID, practice.After, practice.Scenario).Exec(ctx)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return fmt.Errorf("course %s has the practice %s, which was never imported (%w)", version.Slug, practice.Scenario, err)
		}
	}
	return nil
}

// AddAssets writes pictures and sounds that are not there yet.
func (s *Store) AddAssets(ctx context.Context, pictures []*Asset) error {
	if len(pictures) == 0 {
		return nil
	}
	// Two courses may bring the same pictures at once: in one order for all,
	// they wait for each other and never in a circle.
	slices.SortFunc(pictures, func(a, b *Asset) int { return strings.Compare(a.Name, b.Name) })
	_, err := s.db.NewInsert().Model(&pictures).On("CONFLICT (name) DO NOTHING").Exec(ctx)
	return postgres.Wrap(err, "add assets")
}
