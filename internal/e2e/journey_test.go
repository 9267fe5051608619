package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hocso/internal/course"
	"hocso/internal/identity"
	"hocso/internal/quiz"
)

const (
	firstCourse = "dung-internet"
	commune     = "20944" // where the demonstration's resident and coordinator live
)

// signIn enters as the demonstration's person for a role.
func (p *page) signIn(role identity.Role) {
	p.t.Helper()
	p.open("/sign-in")
	p.click(fmt.Sprintf(`form[action="/demo/sign-in"]:has(input[name=role][value=%q]) button, form[action="/demo/sign-in"] button[name=role][value=%q]`, role, role))
}

// rightAnswers reads from the database what a perfect learner would choose.
func rightAnswers(t *testing.T, s *site) map[string][]string {
	t.Helper()
	courses, err := course.NewStore(s.db).Courses(context.Background())
	must(t, err)
	answers := map[string][]string{}
	for _, c := range courses {
		if c.Slug != firstCourse {
			continue
		}
		check, err := quiz.NewStore(s.db).QuizOfVersion(context.Background(), c.VersionID)
		must(t, err)
		for _, question := range check.Questions {
			for _, option := range question.Options {
				if option.Correct {
					answers[question.Key] = append(answers[question.Key], option.Key)
				}
			}
		}
	}
	return answers
}

// answer ticks the options and submits.
func (p *page) answer(answers map[string][]string) {
	p.t.Helper()
	for key, chosen := range answers {
		for _, option := range chosen {
			eval[bool](p, fmt.Sprintf(`(document.querySelector('input[name="q.%s"][value="%s"]') ?? {}).checked = true`, key, option))
		}
	}
	p.click(`main form[action$="/submit"] button[type=submit]:not([formaction])`)
}

// learnFirstCourse walks from the home page to a graded quiz.
func (p *page) learnFirstCourse(s *site) {
	p.t.Helper()
	p.open("/")
	p.click(`main a[href="/courses/` + firstCourse + `"]`)
	p.click(`form[action="/courses/` + firstCourse + `/enrol"] button`)
	p.learnOn(func() {
		p.sees("Điều cần nhớ", "Làm ngay")
		p.isAccessible()
		p.fits()
	})
	p.click(`main form[action="/courses/` + firstCourse + `/quiz"] button`)
	p.sees("Câu 1")
	p.isAccessible()
	p.answer(rightAnswers(p.t, s))
}

// learnOn goes through the lessons and the practice of the first course to its
// end, and looks at every lesson.
func (p *page) learnOn(look func()) {
	p.t.Helper()
	for step := 1; ; step++ {
		switch {
		case step > 20:
			p.t.Fatal("the lessons do not end")
		case strings.Contains(p.path(), "/lessons/"):
			look()
			p.click(`main form[action$="/finish"] button`)
		case strings.HasPrefix(p.path(), "/practice/"):
			p.click(`main form[action$="/runs"] button`)
			manner := "plain"
			if p.script {
				manner = "touch"
			}
			p.play(manner, []string{"trinh-duyet", "o-tim=trạm y tế Trà Tân", "tim", "xa", "luu"})
			p.sees("Làm lại bài này")
			p.click(`main a.button-primary`)
		default:
			return
		}
	}
}

func TestAResidentLearnsAndTheCommuneSeesIt(t *testing.T) {
	t.Parallel()
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			coordinator := browse(t, s, laptop, true)
			coordinator.signIn(identity.Coordinator)
			coordinator.open("/pilot")
			if coordinator.path() != "/pilot/"+commune {
				t.Fatalf("the coordinator is led to %s", coordinator.path())
			}
			before := figures(t, s)

			resident := browse(t, s, phone, script)
			resident.signIn(identity.Resident)
			resident.learnFirstCourse(s)
			resident.sees("Đã nhận lúc", "mã")
			resident.isAccessible()
			resident.waits(10*time.Second, "the result", func() bool {
				return strings.Contains(resident.text(), "100") && !strings.Contains(resident.text(), "Đang chấm")
			})
			graded := time.Now()
			resident.isAccessible()
			resident.fits()
			resident.open("/me")
			resident.sees("100")

			coordinator.waits(5*time.Second-time.Since(graded), "the figures", func() bool {
				return figures(t, s).Passed == before.Passed+1
			})
			coordinator.open("/pilot/" + commune + "?course=" + firstCourse)
			coordinator.sees(fmt.Sprint(before.Passed + 1))
			if differences, err := s.pilot.Check(context.Background()); err != nil || len(differences) > 0 {
				t.Errorf("figures differ from a recount: %v, %v", differences, err)
			}
		})
	}
}

