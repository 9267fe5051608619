package mastery_test

import (
	"context"
	"testing"
	"time"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/mastery"
	"hocso/internal/platform/fault"
	"hocso/internal/practice"
	"hocso/internal/quiz"
	"hocso/internal/worldtest"
)

var ctx = context.Background()

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// at is the world's mastery as of some days from now.
func at(w *worldtest.World, days int) *mastery.Service {
	return mastery.NewService(w.DB, w.Library, w.Quiz, w.Scenarios, func() time.Time { return time.Now().Add(time.Duration(days) * 24 * time.Hour) })
}

func level(t *testing.T, service *mastery.Service, person *identity.Person, skill course.Skill) mastery.Mastery {
	t.Helper()
	profile, err := service.Profile(ctx, person.ID)
	must(t, err)
	for _, m := range profile.Skills {
		if m.Skill == skill {
			return m
		}
	}
	t.Fatalf("no skill %s", skill)
	return mastery.Mastery{}
}

// TestWhatWasDoneMakesTheProfile: checks and practice make the levels, and
// come back after 7 days, not before.
func TestWhatWasDoneMakesTheProfile(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person := w.Learner(t, w.Hamlets[0])
	if m := level(t, w.Mastery, person, course.Internet); m.Level != mastery.None {
		t.Errorf("at first %+v", m)
	}
	w.Submit(t, person, worldtest.Questions)
	_, err := w.Quiz.GradeDue(ctx, 10)
	must(t, err)
	if m := level(t, w.Mastery, person, course.Internet); m.Level != mastery.Able || m.Items != worldtest.Questions {
		t.Errorf("after the check %+v", m)
	}
	run := w.Run(t, person.ID, "fraud")
	must(t, w.Practice.Submit(ctx, worldtest.Alone(person), run.ID, []practice.Step{{Element: "go"}, {Element: "stop-fraud", Time: 9}}))
	_, err = w.Practice.ReplayDue(ctx, 10)
	must(t, err)
	if m := level(t, w.Mastery, person, course.Payment); m.Runs != 1 || m.Percent != 100 {
		t.Errorf("after practice %+v", m)
	}
	for days, due := range map[int]int{0: 0, 6: 0, 8: 2} {
		profile, err := at(w, days).Profile(ctx, person.ID)
		must(t, err)
		if len(profile.Due) != due {
			t.Errorf("after %d days %d are due, want %d: %+v", days, len(profile.Due), due, profile.Due)
		}
	}
}

// TestSittings: one id is one sitting, somebody else's is not found, and a
// second submission changes nothing.
func TestSittings(t *testing.T) {
	t.Parallel()
	w := worldtest.New(t)
	person, other := w.Person(t, w.Hamlets[0], identity.Resident), w.Person(t, w.Hamlets[0], identity.Resident)
	by, id := worldtest.Alone(person), worldtest.ID()
	sitting, err := w.Mastery.Begin(ctx, by, mastery.Placement, "", id)
	must(t, err)
	if len(sitting.Items) != 8 {
		t.Errorf("%d questions, want 8", len(sitting.Items))
	}
	again, err := w.Mastery.Begin(ctx, by, mastery.Placement, "", id)
	must(t, err)
	if again.Items[0] != sitting.Items[0] {
		t.Error("pressed twice, it is another sitting")
	}
	if _, _, err := w.Mastery.Find(ctx, other.ID, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	answers := quiz.Answers{sitting.Items[0].Name(): {"a"}, sitting.Items[1].Name(): {"b"}, sitting.Items[2].Name(): {"no such option"}, "nothing/here": {"a"}}
	done, err := w.Mastery.Submit(ctx, by, id, answers)
	must(t, err)
	if done.RightAnswers != 1 || len(done.Answers) != 2 || done.SubmittedAt == nil {
		t.Errorf("%+v", done)
	}
	second, err := w.Mastery.Submit(ctx, by, id, quiz.Answers{sitting.Items[1].Name(): {"a"}})
	must(t, err)
	if second.RightAnswers != 1 {
		t.Errorf("a second submission changed it: %+v", second)
	}
	if m := level(t, w.Mastery, person, course.Internet); m.Items != 8 {
		t.Errorf("left open is not known, and counts: %+v", m)
	}
	if _, err := w.Mastery.Begin(ctx, by, mastery.Review, "cooking", worldtest.ID()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a skill that is none: %v", err)
	}
	if _, err := w.Mastery.Begin(ctx, by, mastery.Review, course.Email, worldtest.ID()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a skill that no bank asks about: %v", err)
	}
	review, err := w.Mastery.Begin(ctx, by, mastery.Review, course.Internet, worldtest.ID())
	must(t, err)
	if len(review.Items) != 5 {
		t.Errorf("a repeat of %d questions", len(review.Items))
	}
	for _, item := range review.Items {
		if item == sitting.Items[0] {
			t.Error("what was right comes before what was wrong")
		}
	}
}

func TestPropose(t *testing.T) {
	t.Parallel()
	version := func(slug string, track course.Track, skill course.Skill) *course.Version {
		return &course.Version{Slug: slug, Track: track, Skill: skill}
	}
	shelf := []*course.Version{
		version("net", course.Residents, course.Internet), version("mail", course.Residents, course.Email), version("staff", course.Officials, course.PublicServices),
	}
	now := time.Now()
	done := func(slugs ...string) (all []*course.Progress) {
		for _, slug := range slugs {
			all = append(all, &course.Progress{Version: version(slug, "", ""), Enrolment: &course.Enrolment{CompletedAt: &now}})
		}
		return all
	}
	for name, test := range map[string]struct {
		known map[course.Skill]int
		track course.Track
		done  []*course.Progress
		want  string
	}{
		"nothing known":            {nil, course.Residents, nil, "net"},
		"the least known":          {map[course.Skill]int{course.Internet: 80}, course.Residents, nil, "mail"},
		"the first is completed":   {nil, course.Residents, done("net"), "mail"},
		"staff begin with theirs":  {nil, course.Officials, nil, "staff"},
		"staff go on as residents": {nil, course.Officials, done("staff"), "net"},
		"everything":               {nil, course.Officials, done("staff", "net", "mail"), ""},
	} {
		profile := &mastery.Profile{}
		for skill, percent := range test.known {
			profile.Skills = append(profile.Skills, mastery.Mastery{Skill: skill, Percent: percent, Items: 5})
		}
		got := ""
		if version := profile.Propose(shelf, test.track, test.done); version != nil {
			got = version.Slug
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
