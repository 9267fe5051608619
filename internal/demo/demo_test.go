package demo

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"testing"

	"hocso/content"
	"hocso/internal/authoring"
	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/org"
	"hocso/internal/pilot"
	"hocso/internal/platform/clock"
	"hocso/internal/platform/queue"
	"hocso/internal/platform/testkit"
	"hocso/internal/program"
	"hocso/internal/quiz"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := testkit.DB(t)
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err := authoring.NewService(db).ImportAll(ctx, content.FS, func(string) {}); err != nil {
		t.Fatal(err)
	}
	redis, err := queue.Open(testkit.RedisURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer redis.Close()
	bell := queue.NewBell(redis, slog.Default())
	defer bell.Close()
	loader := Loader{DB: db, Bell: bell, Identity: identity.NewService(db, clock.System), Now: clock.System, Progress: func(string) {}}
	for i, want := range []bool{true, false} { // a second time changes nothing
		if loaded, err := loader.Load(ctx); err != nil || loaded != want {
			t.Fatalf("load %d: %v, %v", i+1, loaded, err)
		}
	}
	figures := pilot.NewService(db, course.NewLibrary(course.NewStore(db)), clock.System)
	if _, err := figures.Recount(ctx); err != nil {
		t.Fatal(err)
	}
	if differences, err := figures.Check(ctx); err != nil || len(differences) > 0 {
		t.Errorf("the made-up history contradicts itself: %v, %v", differences, err)
	}
	if ledger, err := quiz.NewStore(db).Reconcile(ctx); err != nil || ledger.Lost() != 0 || ledger.Doubled() != 0 || ledger.Graded < 300 {
		t.Errorf("ledger %+v, %v", ledger, err)
	}
	people, err := identity.NewStore(db).DemoPeople(ctx)
	if err != nil || len(people) != len(identity.Roles) {
		t.Errorf("one person per role: %+v, %v", people, err)
	}
	communes, err := db.NewSelect().Model((*org.Unit)(nil)).Where("kind = ?", org.Commune).Count(ctx)
	if err != nil || communes < 12 {
		t.Errorf("%d communes, %v", communes, err)
	}
	required := program.NewService(db, bell, clock.System)
	if differ, err := required.Check(ctx); err != nil || len(differ) > 0 {
		t.Errorf("figures of programmes differ from a recount: %q, %v", differ, err)
	}
	var states []program.State
	if err := db.NewRaw("SELECT DISTINCT state FROM program_assignments").Scan(ctx, &states); err != nil || !slices.Contains(states, program.Overdue) || !slices.Contains(states, program.Completed) {
		t.Errorf("people stand at %v, %v", states, err)
	}
	var records, without, early int
	err = db.NewRaw(`SELECT (SELECT count(*) FROM certificates WHERE program_id IS NOT NULL), (SELECT count(*) FROM enrolments e WHERE independent_at IS NOT NULL AND NOT EXISTS (
			SELECT FROM certificates c WHERE c.person_id = e.person_id AND c.course_id = e.course_id)),
		(SELECT count(*) FROM certificates WHERE (issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < completed_on OR issued_at > now())`).Scan(ctx, &records, &without, &early)
	if err != nil || records == 0 || without > 0 || early > 0 {
		t.Errorf("%d records of programmes, %d courses without one, %d issued too early, %v", records, without, early, err)
	}
	var late int
	if err := db.NewRaw("SELECT count(*) FROM progress_events WHERE at > now()").Scan(ctx, &late); err != nil || late > 0 {
		t.Errorf("%d events lie in the future, %v", late, err)
	}
}
