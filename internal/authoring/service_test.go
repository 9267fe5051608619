package authoring

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"hocso/internal/course"
	"hocso/internal/platform/testkit"
	"hocso/internal/quiz"
)

// changed is the good course with another word in it.
func changed(t *testing.T, word string) fstest.MapFS {
	t.Helper()
	files := good(t)
	edit("lessons/chon-dat.md", "không khó", word)(t, files)
	return files
}

func mustImport(t *testing.T, service *Service, files fstest.MapFS) Imported {
	t.Helper()
	imported, err := service.Import(t.Context(), mustRead(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return imported
}

// count counts rows of a table.
func count(t *testing.T, db bun.IDB, table string) int {
	t.Helper()
	n, err := db.NewSelect().Table(table).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func current(t *testing.T, db bun.IDB) *course.Version {
	t.Helper()
	store := course.NewStore(db)
	courses, err := store.Courses(t.Context())
	if err != nil || len(courses) != 1 {
		t.Fatalf("%d courses, %v", len(courses), err)
	}
	version, err := store.Version(t.Context(), courses[0].VersionID)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func TestImport(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	first := mustImport(t, service, good(t))
	if first != (Imported{Kind: "course", Slug: goodCourse, Title: "Trồng rau", Number: 1, Outcome: course.Published}) {
		t.Errorf("first import: %+v", first)
	}
	source := mustRead(t, good(t))
	stored := current(t, db)
	want := source.Version(stored.ImportedAt)
	if stored.Number != 1 || stored.Slug != want.Slug || stored.Skill != want.Skill || stored.Checksum != want.Checksum || stored.Cover != want.Cover || len(stored.Lessons) != 5 {
		t.Errorf("stored %+v", stored)
	}
	for i, lesson := range stored.Lessons {
		if lesson.Slug != want.Lessons[i].Slug || lesson.HTML != want.Lessons[i].HTML || strings.Join(lesson.Digcomp, " ") != "1.1 5.2" {
			t.Errorf("lesson %d: %+v", i, lesson)
		}
	}
	asset, err := course.NewStore(db).Asset(t.Context(), stored.Cover)
	if err != nil || string(asset.Bytes) != string(good(t)[goodCourse+"/images/bia.svg"].Data) {
		t.Errorf("cover: %v", err)
	}
	check, err := quiz.NewStore(db).QuizOfVersion(t.Context(), stored.ID)
	if err != nil || check.PassPercent != 70 || len(check.Questions) != 10 || check.Questions[8].Options[0].Text != "Đúng" {
		t.Errorf("quiz %+v, %v", check, err)
	}
}

func TestImportAgain(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	mustImport(t, service, good(t))
	one := current(t, db)
	if again := mustImport(t, service, good(t)); again.Outcome != course.Unchanged || again.Number != 1 {
		t.Errorf("the same again: %+v", again)
	}
	if two := mustImport(t, service, changed(t, "rất dễ")); two.Outcome != course.Published || two.Number != 2 {
		t.Errorf("a change: %+v", two)
	}
	if version := current(t, db); version.Number != 2 || !strings.Contains(version.Lessons[0].HTML, "rất dễ") {
		t.Errorf("current is %d", version.Number)
	}
	if back := mustImport(t, service, good(t)); back.Outcome != course.Restored || back.Number != 1 {
		t.Errorf("the first again: %+v", back)
	}
	if version := current(t, db); version.ID != one.ID {
		t.Error("the first version was not restored but made anew")
	}
	if three := mustImport(t, service, changed(t, "vui")); three.Number != 3 {
		t.Errorf("a change after going back: %+v", three)
	}
	for table, want := range map[string]int{"courses": 1, "course_versions": 3, "lessons": 15, "quizzes": 3, "questions": 30, "assets": 6} {
		if got := count(t, db, table); got != want {
			t.Errorf("%d %s, want %d", got, table, want)
		}
	}
}

// TestImportKeepsLearners: who is in the middle stays in the version they began with.
func TestImportKeepsLearners(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	mustImport(t, service, good(t))
	began := current(t, db)
	unit, person := newID(), newID()
	for _, sql := range []string{
		"INSERT INTO units (id, code, name, kind, valid_from) VALUES (?0, '20944', 'Xã', 'commune', '2025-07-01')",
		"INSERT INTO people (id, full_name, home_unit_id, created_at, registered_at) VALUES (?1, 'A', ?0, now(), now())",
	} {
		if _, err := db.NewRaw(sql, unit, person).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	store := course.NewStore(db)
	_, err := store.AddEnrolment(t.Context(), &course.Enrolment{
		ID: newID(), PersonID: person, UnitID: &unit, CourseID: began.CourseID, VersionID: began.ID, EnrolledAt: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	mustImport(t, service, changed(t, "rất dễ"))
	enrolment, err := store.Enrolment(t.Context(), person, began.CourseID)
	if err != nil || enrolment.VersionID != began.ID {
		t.Fatalf("enrolled in %v, began with %v: %v", enrolment.VersionID, began.ID, err)
	}
	kept, err := store.Version(t.Context(), enrolment.VersionID)
	if err != nil || len(kept.Lessons) != 5 || kept.Lessons[0].HTML != began.Lessons[0].HTML {
		t.Errorf("the kept version changed: %v", err)
	}
}

// TestImportAtOnce: many imports at the same moment are as many one after the other.
func TestImportAtOnce(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	sources := []*Source{mustRead(t, good(t)), mustRead(t, changed(t, "rất dễ"))}
	const rounds = 8
	var group sync.WaitGroup
	outcomes := make([]Imported, rounds*len(sources))
	for i := range outcomes {
		group.Go(func() {
			imported, err := service.Import(t.Context(), sources[i%len(sources)])
			if err != nil {
				t.Error(err)
			}
			outcomes[i] = imported
		})
	}
	group.Wait()
	published := 0
	for _, imported := range outcomes {
		if imported.Outcome == course.Published {
			published++
		}
	}
	if published != 2 || count(t, db, "course_versions") != 2 || count(t, db, "courses") != 1 || count(t, db, "questions") != 20 {
		t.Errorf("%d published: %v", published, outcomes)
	}
}

// TestImportCoursesAtOnce: courses that share pictures do not wait in a circle.
func TestImportCoursesAtOnce(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	var group sync.WaitGroup
	for i := range 8 {
		files := fstest.MapFS{}
		slug := "trong-rau-" + string(rune('a'+i))
		for name, file := range good(t) {
			files[strings.Replace(name, goodCourse, slug, 1)] = &fstest.MapFile{Data: []byte(strings.Replace(string(file.Data), "slug: trong-rau", "slug: "+slug, 1))}
		}
		source, problems := Read(files, slug)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		group.Go(func() {
			if _, err := service.Import(t.Context(), source); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := count(t, db, "courses"); got != 8 {
		t.Errorf("%d courses, want 8", got)
	}
}

// TestImportFails: a failure in the middle leaves nothing behind, and the next import goes through.
func TestImportFails(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	broken := mustRead(t, good(t))
	broken.quiz.PassPercent = 0 // the last but one thing written, which the database refuses
	if _, err := service.Import(t.Context(), broken); err == nil {
		t.Fatal("a broken quiz was imported")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := service.Import(ended, mustRead(t, good(t))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, table := range []string{"courses", "course_versions", "lessons", "assets", "quizzes", "questions"} {
		if got := count(t, db, table); got != 0 {
			t.Errorf("%d %s were left behind", got, table)
		}
	}
	if imported := mustImport(t, service, good(t)); imported.Number != 1 {
		t.Errorf("afterwards: %+v", imported)
	}
}

func TestImportAll(t *testing.T) {
	db := testkit.DB(t)
	service := NewService(db)
	var said []string
	say := func(what string) { said = append(said, what) }

	files := good(t)
	for name, file := range good(t) {
		files["khac/"+strings.TrimPrefix(name, goodCourse+"/")] = file
	}
	var problems Problems
	if err := service.ImportAll(t.Context(), files, say); !errors.As(err, &problems) || len(problems) != 1 {
		t.Errorf("one course of two is wrong: %v", err)
	}
	if got := count(t, db, "courses"); got != 0 || len(said) > 0 {
		t.Errorf("%d courses imported beside a wrong one; said %q", got, said)
	}
	for range 2 {
		if err := service.ImportAll(t.Context(), good(t), say); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := strings.Join(said, "; "), "course trong-rau: version 1, published; course trong-rau: version 1, unchanged"; got != want {
		t.Errorf("said %s, want %s", got, want)
	}
}

// TestPublishPosition: courses stand in the order of the programme's skills.
func TestPublishPosition(t *testing.T) {
	db := testkit.DB(t)
	mustImport(t, NewService(db), good(t))
	files := good(t)
	edit("course.yaml", "skill: internet", "skill: public-services")(t, files)
	mustImport(t, NewService(db), files)
	courses, err := course.NewStore(db).Courses(t.Context())
	if err != nil || len(courses) != 1 || courses[0].Skill != course.PublicServices || courses[0].Position != 5 || courses[0].ID == uuid.Nil {
		t.Errorf("courses %+v, %v", courses, err)
	}
}
