package authoring

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
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
		Slug: s.outline.Slug, Track: s.track(), Skill: s.outline.Skill,
		Title: s.outline.Title, Summary: s.outline.Summary, Minutes: s.outline.Minutes,
		Cover: s.asset(s.outline.Cover), CoverAlt: s.outline.CoverAlt,
		Handout: s.papers["handout.md"], Loudspeaker: s.papers["loudspeaker.md"], Guide: s.papers["guide.md"],
	}
	for _, module := range s.outline.Modules {
		for _, slug := range module.Lessons {
			lesson, id := s.lessons[slug], newID()
			version.Lessons = append(version.Lessons, &course.Lesson{
				ID: id, VersionID: version.ID, Position: len(version.Lessons) + 1,
				Slug: slug, Module: module.Title, Title: lesson.Title, Minutes: lesson.Minutes,
				Picture: s.asset(lesson.Picture), PictureAlt: lesson.PictureAlt,
				Summary: lesson.Summary, Todo: lesson.Do, OnPhone: lesson.OnPhone,
				Digcomp: lesson.Digcomp, Skills: s.skillsOf(slug), HTML: lesson.html,
				Audio: s.sound(slug, ""), Translations: s.translations(id, slug),
			})
		}
		for _, slug := range module.Practices {
			version.Practices = append(version.Practices, &course.Practice{VersionID: version.ID, Scenario: slug, After: len(version.Lessons)})
		}
	}
	return version
}

// Quiz makes the quiz of a version that Version made.
func (s *Source) Quiz(version uuid.UUID) *quiz.Quiz {
	made := &quiz.Quiz{ID: newID(), VersionID: version, PassPercent: s.quiz.PassPercent, Draw: &s.quiz.Draw}
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
			Skills: s.skillsAsked(question),
		})
	}
	return made
}

// skillsOf are the skills that a lesson serves: its own, else the course's.
func (s *Source) skillsOf(lesson string) []course.Skill {
	if own := s.lessons[lesson].Skills; len(own) > 0 {
		return own
	}
	return []course.Skill{s.outline.Skill}
}

// skillsAsked are the skills that a question asks about: its own, else its lesson's.
func (s *Source) skillsAsked(question question) []course.Skill {
	if len(question.Skills) > 0 {
		return question.Skills
	}
	return s.skillsOf(question.Lesson)
}

// Assets lists pictures and sounds; the same under two names is one asset.
func (s *Source) Assets() []*course.Asset {
	byName := map[string]*course.Asset{}
	for file, bytes := range s.media {
		name := s.asset(file)
		byName[name] = &course.Asset{Name: name, Mime: mimes[path.Ext(file)], Bytes: bytes}
	}
	assets := make([]*course.Asset, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		assets = append(assets, byName[name])
	}
	return assets
}

// asset is the name by content of a picture or sound in the folder.
func (s *Source) asset(file string) string { return assetName(file, s.media[file]) }

// assetName is the name by content of a file.
func assetName(file string, bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:8]) + path.Ext(file)
}

var mimes = map[string]string{".svg": "image/svg+xml", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4"}

// newID makes a UUIDv7; it fails only where the machine has no randomness.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