// TestFiguresAreFreshWithinTwoSeconds measures from the grade to the rollup.
func TestFiguresAreFreshWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	resident := browse(t, s, phone, true)
	resident.signIn(identity.Resident)
	before := figures(t, s)
	resident.learnFirstCourse(s)
	var graded time.Time
	resident.waits(10*time.Second, "the grade", func() bool {
		err := s.db.NewRaw("SELECT max(graded_at) FROM attempts WHERE graded_at > now() - interval '20 seconds'").Scan(context.Background(), &graded)
		return err == nil && !graded.IsZero()
	})
	resident.waits(2*time.Second-time.Since(graded), "the figures within 2 s of the grade", func() bool { return figures(t, s).Graded == before.Graded+1 })
}

func TestNobodySeesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	coordinator := browse(t, s, laptop, true)
	coordinator.signIn(identity.Coordinator)
	for _, path := range []string{"/pilot/20242", "/pilot/48"} {
		coordinator.open(path)
		coordinator.sees("Không tìm thấy")
	}
	coordinator.open("/ops/queue")
	coordinator.isAccessible()
	if strings.Contains(coordinator.text(), "Redis") {
		t.Error("a coordinator reads the operator's page")
	}
}

func TestTheProvinceSortsAndDrillsDown(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	province := browse(t, s, laptop, true)
	province.signIn(identity.ProvinceAdmin)
	province.open("/pilot/48?sort=enrolled&dir=desc")
	first := eval[string](province, `document.querySelector('main table a[href^="/pilot/"]:not([href*="?"])').textContent.trim()`)
	if !strings.Contains(first, "Hải Châu") {
		t.Errorf("most learners are in %q, want Phường Hải Châu", first)
	}
	province.click(`main table a[href^="/pilot/20242"]`)
	province.sees("Phường Hải Châu", "Tổ dân phố 1")
}

func TestADoubleClickAndAStaleTab(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	first := browse(t, s, phone, true)
	first.signIn(identity.Resident)
	first.open("/courses/" + firstCourse)
	first.click(`form[action="/courses/` + firstCourse + `/enrol"] button`)
	first.open("/courses/" + firstCourse + "/lessons/internet-la-gi")
	eval[bool](first, `fetch('/courses/`+firstCourse+`/quiz', {method: 'POST'}).then(r => location.href = r.url).then(() => true) && true`)
	first.waits(5*time.Second, "the quiz", func() bool { return strings.HasPrefix(first.path(), "/attempts/") })
	first.sees("Câu 1")
	attempt := first.path()
	eval[bool](first, `(window.stale = new FormData(document.querySelector('main form[action$="/submit"]'))) && true`)
	first.answer(rightAnswers(t, s))
	first.waits(10*time.Second, "the result", func() bool { return strings.Contains(first.text(), "100") })
	status := eval[int](first, `(() => { const r = new XMLHttpRequest(); r.open('POST', '`+attempt+`/submit', false);
		r.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded'); r.send('submission=0197a6a0-0000-7000-8000-000000000009'); return r.status })()`)
	if status != 200 { // after the redirect
		t.Errorf("the stale tab got %d", status)
	}
	first.open(attempt)
	first.sees("100")
}

func TestMissingAnswersAreSaidBesideTheQuestion(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := browse(t, s, phone, true)
	p.signIn(identity.Resident)
	p.open("/courses/" + firstCourse)
	p.click(`form[action="/courses/` + firstCourse + `/enrol"] button`)
	p.learnOn(func() {})
	p.click(`main form[action="/courses/` + firstCourse + `/quiz"] button`)
	answers := rightAnswers(t, s)
	first := eval[string](p, `document.querySelector('main input[name^="q."]').name.slice(2)`) // of those that were drawn
	delete(answers, first)
	p.answer(answers)
	p.sees("chưa trả lời")
	p.isAccessible()
	p.fits()
	p.answer(rightAnswers(t, s))
	p.sees("Đã nhận lúc")
}

func TestTheOperatorSeesThatNothingIsLost(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	operator := browse(t, s, laptop, true)
	operator.signIn(identity.Operator)
	operator.open("/ops/queue")
	operator.sees("PostgreSQL", "Redis", "Chờ chạy lại")
	operator.isAccessible()
}

// figures are the commune's for the first course.
func figures(t *testing.T, s *site) (counts struct{ Passed, Graded int }) {
	t.Helper()
	err := s.db.NewRaw(`SELECT coalesce(sum(passed), 0) AS passed, coalesce(sum(graded), 0) AS graded
		FROM pilot_totals t JOIN units u ON u.id = t.unit_id JOIN courses c ON c.id = t.course_id
		WHERE u.code = ? AND c.slug = ?`, commune, firstCourse).Scan(context.Background(), &counts)
	must(t, err)
	return counts
}
