// Package worldtest builds a small world for tests: a province with two
// communes of two hamlets each, a course of two lessons with a quiz of ten
// questions, and all services over a real database.
package worldtest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/certificate"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/learner"
	"hocso/internal/mastery"
	"hocso/internal/notify"
	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/credential"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/testkit"
	"hocso/internal/practice"
	"hocso/internal/program"
	"hocso/internal/quiz"
	"hocso/internal/roster"
)

// World is everything a test needs.
type World struct {
	DB           *bun.DB
	Redis        *queue.Redis
	Bell         *queue.Bell
	Library      *course.Library
	Courses      *course.Service
	Quiz         *quiz.Service
	Scenarios    *practice.Library
	Practice     *practice.Service
	Mastery      *mastery.Service
	Pilot        *pilot.Service
	Programs     *program.Service
	Notices      *notify.Service
	Certificates *certificate.Service
	Signer       *certificate.Signer // as Site, with a key of its own
	Identity     *identity.Service
	Records      *learner.Service
	Roster       *roster.Service
	Log          *slog.Logger

	Province *org.Unit
	Communes []*org.Unit // two
	Hamlets  []*org.Unit // two of the first commune, then two of the second
	Course   *course.Version
	Check    *quiz.Quiz // every question single, "a" is right
}

// Site is the address under which the world signs.
const Site = "https://hocso.example.vn"

// Slug is the world's course.
const Slug = "dung-internet"

// Questions is how many the quiz has; PassPercent of them are needed.
const (
	Questions   = 10
	PassPercent = 70
)

// New builds the world in a database of the test's own.
func New(t *testing.T) *World {
	t.Helper()
	redis, err := queue.Open(testkit.RedisURL(t))
	must(t, err)
	t.Cleanup(func() { redis.Close() })
	return Build(t, testkit.DB(t), redis)
}

// Build builds the world in a migrated database that the caller brings, for
// tests that need PostgreSQL and Redis to themselves.
func Build(t *testing.T, db *bun.DB, redis *queue.Redis) *World {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	w := &World{DB: db, Redis: redis, Log: log, Bell: queue.NewBell(redis, log)}
	t.Cleanup(w.Bell.Close)
	w.Library = course.NewLibrary(course.NewStore(db))
	w.Courses = course.NewService(db, w.Library, w.Bell, clock.System)
	w.Quiz = quiz.NewService(db, w.Courses, w.Bell, clock.System)
	w.Scenarios = practice.NewLibrary(practice.NewStore(db))
	w.Practice = practice.NewService(db, w.Scenarios, w.Bell, clock.System)
	w.Mastery = mastery.NewService(db, w.Library, w.Quiz, w.Scenarios, clock.System)
	w.Pilot = pilot.NewService(db, w.Library, clock.System)
	w.Programs = program.NewService(db, w.Bell, clock.System)
	w.Certificates = certificate.NewService(db, w.Bell, clock.System)
	w.Notices = notify.NewService(db, w.Bell, notify.Ways{}, clock.System, log)
	w.Identity = identity.NewService(db, clock.System)
	w.Records = learner.NewService(db, w.Bell, clock.System)
	w.Roster = roster.NewService(db, w.Bell, clock.System)
	w.Signer = w.NewSigner(t)
	w.addUnits(t)
	w.addCourse(t)
	w.Publish(t, Scenario, "1", Script())
	return w
}

// NewSigner is Site with another key.
func (w *World) NewSigner(t *testing.T) *certificate.Signer {
	t.Helper()
	key, err := credential.MakeKey(filepath.Join(t.TempDir(), "credential.pem"))
	must(t, err)
	issuer, err := credential.NewIssuer(Site, key)
	must(t, err)
	signer, err := certificate.NewSigner(context.Background(), w.Certificates, issuer)
	must(t, err)
	return signer
}

func (w *World) addUnits(t *testing.T) {
	from := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	unit := func(code, name string, kind org.Kind, parent *org.Unit) *org.Unit {
		u := &org.Unit{ID: ID(), Code: code, Name: name, Kind: kind, ValidFrom: from}
		if parent != nil {
			u.ParentID = &parent.ID
		}
		must(t, org.NewStore(w.DB).Add(context.Background(), []*org.Unit{u}))
		return u
	}
	w.Province = unit("48", "Thành phố Đà Nẵng", org.Province, nil)
	for _, c := range []struct{ code, name string }{{"20242", "Phường Hải Châu"}, {"20944", "Xã Nam Trà My"}} {
		commune := unit(c.code, c.name, org.Commune, w.Province)
		w.Communes = append(w.Communes, commune)
		for i := 1; i <= 2; i++ {
			w.Hamlets = append(w.Hamlets, unit(fmt.Sprintf("%s-%02d", c.code, i), fmt.Sprintf("Thôn %d", i), org.Hamlet, commune))
		}
	}
}

