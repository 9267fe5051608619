package authoring

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"hocso/internal/course"
	"hocso/internal/quiz"
)

// Version makes the course version that the source says, with fresh ids. The
// course it belongs to and its number are given by course.Store.Publish.
func (s *Source) Version(at time.Time) *course.Version {
	version := &course.Version{
		ID: newID(), Checksum: s.checksum, ImportedAt: at,
		Slug: s.outline.Slug, Skill: s.outline.Skill,
		Title: s.outline.Title, Summary: s.outline.Summary, Minutes: s.outline.Minutes,
		Cover: s.asset(s.outline.Cover), CoverAlt: s.outline.CoverAlt,
	}
	for _, module := range s.outline.Modules {
		for _, slug := range module.Lessons {
			lesson := s.lessons[slug]
			version.Lessons = append(version.Lessons, &course.Lesson{
				ID: newID(), VersionID: version.ID, Position: len(version.Lessons) + 1,
				Slug: slug, Module: module.Title, Title: lesson.Title, Minutes: lesson.Minutes,
				Picture: s.asset(lesson.Picture), PictureAlt: lesson.PictureAlt,
				Summary: lesson.Summary, Todo: lesson.Do, OnPhone: lesson.OnPhone,
				Digcomp: lesson.Digcomp, HTML: lesson.html,
			})
		}
	}
	return version
}

// Quiz makes the quiz of a version that Version made.
func (s *Source) Quiz(version uuid.UUID) *quiz.Quiz {
	made := &quiz.Quiz{ID: newID(), VersionID: version, PassPercent: s.quiz.PassPercent}
	for i, question := range s.quiz.Questions {
		options := question.Options
		if question.Type == quiz.Boolean {
			options = []quiz.Option{
				{Key: "true", Text: "Đúng", Correct: *question.Answer},
				{Key: "false", Text: "Sai", Correct: !*question.Answer},
			}
		}
		made.Questions = append(made.Questions, &quiz.Question{
			QuizID: made.ID, Key: question.ID, Position: i + 1, Kind: question.Type, Text: question.Text,
			Options: slices.Clone(options), Explanation: question.Explanation, Lesson: question.Lesson, Digcomp: question.Digcomp,
		})
	}
	return made
}

// Assets lists the pictures; the same picture under two names is one asset.
func (s *Source) Assets() []*course.Asset {
	byName := map[string]*course.Asset{}
	for path, text := range s.pictures {
		name := s.asset(path)
		byName[name] = &course.Asset{Name: name, Mime: "image/svg+xml", Bytes: text}
	}
	assets := make([]*course.Asset, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		assets = append(assets, byName[name])
	}
	return assets
}

// asset is the name by content of a picture in the folder.
func (s *Source) asset(path string) string {
	sum := sha256.Sum256(s.pictures[path])
	return hex.EncodeToString(sum[:8]) + ".svg"
}

// newID makes a UUIDv7; it fails only where the machine has no randomness.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