func (w *World) addCourse(t *testing.T) {
	ctx, now := context.Background(), clock.System()
	version := &course.Version{ID: ID(), CourseID: ID(), Number: 1, Checksum: "1", Title: "Dùng Internet", Summary: "Vào mạng.", Minutes: 20, ImportedAt: now}
	models := []any{
		&course.Course{ID: version.CourseID, Slug: Slug, Track: course.Residents, Skill: course.Internet, Position: 1, VersionID: version.ID}, version,
	}
	for i := 1; i <= 2; i++ {
		models = append(models, &course.Lesson{
			ID: ID(), VersionID: version.ID, Position: i, Slug: fmt.Sprintf("bai-%d", i), Module: "Bắt đầu", Title: fmt.Sprintf("Bài %d", i),
			Minutes: 3, Summary: "Nhớ nhé.", Todo: "Thử ngay.", HTML: "<p>Nội dung.</p>", Digcomp: []string{"1.1"}, Skills: []course.Skill{course.Internet},
		})
	}
	check := &quiz.Quiz{ID: ID(), VersionID: version.ID, PassPercent: PassPercent}
	models = append(models, check)
	for i := 1; i <= Questions; i++ {
		models = append(models, &quiz.Question{
			QuizID: check.ID, Key: fmt.Sprintf("cau-%d", i), Position: i, Kind: quiz.Single, Text: "Câu hỏi?", Lesson: "bai-1", Explanation: "Vì thế.",
			Options: []quiz.Option{{Key: "a", Text: "Đúng", Correct: true}, {Key: "b", Text: "Sai"}}, Digcomp: []string{"1.1"}, Skills: []course.Skill{course.Internet},
		})
	}
	must(t, w.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, model := range models {
			if _, err := tx.NewInsert().Model(model).Exec(ctx); err != nil {
				return fmt.Errorf("%T: %w", model, err)
			}
		}
		return nil
	}))
	var err error
	w.Course, err = w.Library.Version(ctx, version.ID)
	must(t, err)
	w.Check, err = quiz.NewStore(w.DB).Quiz(ctx, check.ID)
	must(t, err)
}

// Person adds somebody who lives in a unit and holds the roles at it.
func (w *World) Person(t *testing.T, unit *org.Unit, roles ...identity.Role) *identity.Person {
	t.Helper()
	ctx, now := context.Background(), clock.System()
	person := &identity.Person{ID: ID(), FullName: "Hồ Thị Nguyệt", HomeUnitID: &unit.ID, CreatedAt: now, RegisteredAt: &now}
	must(t, identity.NewStore(w.DB).AddPeople(ctx, person))
	for _, role := range roles {
		must(t, identity.NewStore(w.DB).AddGrants(ctx, &identity.Grant{ID: ID(), PersonID: person.ID, Role: role, UnitID: unit.ID, StartsAt: now}))
	}
	return person
}

// Learner adds a resident of a unit who is enrolled in the course.
func (w *World) Learner(t *testing.T, unit *org.Unit) *identity.Person {
	t.Helper()
	person := w.Person(t, unit, identity.Resident)
	_, err := w.Courses.Enrol(context.Background(), identity.Alone(person.ID, &unit.ID), Slug)
	must(t, err)
	return person
}

// ReadAll finishes every lesson.
func (w *World) ReadAll(t *testing.T, person *identity.Person) {
	t.Helper()
	for _, lesson := range w.Course.Lessons {
		_, err := w.Courses.FinishLesson(context.Background(), Alone(person), Slug, lesson.Slug)
		must(t, err)
	}
}

// Submit begins an attempt and submits it with so many right answers.
func (w *World) Submit(t *testing.T, person *identity.Person, right int) *quiz.Attempt {
	t.Helper()
	attempt, err := w.Quiz.Begin(context.Background(), Alone(person), Slug)
	must(t, err)
	attempt, err = w.Quiz.Submit(context.Background(), Alone(person), attempt.ID, ID(), w.Answers(right))
	must(t, err)
	return attempt
}

// Answers answers every question, so many of them right.
func (w *World) Answers(right int) quiz.Answers {
	answers := quiz.Answers{}
	for i, question := range w.Check.Questions {
		answers[question.Key] = []string{"b"}
		if i < right {
			answers[question.Key] = []string{"a"}
		}
	}
	return answers
}

// Settle grades and rolls up until nothing is left. An event waits while a
// transaction that began before it is open anywhere in the cluster, in another
// test's database too.
func (w *World) Settle(t *testing.T) {
	t.Helper()
	for {
		graded, err := w.Quiz.GradeDue(context.Background(), 100)
		must(t, err)
		rolled, err := w.Pilot.RollUp(context.Background())
		must(t, err)
		behind, err := w.Pilot.Behind(context.Background())
		must(t, err)
		if len(graded)+rolled+behind == 0 {
			return
		}
	}
}

// SignIn begins a session for somebody and gives its token.
func (w *World) SignIn(t *testing.T, person *identity.Person) (token string) {
	t.Helper()
	entry, err := w.Identity.Begin(context.Background(), identity.From{}, person.ID)
	must(t, err)
	return entry.Session
}

// Alone is the person as who does something without help.
func Alone(person *identity.Person) identity.Actor {
	return identity.Alone(person.ID, person.HomeUnitID)
}

// ID makes a new id.
func ID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
